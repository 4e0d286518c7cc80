/** Lists are newest first unless asked otherwise (C-21): ids are in time order, so that is the primary key, descending. */
import 'postgraphile';

export const NewestFirstPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowNewestFirstPlugin',
  version: '1.0.0',
  // It replaces the default that this plugin sets, PRIMARY_KEY_ASC.
  after: ['PgConnectionArgOrderByDefaultValuePlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args_arg(arg, build, { scope }) {
        const { argName, isPgFieldConnection, pgFieldResource } = scope;
        if (argName !== 'orderBy' || !isPgFieldConnection || !pgFieldResource?.codec.attributes) return arg;

        const orderBy = build.getTypeByName(
          build.inflection.orderByType(build.inflection.tableType(pgFieldResource.codec)),
        );
        if (!build.graphql.isEnumType(orderBy)) return arg;

        const newestFirst = orderBy.getValue('PRIMARY_KEY_DESC');
        return newestFirst ? { ...arg, defaultValue: [newestFirst.value] } : arg;
      },
    },
  },
};
