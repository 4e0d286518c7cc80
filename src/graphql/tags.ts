/** What of the schema the API shows, and under which handles. Kept here, so that comments in the database are for people. */
import { jsonPgSmartTags } from 'postgraphile/utils';

export const TagsPlugin = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      'app_public.tasks': {
        tags: {
          // The real key is (owner_id, id). Row-level security fixes the owner, which leaves id unique among what a user can see.
          unique: 'id',
          // app_public.delete_task does it, because `delete` has nowhere to say which version is meant.
          behavior: ['-resource:delete', '-resource:groupedAggregates:having'],
        },
      },
      'app_public.users': {
        tags: {
          // A user can see one user, themselves: `me`, `updateMe` and `deleteMe` are the way there, and their first task makes the record.
          behavior: [
            '-query:resource:list',
            '-query:resource:connection',
            '-query:resource:single',
            '-insert',
            '-update',
            '-delete',
            '-nodeId:resource',
          ],
        },
      },
      'app_public.task_history': {
        tags: {
          // A row is an entry of the history: `taskHistory` is a list of `TaskHistoryEntry`.
          name: 'task_history_entry',
          listField: 'taskHistory',
          behavior: ['-type:node', '-nodeId:resource', '-resource:aggregates', '-resource:groupedAggregates'],
        },
      },
    },
    attribute: {
      // It is the same in every row that a user can see.
      'app_public.tasks.owner_id': { tags: { behavior: ['-attribute:orderBy'] } },
      'app_public.tasks.completed': { tags: { behavior: ['+attribute:groupBy'] } },
      // PostGraphile leaves out orders by enum and by list.
      'app_public.tasks.priority': { tags: { behavior: ['+attribute:orderBy', '+attribute:groupBy'] } },
      'app_public.tasks.tags': { tags: { behavior: ['+attribute:orderBy', '+attribute:groupBy'] } },
      'app_public.tasks.due_at': { tags: { behavior: ['+attribute:groupBy'] } },
      'app_public.tasks.completed_at': { tags: { behavior: ['+attribute:groupBy'] } },
      'app_public.tasks.created_at': { tags: { behavior: ['+attribute:groupBy'] } },
      // Trashing and restoring have operations of their own; a version is named beside the patch, as `ifVersion`.
      'app_public.tasks.deleted_at': { tags: { behavior: ['-attribute:update'] } },
      'app_public.tasks.version': { tags: { behavior: ['-attribute:update'] } },
      'app_public.tasks.words': { tags: { behavior: ['-*'] } },
      // Newest first, or oldest first.
      ...Object.fromEntries(
        ['owner_id', 'id', 'task_id', 'version', 'actor_id', 'request_id', 'address'].map((column) => [
          `app_public.task_history.${column}`,
          { tags: { behavior: ['-attribute:orderBy'] } },
        ]),
      ),
      'app_public.task_ref.id': { tags: { notNull: true } },
      'app_public.task_update.id': { tags: { notNull: true } },
      'app_public.task_update.patch': { tags: { patchOf: 'tasks' } },
      'app_public.task_tally.total': { tags: { notNull: true } },
      'app_public.task_tally.open': { tags: { notNull: true } },
      'app_public.task_tally.completed': { tags: { notNull: true } },
      'app_public.task_tally.overdue': { tags: { notNull: true } },
      'app_public.task_tally.trashed': { tags: { notNull: true } },
    },
    procedure: {
      'app_public.empty_trash': { tags: { resultFieldName: 'deletedCount', notNull: true } },
      'app_public.tasks_overdue': { tags: { notNull: true, behavior: ['+filterBy', '+orderBy', '-aggregate'] } },
      'app_public.users_task_counts': { tags: { notNull: true } },
    },
    constraint: {
      'app_public.tasks.tasks_owner_id_fkey': {
        tags: {
          foreignFieldName: 'tasks',
          // The comment is the rule that the constraint enforces.
          forwardDescription: 'The user whose task it is.',
          backwardDescription: 'The user\u2019s tasks.',
        },
      },
      'app_public.task_history.task_history_pkey': {
        tags: { behavior: ['-single', '-query:resource:single'] },
      },
      'app_public.tasks.tasks_pkey': {
        tags: {
          behavior: ['-single', '-query:resource:single', '-constraint:resource:update', '-constraint:resource:delete'],
        },
      },
    },
  },
});
