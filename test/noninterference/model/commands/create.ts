/** Making a task, with an id of the client's choice or without: it is taken only if it is one's own already. */
import fc from 'fast-check';
import { toRest } from '../client.ts';
import { fields } from '../fields.ts';
import { chosenIds } from '../refs.ts';
import { type Kind, mutation, readTask } from '../step.ts';
import { breaksRule, newTask, recorded, refused, withTasks } from '../transitions.ts';

export const create: Kind = {
  name: 'create',
  weight: 28,
  races: true,
  plans: fc
    .record({ fields, id: fc.option(fc.constantFrom(...chosenIds), { nil: undefined }) })
    .map(({ fields, id }) => (_world, _who, token) => ({
      graphql: mutation('createTask', { task: { id, ...fields } }),
      rest: { method: 'POST', path: '/tasks', body: { id, ...toRest(fields) }, read: readTask },
      transition(person, seen) {
        const writer = recorded(person, token);
        if (!writer) return [person, refused('UNAUTHENTICATED')];
        if (breaksRule(fields)) return [person, refused('VALIDATION_FAILED')];
        if (id !== undefined && person.tasks.has(id)) return [person, refused('CONFLICT', { id })];
        const task = newTask(person, id ?? seen.tasks?.[0]?.id ?? 'a new id', fields);
        return [withTasks(writer, [task]), { tasks: [task] }];
      },
    })),
};
