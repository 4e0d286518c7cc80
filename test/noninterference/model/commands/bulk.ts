/** Many tasks at once: all of them, or none. Now and then one too many, one twice, one that is somebody else's in the middle. */
import fc from 'fast-check';
import { toRest } from '../client.ts';
import { fields, patch } from '../fields.ts';
import type { Outcome, Person, User, World } from '../model.ts';
import { chosenIds, pointer, type Pointer, resolve } from '../refs.ts';
import { type Kind, mutations, readTasks, type Step, toRestRef } from '../step.ts';
import {
  breaksRule,
  changed,
  changeMany,
  limit,
  newTask,
  onMany,
  recorded,
  type Ref,
  refused,
  restored,
  trashed,
  withoutTasks,
  withTasks,
} from '../transitions.ts';

/** One in a good many is over the limit. */
const many = <Value>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.array(one, { maxLength: 5 }) },
    { weight: 1, arbitrary: one.map((value) => Array<Value>(limit + 1).fill(value)) },
  );

export const createMany: Kind = {
  name: 'create many',
  weight: 12,
  races: true,
  plans: many(fc.record({ fields, id: fc.option(fc.constantFrom(...chosenIds), { nil: undefined }) })).map(
    (given) => (_world, _who, token) => ({
      graphql: mutations('createTasks', { tasks: given.map(({ id, fields }) => ({ id, ...fields })) }),
      rest: {
        method: 'POST',
        path: '/tasks/bulk',
        body: { operation: 'create', tasks: given.map(({ id, fields }) => ({ id, ...toRest(fields) })) },
        read: readTasks,
      },
      transition(person, seen) {
        if (given.length > limit) return [person, refused('VALIDATION_FAILED')];
        const writer = recorded(person, token);
        if (!writer) return [person, refused('UNAUTHENTICATED')];
        if (given.some(({ fields }) => breaksRule(fields))) return [person, refused('VALIDATION_FAILED')];
        const ids = given.flatMap(({ id }) => id ?? []);
        const taken = ids.filter((id, place) => person.tasks.has(id) || ids.indexOf(id) < place);
        if (taken.length > 0) return [person, refused('CONFLICT', { ids: [...new Set(taken)].sort() })];
        const tasks = given.map(({ id, fields }, place) =>
          newTask(person, id ?? seen.tasks?.[place]?.id ?? `a new id ${place}`, fields),
        );
        return [withTasks(writer, tasks), { tasks }];
      },
    }),
  ),
};

export const updateMany: Kind = {
  name: 'update many',
  weight: 6,
  races: true,
  plans: many(fc.record({ pointer, patch })).map((given) => (world, who) => {
    const updates = given.map(({ pointer, patch }) => ({ ...resolve(world, who, pointer), patch }));
    return {
      graphql: mutations('updateTasks', { updates }),
      transition(person) {
        const after = changeMany(person, updates, (task, place) => changed(task, updates[place]!.patch));
        const broken = !after[1].code && updates.some(({ patch }) => breaksRule(patch));
        return broken ? [person, refused('VALIDATION_FAILED')] : after;
      },
    };
  }),
};

export const completeMany: Kind = {
  name: 'complete many',
  weight: 4,
  races: true,
  plans: fc.record({ pointers: many(pointer), completed: fc.boolean() }).map(({ pointers, completed }) =>
    named(pointers, (refs) => ({
      graphql: mutations('completeTasks', { tasks: refs, completed }),
      rest: bulkRest({ operation: 'complete', completed }, refs),
      transition: (person) => changeMany(person, refs, (task) => changed(task, { completed })),
    })),
  ),
};

export const trashMany: Kind = {
  name: 'trash many',
  weight: 4,
  races: true,
  plans: many(pointer).map((pointers) =>
    named(pointers, (refs) => ({
      graphql: mutations('trashTasks', { tasks: refs }),
      rest: bulkRest({ operation: 'delete' }, refs),
      transition: (person) => changeMany(person, refs, trashed),
    })),
  ),
};

export const restoreMany: Kind = {
  name: 'restore many',
  weight: 4,
  races: true,
  plans: many(pointer).map((pointers) =>
    named(pointers, (refs) => ({
      graphql: mutations('restoreTasks', { tasks: refs }),
      transition: (person) => changeMany(person, refs, restored),
    })),
  ),
};

export const removeMany: Kind = {
  name: 'delete many',
  weight: 5,
  races: true,
  plans: many(pointer).map((pointers) =>
    named(pointers, (refs) => ({
      graphql: mutations('deleteTasks', { tasks: refs }),
      rest: bulkRest({ operation: 'delete', permanent: true }, refs),
      transition: (person): [Person, Outcome] =>
        onMany(person, refs, (tasks) => [
          withoutTasks(
            person,
            tasks.map(({ id }) => id),
          ),
          { tasks },
        ]),
    })),
  ),
};

const named = (pointers: Pointer[], step: (refs: Ref[]) => Step) => (world: World, who: User) =>
  step(pointers.map((pointer) => resolve(world, who, pointer)));

const bulkRest = (body: object, refs: Ref[]) => ({
  method: 'POST',
  path: '/tasks/bulk',
  body: { ...body, tasks: refs.map(toRestRef) },
  read: readTasks,
});
