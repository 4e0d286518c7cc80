/**
 * Lists are newest first unless asked otherwise (C-21), by the time at which the row was made: ids may be chosen by clients, so they tell
 * apart only what was made at the same time.
 */
import type { PgSelectQueryBuilder, PgSelectStep } from 'postgraphile/@dataplan/pg';
import { type FieldArg, lambda } from 'postgraphile/grafast';
import type { GraphQLEnumValue } from 'postgraphile/graphql';
import { EXPORTABLE } from 'postgraphile/utils';

type Order = (query: PgSelectQueryBuilder) => void;

export const NewestFirstPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowNewestFirstPlugin',
  version: '1.0.0',
  // It replaces the default that this plugin sets, PRIMARY_KEY_ASC.
  after: ['PgConnectionArgOrderByDefaultValuePlugin'],
  schema: {
    hooks: {
      // In no order at all is not on offer: pages of such a list would overlap.
      GraphQLEnumType_values(values, build, { scope }) {
        if (!scope.isPgRowSortEnum) return values;
        const { [build.inflection.builtin('NATURAL')]: _natural, ...ordered } = values;
        return ordered;
      },

      GraphQLObjectType_fields_field_args_arg(arg, build, { scope }) {
        const { argName, isPgFieldConnection, pgFieldResource } = scope;
        if (argName !== 'orderBy' || !isPgFieldConnection || !pgFieldResource?.codec.attributes) return arg;

        const orderBy = build.getTypeByName(
          build.inflection.orderByType(build.inflection.tableType(pgFieldResource.codec)),
        );
        if (!build.graphql.isEnumType(orderBy)) return arg;
        const orders = ['CREATED_AT_DESC', 'PRIMARY_KEY_DESC'].flatMap((name) => orderBy.getValue(name) ?? []);
        if (orders.length < 2) return arg;

        const newestFirst = toOrder(orders);
        return {
          ...arg,
          description: 'In which order; newest first when it is absent, null or empty.',
          defaultValue: orders.map(({ value }) => value as unknown),
          // The default value stands in for what is absent; null and the empty list are given, and mean the same.
          applyPlan: EXPORTABLE(
            (isEmpty, lambda, newestFirst) =>
              (_$parent: unknown, $connection: { getSubplan(): PgSelectStep }, given: FieldArg) => {
                const $select = $connection.getSubplan();
                given.apply($select);
                $select.apply(lambda(given.getRaw(), (asked) => (isEmpty(asked) ? newestFirst : undefined)));
              },
            [isEmpty, lambda, newestFirst],
            'applyOrderBy',
          ),
        };
      },
    },
  },
};

const isEmpty = (asked: unknown): boolean => asked == null || (Array.isArray(asked) && asked.length === 0);

const toOrder = (values: readonly GraphQLEnumValue[]): Order =>
  EXPORTABLE(
    (orders) => (query: PgSelectQueryBuilder) => orders.forEach((order) => order(query)),
    [values.map(({ extensions }) => extensions.grafast!.apply as Order)],
  );
