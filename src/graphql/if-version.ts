/**
 * `updateTask(input: { id, ifVersion, patch })`: who has read version 3 says so, and a change of any other is refused with STALE_VERSION
 * (C-27). The update sets the column `version` to it, and a trigger of the database compares (app_private.tg__version).
 */
import 'postgraphile';
import { EXPORTABLE } from 'postgraphile/utils';

export const IfVersionPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowIfVersionPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLInputObjectType_fields(fields, build, { scope, fieldWithHooks }) {
        if (!scope.isPgUpdateInputType || !scope.pgResource?.codec.attributes?.version) return fields;
        const ifVersion = fieldWithHooks({ fieldName: 'ifVersion' }, () => ({
          description: 'The version that was read: if the task has moved on, nothing is changed.',
          type: build.graphql.GraphQLInt,
          apply: EXPORTABLE(
            () => (update: { set(column: string, value: unknown): void }, version: unknown) => {
              // Null is the same as absent.
              if (version != null) update.set('version', version);
            },
            [],
            'applyIfVersion',
          ),
        }));
        return build.extend(fields, { ifVersion }, 'HedgerowIfVersionPlugin');
      },
    },
  },
};
