/**
 * Full-text search (C-23): lists of a table with a column `words` take what a person types into a search box, and can be put into the order of
 * relevance. The search looks through the rows that the policies leave, so it costs what the owner has.
 */
import { type PgCodec, type PgSelectQueryBuilder, type PgSelectStep, TYPES } from 'postgraphile/@dataplan/pg';
import { type FieldArg, lambda } from 'postgraphile/grafast';
import { type SQL, sql } from 'postgraphile/pg-sql2';
import { EXPORTABLE } from 'postgraphile/utils';
import { ApiError } from '../errors.ts';

/** Under which a query keeps what is searched for, until the order is asked for. */
const searched = 'hedgerow.search';

const hasWords = (codec: PgCodec | undefined): boolean => codec?.attributes?.words !== undefined;

const textOrNull = (text: string | null | undefined): string | null => (text?.trim() ? text : null);

export const SearchPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowSearchPlugin',
  version: '1.0.0',
  // The arguments of a field are applied in their order: the order by relevance has to find the search.
  before: ['PgConnectionArgOrderByPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args(args, build, { scope }) {
        if (!scope.isPgFieldConnection || !hasWords(scope.pgFieldResource?.codec)) return args;

        const search = {
          description:
            'Only what has these words in its title or description, in the syntax of web search: `hedge or fence`, `"in this order"`, `-without`. Empty is the same as absent.',
          type: build.graphql.GraphQLString,
          // When the document is planned, not when it runs: orders are planned too, and have to find the search. As a sub-select the text
          // is parsed once, not for each row.
          applyPlan: EXPORTABLE(
            (TYPES, lambda, searched, sql, textOrNull) =>
              (_$parent: unknown, $connection: { getSubplan(): PgSelectStep }, text: FieldArg) => {
                const $select = $connection.getSubplan();
                const asked = $select.placeholder(lambda(text.getRaw(), textOrNull), TYPES.text);
                const search = sql`(select app_hidden.task_search(${asked}))`;
                $select.where(sql`(${asked} is null or ${$select.alias}.words @@ ${search})`);
                $select.setMeta(searched, search);
              },
            [TYPES, lambda, searched, sql, textOrNull],
            'applySearch',
          ),
        };
        return build.extend(args, { search }, 'HedgerowSearchPlugin');
      },

      GraphQLEnumType_values(values, build, { scope }) {
        if (!scope.isPgRowSortEnum || !hasWords(scope.pgCodec)) return values;

        const apply = EXPORTABLE(
          (ApiError, TYPES, searched, sql) => (query: PgSelectQueryBuilder) => {
            // A count of the list has no order, and knows nothing of the search.
            if (query.mode === 'aggregate') return;
            const search = query.getMetaRaw(searched) as SQL | undefined;
            if (!search) throw new ApiError('VALIDATION_FAILED', 'The order RELEVANCE needs a search.');
            query.orderBy({
              fragment: sql`pg_catalog.ts_rank(${query.alias}.words, ${search})`,
              codec: TYPES.float4,
              direction: 'DESC',
              nulls: 'LAST',
            });
          },
          [ApiError, TYPES, searched, sql],
        );
        const RELEVANCE = {
          description: 'What fits `search` best comes first; words of a title weigh more than those of a description.',
          extensions: { grafast: { apply } },
        };
        return build.extend(values, { RELEVANCE }, 'HedgerowSearchPlugin');
      },
    },
  },
};
