/**
 * Words for what has no comment in the database: arguments of functions, what payloads hold, the values of enums. A test says when
 * one is missing.
 */
import 'postgraphile';

/** Arguments of functions, by name: the same name means the same everywhere. */
const argumentDescriptions: Record<string, string> = {
  id: 'The task’s id.',
  ifVersion: 'The version that was read: if the task has moved on, nothing is changed.',
  completed: 'False reopens.',
  name: 'The display name: 1 to 200 characters, white space at its ends not counted.',
  task: 'The task as it is to be.',
  tasks: 'The tasks, at most 100, each once.',
  updates: 'The changes, at most 100, each of another task.',
};

const payloadDescriptions: Record<string, string> = {
  task: 'The task, as it is now or, if it was deleted, as it was.',
  tasks: 'The tasks in the order in which they were named, as they are now or, if they were deleted, as they were.',
  user: 'The user, as they are now or, if they were deleted, as they were.',
  deletedCount: 'How many tasks were deleted.',
};

const valueDescriptions: Record<string, Record<string, string>> = {
  TaskPriority: {
    LOW: 'It can wait.',
    NORMAL: 'What a task is unless it is said to be something else.',
    HIGH: 'Before the others.',
    URGENT: 'Before everything.',
  },
  TaskAction: {
    INSERT: 'It was made.',
    UPDATE: 'It was changed.',
    DELETE: 'It was deleted for good.',
    TRASH: 'It was put into the trash.',
    RESTORE: 'It was taken out of the trash.',
  },
  TaskHistoryEntryOrderBy: {
    PRIMARY_KEY_ASC: 'By the key: owner, then `createdAt`, then `id`, ascending.',
    PRIMARY_KEY_DESC: 'By the key: owner, then `createdAt`, then `id`, descending.',
  },
  TaskGroupBy: {
    COMPLETED: 'By whether they are done: `true` and `false`.',
    PRIORITY: 'By priority, from the least urgent: `low` to `urgent`.',
    TAG: 'By tag; a task counts for each of its tags, and not at all when it has none.',
  },
};

export const DescriptionsPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowDescriptionsPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLInputObjectType_fields_field(field, _build, { scope, Self }) {
        if (field.description || !Self.name.endsWith('Input')) return field;
        return { ...field, description: argumentDescriptions[scope.fieldName] };
      },

      GraphQLObjectType_fields_field(field, _build, { scope, Self }) {
        if (field.description) return field;
        if (scope.fieldName === 'keys' && Self.name.endsWith('Aggregates')) {
          return { ...field, description: 'What the group has in common, as texts, in the order of `groupBy`.' };
        }
        return Self.name.endsWith('Payload') ? { ...field, description: payloadDescriptions[scope.fieldName] } : field;
      },

      GraphQLObjectType_fields_field_args_arg(arg, _build, { scope }) {
        return arg.description ? arg : { ...arg, description: argumentDescriptions[scope.argName] };
      },

      GraphQLObjectType(type, _build, { scope }) {
        return scope.isPgAggregateContainerType
          ? { ...type, description: 'A group of what a list holds: how many there are and what they have in common.' }
          : type;
      },

      GraphQLEnumType_values_value(value, build, { scope, Self }) {
        if (value.description) return value;
        const { valueName } = scope;
        return {
          ...value,
          description: valueDescriptions[Self.name]?.[valueName] ?? orderDescription(build, valueName),
        };
      },
    },
  },
};

/** `DUE_AT_DESC` is by `dueAt`, descending. */
function orderDescription(build: GraphileBuild.Build, valueName: string): string | undefined {
  const [, name, direction] = /^(\w+)_(ASC|DESC)$/.exec(valueName) ?? [];
  if (!name) return undefined;
  const by = name === 'PRIMARY_KEY' ? 'the key: owner, then `id`' : `\`${build.inflection.camelCase(name)}\``;
  return `By ${by}, ${direction === 'ASC' ? 'ascending' : 'descending'}.`;
}
