/**
 * What the types of PostgreSQL cannot say of the API's: that lists hold no nulls, and of which table a `jsonb` is a patch. And the way back:
 * each input field knows its column, so that a refused value can be found in the request (see refused-values.ts).
 */
import type { GraphQLInputType, GraphQLOutputType } from 'postgraphile/graphql';
import 'postgraphile';

declare module 'graphql' {
  interface GraphQLInputObjectTypeExtensions {
    /** The table whose row it describes, wholly or in part. */
    pgTable?: string;
  }
  interface GraphQLInputFieldExtensions {
    pgColumn?: string;
  }
}

export const InputsPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowInputsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLInputObjectType(type, _build, { scope }) {
        if (!scope.isPgRowType) return type;
        return { ...type, extensions: { ...type.extensions, pgTable: scope.pgCodec?.extensions?.pg?.name } };
      },

      GraphQLInputObjectType_fields_field(field, build, { scope }) {
        const patchOf = scope.pgAttribute?.extensions?.tags?.patchOf;
        if (typeof patchOf === 'string') {
          const { codec } = build.pgResources[patchOf]!;
          const patch = build.getGraphQLTypeByPgCodec(codec, 'patch') as GraphQLInputType;
          return { ...field, type: new build.graphql.GraphQLNonNull(patch) };
        }
        const column = Object.entries(scope.pgCodec?.attributes ?? {}).find(([, found]) => found === scope.pgAttribute);
        return {
          ...field,
          type: withPresentItems(build, field.type),
          extensions: { ...field.extensions, pgColumn: column?.[0] },
        };
      },

      // A constraint of the database holds it.
      GraphQLObjectType_fields_field(field, build, { scope }) {
        if (!scope.pgFieldAttribute) return field;
        return { ...field, type: withPresentItems(build, field.type) };
      },
    },
  },
};

/** `[T]` becomes `[T!]`, `[T]!` becomes `[T!]!`; everything else stays. */
function withPresentItems<T extends GraphQLInputType | GraphQLOutputType>(build: GraphileBuild.Build, type: T): T {
  const { GraphQLList, GraphQLNonNull, isListType, isNonNullType } = build.graphql;
  if (isNonNullType(type)) return new GraphQLNonNull(withPresentItems(build, type.ofType)) as T;
  if (!isListType(type) || isNonNullType(type.ofType)) return type;
  return new GraphQLList(new GraphQLNonNull(type.ofType)) as T;
}
