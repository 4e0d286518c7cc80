/** Completing and reopening, which may be repeated, and toggling, which may not. */
import fc from 'fast-check';
import { pointer, resolve } from '../refs.ts';
import { type Kind, mutation, readTask } from '../step.ts';
import { changed, changeOne } from '../transitions.ts';

export const complete: Kind = {
  name: 'complete',
  weight: 10,
  races: true,
  plans: fc.record({ pointer, completed: fc.boolean() }).map(({ pointer, completed }) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('completeTask', { ...ref, completed }),
      rest: {
        method: 'PATCH',
        path: `/tasks/${ref.id}/complete`,
        ifVersion: ref.ifVersion,
        // To complete is what it does without being told.
        ...(!completed && { body: { completed } }),
        read: readTask,
      },
      transition: (person) => changeOne(person, ref, (task) => changed(task, { completed })),
    };
  }),
};

export const toggle: Kind = {
  name: 'toggle',
  weight: 8,
  races: true,
  plans: pointer.map((pointer) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('toggleTask', ref),
      rest: { method: 'PATCH', path: `/tasks/${ref.id}/toggle`, ifVersion: ref.ifVersion, read: readTask },
      transition: (person) => changeOne(person, ref, (task) => changed(task, { completed: !task.completed })),
    };
  }),
};
