/**
 * Orders by columns that may be empty: what has no value comes last, in both directions. Spelt out, because the cursors of
 * @dataplan/pg 1.0 take nulls for the other end of the order, and pages lose rows: here no part of an order is ever null.
 */
import { type PgCodec, type PgCodecWithAttributes, type PgSelectQueryBuilder, TYPES } from 'postgraphile/@dataplan/pg';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { EXPORTABLE } from 'postgraphile/utils';

/** What stands in for a value that is not there, among others that are not there either. */
const placeholders = new Map<PgCodec, SQL>([
  [TYPES.text, EXPORTABLE((sql) => sql`''::text`, [sql])],
  [TYPES.timestamptz, EXPORTABLE((sql) => sql`'epoch'::timestamptz`, [sql])],
]);

export const NullsLastPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowNullsLastPlugin',
  version: '1.0.0',
  after: ['PgOrderAllAttributesPlugin'],
  schema: {
    hooks: {
      GraphQLEnumType_values(values, build, { scope }) {
        if (!scope.isPgRowSortEnum || !scope.pgCodec?.attributes) return values;
        const codec = scope.pgCodec as PgCodecWithAttributes;

        const replaced = { ...values };
        for (const [attributeName, attribute] of Object.entries(codec.attributes)) {
          for (const [variant, direction] of [['asc', 'ASC'] as const, ['desc', 'DESC'] as const]) {
            const name = build.inflection.orderByAttributeEnum({ codec, attributeName, variant });
            if (attribute.notNull || !(name in values)) continue;

            const placeholder = placeholders.get(attribute.codec);
            if (!placeholder) throw new Error(`An order by ${attributeName} needs a placeholder for its nulls.`);
            const apply = EXPORTABLE(
              (TYPES, attributeName, codec, direction, placeholder, sql) => (query: PgSelectQueryBuilder) => {
                const value = sql`${query.alias}.${sql.identifier(attributeName)}`;
                query.orderBy({ fragment: sql`(${value} is null)`, codec: TYPES.boolean, direction: 'ASC' });
                query.orderBy({ fragment: sql`coalesce(${value}, ${placeholder})`, codec, direction });
              },
              [TYPES, attributeName, attribute.codec, direction, placeholder, sql],
            );
            replaced[name] = { ...values[name], extensions: { grafast: { apply } } };
          }
        }
        return replaced;
      },
    },
  },
};
