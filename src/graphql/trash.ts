/** Lists leave out what lies in the trash, unless asked for it (C-25). A table has a trash when it has a column `deleted_at`. */
import type { PgCodec, PgSelectQueryBuilder, PgSelectStep } from 'postgraphile/@dataplan/pg';
import type { GraphQLEnumValueConfig } from 'postgraphile/graphql';
import { sql } from 'postgraphile/pg-sql2';
import { EXPORTABLE } from 'postgraphile/utils';

/** What each value asks of `deleted_at`; nothing is asked of it when a list includes everything. */
const conditions = {
  EXCLUDE: EXPORTABLE((sql) => sql`is null`, [sql]),
  ONLY: EXPORTABLE((sql) => sql`is not null`, [sql]),
  INCLUDE: undefined,
};

const descriptions = {
  EXCLUDE: 'Only what is not in the trash.',
  ONLY: 'Only what is in the trash.',
  INCLUDE: 'Both.',
};

const hasTrash = (codec: PgCodec | undefined): boolean => codec?.attributes?.deleted_at !== undefined;

export const TrashPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowTrashPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      init(_, build) {
        const values = Object.entries(conditions).map(([name, condition]): [string, GraphQLEnumValueConfig] => {
          const apply = EXPORTABLE(
            (condition, sql) => (query: PgSelectQueryBuilder) => {
              if (condition) query.where(sql`${query.alias}.deleted_at ${condition}`);
            },
            [condition, sql],
          );
          const description = descriptions[name as keyof typeof descriptions];
          return [name, { description, extensions: { grafast: { apply } } }];
        });
        build.registerEnumType(
          'Trash',
          {},
          () => ({ description: 'Whether a list shows what is in the trash.', values: Object.fromEntries(values) }),
          'HedgerowTrashPlugin',
        );
        return _;
      },

      GraphQLObjectType_fields_field_args(args, build, { scope }) {
        if (!scope.isPgFieldConnection || !hasTrash(scope.pgFieldResource?.codec)) return args;
        const trash = {
          description: 'Whether to list what is in the trash.',
          type: new build.graphql.GraphQLNonNull(build.getInputTypeByName('Trash')),
          defaultValue: 'EXCLUDE',
          applyPlan: EXPORTABLE(
            () => (_$parent: unknown, $connection: { getSubplan(): PgSelectStep }, trash: Applicable) => {
              trash.apply($connection.getSubplan());
            },
            [],
            'applyTrash',
          ),
        };
        return build.extend(args, { trash }, 'HedgerowTrashPlugin');
      },
    },
  },
};

type Applicable = { apply($target: PgSelectStep): void };
