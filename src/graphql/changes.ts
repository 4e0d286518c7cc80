/**
 * The subscription `taskChanged` (C-29). Whose changes it tells comes from the settings of the transaction, which come from the verified token;
 * what it tells is read again in such a transaction, so a change shows no more than a query would.
 */
import { context, get, type GrafastSubscriber, lambda, listen, type Step } from 'postgraphile/grafast';
import { EXPORTABLE, extendSchema, gql } from 'postgraphile/utils';
import type { Change, Changes } from '../database/changes.ts';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the library's types are extended in their namespace
  namespace Grafast {
    interface Context {
      changes: Changes;
    }
  }
}

export const ChangesPlugin = extendSchema((build) => {
  const { tasks } = build.pgResources;
  if (!tasks) throw new Error('There is no table of tasks to subscribe to.');

  return {
    typeDefs: gql`
      """
      What happened to a task.
      """
      enum TaskEvent {
        """
        It is new.
        """
        CREATED
        """
        It is not what it was: changed, completed, trashed, restored.
        """
        UPDATED
        """
        It is gone for good.
        """
        DELETED
      }

      """
      A change of one of the signed-in user’s tasks.
      """
      type TaskChange {
        """
        What happened.
        """
        event: TaskEvent!
        """
        The id of the task.
        """
        id: UUID!
        """
        The task as it is now, which may be later than the change; null when it is gone.
        """
        task: Task
      }

      extend type Subscription {
        """
        Changes of the signed-in user’s tasks, one by one, by whatever way they were made. It tells what happens from now on: subscribe first,
        then read. It ends with the code UNAVAILABLE when changes may have been missed: subscribe and read again.
        """
        taskChanged: TaskChange!
      }
    `,
    enums: {
      TaskEvent: {
        values: { CREATED: { value: 'created' }, UPDATED: { value: 'updated' }, DELETED: { value: 'deleted' } },
      },
    },
    objects: {
      Subscription: {
        plans: {
          taskChanged: {
            subscribePlan: EXPORTABLE(
              (context, get, lambda, listen) => () => {
                const $changes = get(context(), 'changes') as Step as Step<GrafastSubscriber<Record<string, Change>>>;
                const $settings = get(context(), 'pgSettings') as Step<Record<string, string>>;
                return listen(
                  $changes,
                  lambda($settings, (settings) => settings['jwt.claims.sub']!),
                );
              },
              [context, get, lambda, listen],
            ),
            plan: EXPORTABLE(() => ($change: Step) => $change, []),
          },
        },
      },
      TaskChange: {
        plans: {
          event: EXPORTABLE((get) => ($change: Step<Change>) => get($change, 'event'), [get]),
          id: EXPORTABLE((get) => ($change: Step<Change>) => get($change, 'id'), [get]),
          task: EXPORTABLE(
            (get, tasks) => ($change: Step<Change>) => tasks.get({ id: get($change, 'id') }),
            [get, tasks],
          ),
        },
      },
    },
  };
});
