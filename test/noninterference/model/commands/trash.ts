/** Into the trash, out of it, and away for good: one task, or all that is in the trash. */
import fc from 'fast-check';
import { pointer, resolve } from '../refs.ts';
import { type Kind, mutation, readTask } from '../step.ts';
import { changeOne, onOne, restored, trashed, withoutTasks } from '../transitions.ts';

export const trash: Kind = {
  name: 'trash',
  weight: 12,
  races: true,
  plans: pointer.map((pointer) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('trashTask', ref),
      rest: { method: 'DELETE', path: `/tasks/${ref.id}`, ifVersion: ref.ifVersion },
      transition: (person) => changeOne(person, ref, trashed),
    };
  }),
};

export const restore: Kind = {
  name: 'restore',
  weight: 8,
  races: true,
  plans: pointer.map((pointer) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('restoreTask', ref),
      rest: { method: 'POST', path: `/tasks/${ref.id}/restore`, ifVersion: ref.ifVersion, read: readTask },
      transition: (person) => changeOne(person, ref, restored),
    };
  }),
};

export const remove: Kind = {
  name: 'delete',
  weight: 8,
  races: true,
  plans: pointer.map((pointer) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('deleteTask', ref),
      rest: { method: 'DELETE', path: `/tasks/${ref.id}?permanent=true`, ifVersion: ref.ifVersion },
      // Answered as it was.
      transition: (person) => onOne(person, ref, (task) => [withoutTasks(person, [task.id]), { tasks: [task] }]),
    };
  }),
};

export const emptyTrash: Kind = {
  name: 'empty trash',
  weight: 5,
  races: true,
  plans: fc.constant(() => ({
    graphql: {
      document: 'mutation { emptyTrash(input: {}) { deletedCount } }',
      read: (data) => ({ value: data.emptyTrash.deletedCount }),
    },
    transition(person) {
      const ids = [...person.tasks.values()].filter(({ deletedAt }) => deletedAt !== null).map(({ id }) => id);
      return [withoutTasks(person, ids), { value: ids.length }];
    },
  })),
};
