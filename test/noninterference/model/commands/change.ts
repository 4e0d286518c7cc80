/** Changing one task: in part, or as a whole. */
import fc from 'fast-check';
import { toRest } from '../client.ts';
import { fields, patch } from '../fields.ts';
import { pointer, resolve } from '../refs.ts';
import { type Kind, mutation, readTask } from '../step.ts';
import { breaksRule, changed, defaults, type Fields, onOne, type Ref, refused, withTasks } from '../transitions.ts';
import type { Person, Outcome } from '../model.ts';

/** The version is looked at first, then the rules. */
const write = (person: Person, ref: Ref, sent: Fields, set: Fields): [Person, Outcome] =>
  onOne(person, ref, (task) => {
    if (breaksRule(sent)) return [person, refused('VALIDATION_FAILED')];
    const after = changed(task, set);
    return [withTasks(person, [after]), { tasks: [after] }];
  });

export const update: Kind = {
  name: 'update',
  weight: 16,
  races: true,
  plans: fc.record({ pointer, patch }).map(({ pointer, patch }) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('updateTask', { ...ref, patch }),
      rest: {
        method: 'PATCH',
        path: `/tasks/${ref.id}`,
        ifVersion: ref.ifVersion,
        body: toRest(patch),
        read: readTask,
      },
      transition: (person) => write(person, ref, patch, patch),
    };
  }),
};

export const replace: Kind = {
  name: 'replace',
  weight: 8,
  races: true,
  plans: fc.record({ pointer, fields }).map(({ pointer, fields }) => (world, who) => {
    const ref = resolve(world, who, pointer);
    return {
      graphql: mutation('replaceTask', { ...ref, task: fields }),
      rest: { method: 'PUT', path: `/tasks/${ref.id}`, ifVersion: ref.ifVersion, body: toRest(fields), read: readTask },
      transition: (person) => write(person, ref, fields, { ...defaults, ...fields }),
    };
  }),
};
