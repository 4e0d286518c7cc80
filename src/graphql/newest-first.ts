/**
 * Lists are newest first unless asked otherwise (C-21), by the time at which the row was made: ids may be chosen by clients, so they tell
 * apart only what was made at the same time.
 */
import 'postgraphile';

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

        const newestFirst = ['CREATED_AT_DESC', 'PRIMARY_KEY_DESC'].map((name) => orderBy.getValue(name));
        if (!newestFirst.every((order) => order)) return arg;
        return { ...arg, defaultValue: newestFirst.map((order) => order?.value as unknown) };
      },
    },
  },
};
