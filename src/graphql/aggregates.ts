/**
 * What can be counted (C-26), on top of @graphile/pg-aggregates: groups by state, priority, day, week and tag, with their size. A group is
 * something that people look at; sums, averages and groups by points in time, titles or ids are left out.
 */
import type { AggregateGroupBySpec } from '@graphile/pg-aggregates';
import type {} from '@graphile/pg-aggregates/dist/InflectionPlugin.js';
import {
  type PgCodecWithAttributes,
  type PgSelectQueryBuilder,
  type PgSelectSingleStep,
  type PgSelectStep,
  TYPES,
} from 'postgraphile/@dataplan/pg';
import { type FieldArg, lambda } from 'postgraphile/grafast';
import type { GraphQLEnumValueConfig } from 'postgraphile/graphql';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { EXPORTABLE } from 'postgraphile/utils';
import { knownTimeZone } from './time.ts';

/** Under which a query keeps the time zone that its days begin in. */
const zone = 'hedgerow.timeZone';

/** Groups by one tag at a time: a task counts for each of its tags. */
const eachTag: AggregateGroupBySpec = {
  id: 'each',
  isSuitableType: EXPORTABLE((TYPES) => (codec) => codec.arrayOfCodec === TYPES.text, [TYPES]),
  sqlWrap: EXPORTABLE((sql) => (texts) => sql`pg_catalog.unnest(${texts})`, [sql]),
  sqlWrapCodec: EXPORTABLE((TYPES) => () => TYPES.text, [TYPES]),
};

export const AggregatesPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowAggregatesPlugin',
  version: '1.0.0',
  after: ['PgAggregatesSpecsPlugin', 'PgAggregatesAddGroupByAggregateEnumValuesForAttributesPlugin'],
  inflection: {
    replace: {
      aggregateGroupByAttributeDerivativeEnum(previous, _options, details) {
        return details.aggregateGroupBySpec === eachTag
          ? this.constantCase(this.singularize(details.attributeName))
          : previous!(details);
      },
    },
  },
  schema: {
    hooks: {
      build(build) {
        build.pgAggregateGroupBySpecs = [eachTag];
        return build;
      },

      GraphQLEnumType_values(values, build, { scope }) {
        const { isPgAggregateGroupEnum, pgTypeResource } = scope;
        if (!isPgAggregateGroupEnum || !pgTypeResource) return values;

        const groups = { ...values };
        const { attributes } = pgTypeResource.codec as PgCodecWithAttributes;
        for (const [attributeName, { codec }] of Object.entries(attributes)) {
          const name = build.inflection.aggregateGroupByAttributeEnum({ resource: pgTypeResource, attributeName });
          if (!(name in values)) continue;
          // A list or a point in time is no group; its items, days and weeks are.
          if (codec.arrayOfCodec || codec === TYPES.timestamptz) delete groups[name];
          if (codec !== TYPES.timestamptz) continue;
          groups[`${name}_DAY`] = byDate(attributeName, 'day', 'By day, in the time zone of `timeZone`.');
          groups[`${name}_WEEK`] = byDate(
            attributeName,
            'week',
            'By the Monday of the week, in the time zone of `timeZone`.',
          );
        }
        return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, inOrder(value)]));
      },

      GraphQLObjectType_fields_field_args(args, build) {
        if (!('groupBy' in args)) return args;
        const timeZone = {
          description: 'In which time zone days begin and end: a name such as `Europe/Berlin`.',
          type: new build.graphql.GraphQLNonNull(build.graphql.GraphQLString),
          defaultValue: 'UTC',
          // When the document is planned: groups are planned too, and have to find it.
          applyPlan: EXPORTABLE(
            (TYPES, knownTimeZone, lambda, zone) => (_$parent: unknown, $groups: PgSelectStep, name: FieldArg) => {
              $groups.setMeta(zone, $groups.placeholder(lambda(name.getRaw(), knownTimeZone), TYPES.text));
            },
            [TYPES, knownTimeZone, lambda, zone],
            'applyTimeZone',
          ),
        };
        // Arguments are applied in their order.
        return { timeZone, ...args };
      },

      GraphQLObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (!scope.isPgAggregateContainerType) return fields;
        const count = fieldWithHooks({ fieldName: 'count' }, () => ({
          description: 'How many there are.',
          type: new build.graphql.GraphQLNonNull(build.graphql.GraphQLInt),
          plan: EXPORTABLE(
            (TYPES, sql) => ($group: PgSelectSingleStep) => $group.select(sql`count(*)`, TYPES.int, true),
            [TYPES, sql],
          ),
        }));
        return build.extend(fields, { count }, 'HedgerowAggregatesPlugin');
      },
    },
  },
};

type GroupBy = (query: PgSelectQueryBuilder) => void;

function byDate(attributeName: string, unit: 'day' | 'week', description: string): GraphQLEnumValueConfig {
  const apply = EXPORTABLE(
    (TYPES, attributeName, sql, unit, zone) => (query: PgSelectQueryBuilder) => {
      const local = sql`${query.alias}.${sql.identifier(attributeName)} at time zone ${query.getMetaRaw(zone) as SQL}`;
      query.groupBy({ fragment: sql`(date_trunc(${sql.literal(unit)}, ${local}))::date`, codec: TYPES.date });
    },
    [TYPES, attributeName, sql, unit, zone],
  );
  return { description, extensions: { grafast: { apply } } };
}

/**
 * Groups come in the order of their keys. PostgreSQL may otherwise hash them, into an order that changes with its statistics, which are made
 * of everybody's rows; and grouped queries of PostGraphile take no `order by`. A condition on distinct values, always true, leaves
 * PostgreSQL only the way of sorting.
 */
function inOrder(value: GraphQLEnumValueConfig): GraphQLEnumValueConfig {
  const groupBy = value.extensions!.grafast!.apply as GroupBy;
  const apply = EXPORTABLE(
    (groupBy, sql) => (query: PgSelectQueryBuilder) => {
      groupBy(query);
      query.having(sql`count(distinct ${query.alias}.id) > 0`);
    },
    [groupBy, sql],
  );
  return { ...value, extensions: { ...value.extensions, grafast: { ...value.extensions!.grafast, apply } } };
}
