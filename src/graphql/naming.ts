/**
 * Names of the API. Columns keep their own (`id` is the column; the global id is `nodeId`), and a row is reached by its `id` alone:
 * `task(id)`, `updateTask(input: {id, patch})`, `deleteTask(input: {id})`. The owner, which is part of every key, is never asked for.
 */
import 'postgraphile';

/** Whether the unique constraint is the made-up one on `id` alone (`@unique id` in tags.ts). */
const isById = (unique: { attributes: readonly string[] }) =>
  unique.attributes.length === 1 && unique.attributes[0] === 'id';

export const NamingPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowNamingPlugin',
  version: '1.0.0',
  before: ['PgSimplifyInflectionPlugin'],
  inflection: {
    add: {
      // NodeAccessorPlugin, which brings this one, is off (preset.ts); PgSimplifyInflectionPlugin warns when it finds nothing to replace.
      nodeById(_options, typeName) {
        return this.camelCase(typeName);
      },
    },
    replace: {
      nodeIdFieldName: () => 'nodeId',
      enumValue(_previous, _options, value) {
        return this.constantCase(value);
      },
      functionMutationResultFieldName(previous, _options, details) {
        // `completeTask { task }`, `completeTasks { tasks }`; a function that returns no row names its result by a tag.
        const { resource, returnGraphQLTypeName } = details;
        if (!resource.codec.attributes) return previous!(details);
        const row = this.camelCase(returnGraphQLTypeName);
        return resource.isUnique ? row : this.pluralize(row);
      },
      _attributeName(_previous, _options, { codec, attributeName }) {
        const tag = codec.attributes[attributeName]?.extensions?.tags?.name;
        return this.coerceToGraphQLName(typeof tag === 'string' ? tag : attributeName);
      },
      rowByUnique(previous, _options, details) {
        return isById(details.unique) ? this.camelCase(this.tableType(details.resource.codec)) : previous!(details);
      },
      updateByKeysField(previous, _options, details) {
        return isById(details.unique)
          ? this.camelCase(`update-${this.tableType(details.resource.codec)}`)
          : previous!(details);
      },
      deleteByKeysField(previous, _options, details) {
        return isById(details.unique)
          ? this.camelCase(`delete-${this.tableType(details.resource.codec)}`)
          : previous!(details);
      },
    },
  },
};

/** A list may have a name of its own (the tag `listField` in tags.ts): the history of tasks is `taskHistory`. */
export const ListNamingPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowListNamingPlugin',
  version: '1.0.0',
  after: ['PgSimplifyInflectionPlugin'],
  inflection: {
    replace: {
      allRowsConnection(previous, _options, resource) {
        const tag = (resource.extensions?.tags as { listField?: unknown } | undefined)?.listField;
        return typeof tag === 'string' ? tag : previous!(resource);
      },
    },
  },
};
