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
        },
      },
      'app_public.users': {
        tags: {
          // A user can see one user, themselves: `me` is the way there, and what writes the record is their first task.
          behavior: [
            '-query:resource:list',
            '-query:resource:connection',
            '-query:resource:single',
            '-insert',
            '-nodeId:resource',
          ],
        },
      },
    },
    constraint: {
      'app_public.tasks.tasks_owner_id_fkey': { tags: { foreignFieldName: 'tasks' } },
      'app_public.tasks.tasks_pkey': {
        tags: {
          behavior: ['-single', '-query:resource:single', '-constraint:resource:update', '-constraint:resource:delete'],
        },
      },
    },
  },
});
