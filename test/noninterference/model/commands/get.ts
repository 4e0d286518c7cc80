/** One task by its id. GraphQL finds it in the trash too; REST does when it is asked to. */
import fc from 'fast-check';
import { fromGraphQL, wire } from '../client.ts';
import { pointer, resolve } from '../refs.ts';
import { type Kind, readTask } from '../step.ts';
import { onOne, refused } from '../transitions.ts';

export const get: Kind = {
  name: 'get',
  weight: 8,
  plans: fc.record({ pointer, trashToo: fc.boolean() }).map(({ pointer, trashToo }) => (world, who) => {
    const { id } = resolve(world, who, pointer);
    return {
      graphql: {
        document: `query ($id: UUID!) { task(id: $id) { ...Wire } } ${wire}`,
        variables: { id },
        // As REST says it, so that both doors are one operation.
        read({ task }) {
          if (task === null || (!trashToo && task.deletedAt !== null)) return { code: 'NOT_FOUND' };
          return { tasks: [fromGraphQL(task)] };
        },
      },
      rest: { method: 'GET', path: `/tasks/${id}${trashToo ? '?deleted=include' : ''}`, read: readTask },
      transition: (person) =>
        onOne(person, { id }, (task) => [
          person,
          !trashToo && task.deletedAt !== null ? refused('NOT_FOUND') : { tasks: [task] },
        ]),
    };
  }),
};
