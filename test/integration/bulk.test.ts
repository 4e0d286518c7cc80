/** Up to a hundred tasks at once: all of them, or none. C-21, C-25, C-27 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

type Task = { id: string; title: string; completed: boolean; version: number; deletedAt: string | null };

const fields = 'tasks { id title completed version deletedAt }';
const create = `mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { ${fields} } }`;
const update = `mutation ($updates: [TaskUpdateInput!]!) { updateTasks(input: { updates: $updates }) { ${fields} } }`;
const on = (operation: string) =>
  `mutation ($tasks: [TaskRefInput!]!) { ${operation}(input: { tasks: $tasks }) { ${fields} } }`;

async function make(who: typeof alice, ...titles: string[]): Promise<Task[]> {
  const answer = await who(create, { tasks: titles.map((title) => ({ title })) });
  return answer.data.createTasks.tasks;
}

/** All that alice has, trash and all. */
async function all(): Promise<Task[]> {
  const answer = await alice(
    '{ tasks(first: 100, trash: INCLUDE, orderBy: TITLE_ASC) { nodes { id title completed version deletedAt } } }',
  );
  return answer.data.tasks.nodes;
}

const refs = (tasks: Task[]) => tasks.map(({ id, version }) => ({ id, ifVersion: version }));

beforeEach(() => api.database.admin.query('delete from app_public.tasks'));

test('a hundred are made, in the order in which they were given', async () => {
  const titles = Array.from({ length: 100 }, (_, number) => `Task ${number}`);

  const made = await make(alice, ...titles);

  expect(made.map(({ title }) => title)).toEqual(titles);
  expect(await all()).toHaveLength(100);
});

const tooMany = Array.from({ length: 101 }, () => ({ id: crypto.randomUUID() }));
const overTheLimit: [string, string, object][] = [
  ['createTasks', create, { tasks: tooMany.map(({ id }) => ({ id, title: 'x' })) }],
  ['updateTasks', update, { updates: tooMany.map(({ id }) => ({ id, patch: {} })) }],
  ['completeTasks', on('completeTasks'), { tasks: tooMany }],
  ['trashTasks', on('trashTasks'), { tasks: tooMany }],
  ['restoreTasks', on('restoreTasks'), { tasks: tooMany }],
  ['deleteTasks', on('deleteTasks'), { tasks: tooMany }],
];

test.each(overTheLimit)('a hundred and one are too many: %s', async (_name, document, variables) => {
  const answer = await alice(document, variables);

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
  expect(answer.errors![0]!).toMatchObject({
    message: 'At most 100 tasks at once: these are 101.',
    extensions: { details: { limit: { max: 100 } } },
  });
  expect(await all()).toEqual([]);
});

test('one that breaks a rule takes the others along, and is found', async () => {
  const answer = await alice(create, { tasks: [{ title: 'Good' }, { title: ' ' }, { title: 'x', tags: ['a', 'a'] }] });

  expect(answer.errors![0]!.extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    details: [
      { field: 'input.tasks.1.title', rule: 'length', limit: { min: 1, max: 200 } },
      { field: 'input.tasks.2.tags', rule: 'distinct' },
    ],
  });
  expect(await all()).toEqual([]);
});

test('one id that is taken takes the others along, and is named', async () => {
  const [taken] = await make(alice, 'There');

  const answer = await alice(create, { tasks: [{ title: 'New' }, { id: taken!.id, title: 'Again' }] });

  expect(answer.errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', details: { ids: [taken!.id] } });
  expect(await all()).toEqual([taken]);
});

test('an id that is given twice is taken', async () => {
  const id = crypto.randomUUID();

  const answer = await alice(create, {
    tasks: [
      { id, title: 'One' },
      { id, title: 'Two' },
    ],
  });

  expect(answer.errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', details: { ids: [id] } });
  expect(await all()).toEqual([]);
});

test('each update has its own patch: what it names is set, also to null, and the rest stays', async () => {
  const made = await alice(create, {
    tasks: [
      { title: 'One', description: 'kept', dueAt: '2027-01-01T00:00:00Z' },
      { title: 'Two', priority: 'HIGH' },
    ],
  });
  const [one, two] = made.data.createTasks.tasks;

  const answer = await alice(
    `mutation ($updates: [TaskUpdateInput!]!) {
      updateTasks(input: { updates: $updates }) { tasks { title description dueAt priority tags version } }
    }`,
    {
      updates: [
        { id: two.id, patch: { title: ' Zwei ', tags: ['x'] } },
        { id: one.id, ifVersion: 1, patch: { dueAt: null, priority: 'URGENT' } },
      ],
    },
  );

  expect(answer.data.updateTasks.tasks).toEqual([
    { title: 'Zwei', description: null, dueAt: null, priority: 'HIGH', tags: ['x'], version: 2 },
    { title: 'One', description: 'kept', dueAt: null, priority: 'URGENT', tags: [], version: 2 },
  ]);
});

test('completing, reopening, trashing, restoring and deleting many', async () => {
  const made = await make(alice, 'One', 'Two', 'Three');
  const two = made.slice(0, 2);
  await make(alice, 'Untouched');

  const completed = await alice(on('completeTasks'), { tasks: refs(two) });
  const reopened = await alice(
    `mutation ($tasks: [TaskRefInput!]!) { completeTasks(input: { tasks: $tasks, completed: false }) { ${fields} } }`,
    { tasks: refs(completed.data.completeTasks.tasks) },
  );
  const trashed = await alice(on('trashTasks'), { tasks: refs(reopened.data.completeTasks.tasks) });
  const restored = await alice(on('restoreTasks'), { tasks: refs(trashed.data.trashTasks.tasks) });
  const deleted = await alice(on('deleteTasks'), { tasks: refs(restored.data.restoreTasks.tasks) });

  expect(completed.data.completeTasks.tasks).toMatchObject([
    { title: 'One', completed: true },
    { title: 'Two', completed: true },
  ]);
  expect(reopened.data.completeTasks.tasks).toMatchObject([{ completed: false }, { completed: false }]);
  expect(trashed.data.trashTasks.tasks).toMatchObject([
    { deletedAt: expect.any(String) },
    { deletedAt: expect.any(String) },
  ]);
  expect(restored.data.restoreTasks.tasks).toMatchObject([{ deletedAt: null }, { deletedAt: null }]);
  expect(deleted.data.deleteTasks.tasks).toMatchObject([{ title: 'One' }, { title: 'Two' }]);
  expect((await all()).map(({ title }) => title)).toEqual(['Three', 'Untouched']);
});

// C-27, C-31, C-32
describe('all or nothing', () => {
  const bulk = ['completeTasks', 'trashTasks', 'restoreTasks', 'deleteTasks'].map(
    (operation) => [operation, on(operation)] as const,
  );

  test.each(bulk)('%s: one that is stale', async (_name, document) => {
    const made = await make(alice, 'One', 'Two');

    const answer = await alice(document, { tasks: [{ id: made[0]!.id }, { id: made[1]!.id, ifVersion: 9 }] });

    expect(answer.errors![0]!.extensions).toMatchObject({
      code: 'STALE_VERSION',
      details: { id: made[1]!.id, version: 1 },
    });
    expect(await all()).toEqual(made);
  });

  test.each(bulk)('%s: one that is somebody else’s', async (_name, document) => {
    const [mine] = await make(alice, 'Mine');
    const [theirs] = await make(bob, 'Theirs');

    const answer = await alice(document, { tasks: [{ id: mine!.id }, { id: theirs!.id, ifVersion: 9 }] });

    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'NOT_FOUND', details: { ids: [theirs!.id] } });
    expect(await all()).toEqual([mine]);
    const control = await bob('query ($id: UUID!) { task(id: $id) { title version deletedAt } }', { id: theirs!.id });
    expect(control.data.task).toEqual({ title: 'Theirs', version: 1, deletedAt: null });
  });

  test.each(bulk)('%s: one that is named twice', async (_name, document) => {
    const [mine] = await make(alice, 'Mine');

    const answer = await alice(document, { tasks: [{ id: mine!.id }, { id: mine!.id }] });

    expect(codeOf(answer)).toBe('VALIDATION_FAILED');
    expect(await all()).toEqual([mine]);
  });

  test('updateTasks: one patch that breaks a rule', async () => {
    const made = await make(alice, 'One', 'Two');

    const answer = await alice(update, {
      updates: [
        { id: made[0]!.id, patch: { title: 'Changed' } },
        { id: made[1]!.id, patch: { title: null } },
      ],
    });

    expect(answer.errors![0]!.extensions).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ field: 'input.updates.1.patch.title', rule: 'required' }],
    });
    expect(await all()).toEqual(made);
  });

  test('two who change the same hundred in opposite orders both succeed', async () => {
    const made = await make(alice, ...Array.from({ length: 100 }, (_, number) => `Task ${number}`));
    const toggle = (tasks: Task[]) => alice(on('completeTasks'), { tasks: tasks.map(({ id }) => ({ id })) });

    const answers = await Promise.all([
      toggle(made),
      toggle(made.toReversed()),
      toggle(made),
      toggle(made.toReversed()),
    ]);

    expect(answers.flatMap((answer) => codeOf(answer) ?? [])).toEqual([]);
    expect(new Set((await all()).map(({ version }) => version))).toEqual(new Set([5]));
  });
});
