/** What is done to tasks beyond writing their fields: complete, toggle, replace, trash, restore, delete. C-21, C-25 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

const state = 'task { title description completed completedAt priority dueAt tags deletedAt version }';

async function make(who: typeof alice, task: object): Promise<string> {
  const answer = await who('mutation ($task: TaskInput!) { createTask(input: { task: $task }) { task { id } } }', {
    task,
  });
  return answer.data.createTask.task.id;
}

/** Runs one operation on a task of alice's and gives what it answers of the task. */
async function run(operation: string, id: string, fields = '') {
  const answer = await alice(`mutation ($id: UUID!) { ${operation}(input: { id: $id ${fields} }) { ${state} } }`, {
    id,
  });
  return answer.data[operation].task;
}

test('completing may be repeated: it stays completed since the first time; reopening forgets the time', async () => {
  const id = await make(alice, { title: 'Plant' });

  const first = await run('completeTask', id);
  const again = await run('completeTask', id);
  const reopened = await run('completeTask', id, 'completed: false');

  expect(first.completed).toBe(true);
  expect(again).toEqual({ ...first, version: first.version + 1 });
  expect(reopened).toMatchObject({ completed: false, completedAt: null });
});

test('toggling goes to and fro', async () => {
  const id = await make(alice, { title: 'Plant' });

  expect((await run('toggleTask', id)).completed).toBe(true);
  expect((await run('toggleTask', id)).completed).toBe(false);
});

test('replacing sets what is given, and everything else back to its default', async () => {
  const id = await make(alice, {
    title: 'Old',
    description: 'x',
    priority: 'HIGH',
    dueAt: '2027-01-01T00:00:00Z',
    tags: ['a'],
    completed: true,
  });

  const replaced = await run('replaceTask', id, 'task: { title: " New ", tags: ["b"] }');

  expect(replaced).toEqual({
    title: 'New',
    description: null,
    completed: false,
    completedAt: null,
    priority: 'NORMAL',
    dueAt: null,
    tags: ['b'],
    deletedAt: null,
    version: 2,
  });
});

test('replacing refuses another id', async () => {
  const id = await make(alice, { title: 'Old' });

  const answer = await alice(
    'mutation ($id: UUID!) { replaceTask(input: { id: $id, task: { id: "01890000-0000-7000-8000-000000000000", title: "x" } }) { task { id } } }',
    { id },
  );

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
});

// C-25
test('the trash: out of sight, to be found when asked for, restored, or emptied for good', async () => {
  const carol = api.as('carol');
  const ids = [
    await make(carol, { title: 'Kept' }),
    await make(carol, { title: 'Restored' }),
    await make(carol, { title: 'Gone' }),
  ];
  const lists = `{
    shown: tasks(orderBy: TITLE_ASC) { totalCount nodes { title } }
    trash: tasks(trash: ONLY, orderBy: TITLE_ASC) { totalCount nodes { title deletedAt } }
    all: tasks(trash: INCLUDE) { totalCount }
    me { tasks { totalCount } taskCounts { total trashed } }
  }`;
  const on = (operation: string, id: string) =>
    carol(`mutation ($id: UUID!) { ${operation}(input: { id: $id }) { task { title deletedAt } } }`, { id });

  await on('trashTask', ids[1]!);
  await on('trashTask', ids[2]!);
  const trashed = await carol(lists);
  const byId = await carol('query ($id: UUID!) { task(id: $id) { title deletedAt } }', { id: ids[2] });
  await on('restoreTask', ids[1]!);
  const emptied = await carol('mutation { emptyTrash(input: {}) { deletedCount } }');
  const after = await carol(lists);

  const someTime = expect.any(String) as string;
  expect(trashed.data).toEqual({
    shown: { totalCount: 1, nodes: [{ title: 'Kept' }] },
    trash: {
      totalCount: 2,
      nodes: [
        { title: 'Gone', deletedAt: someTime },
        { title: 'Restored', deletedAt: someTime },
      ],
    },
    all: { totalCount: 3 },
    me: { tasks: { totalCount: 1 }, taskCounts: { total: 1, trashed: 2 } },
  });
  // Who asks for a task by its id has asked for it.
  expect(byId.data.task).toEqual({ title: 'Gone', deletedAt: someTime });
  expect(emptied.data.emptyTrash.deletedCount).toBe(1);
  expect(after.data).toEqual({
    shown: { totalCount: 2, nodes: [{ title: 'Kept' }, { title: 'Restored' }] },
    trash: { totalCount: 0, nodes: [] },
    all: { totalCount: 2 },
    me: { tasks: { totalCount: 2 }, taskCounts: { total: 2, trashed: 0 } },
  });
});

test('trashing and restoring may be repeated, and tell when it was put there first', async () => {
  const id = await make(alice, { title: 'Plant' });

  const first = await run('trashTask', id);
  const again = await run('trashTask', id);

  expect(again.deletedAt).toBe(first.deletedAt);
  expect((await run('restoreTask', id)).deletedAt).toBeNull();
  expect((await run('restoreTask', id)).deletedAt).toBeNull();
});

// C-31
test('emptying the trash empties one’s own', async () => {
  const id = await make(alice, { title: 'Alice’s' });
  await run('trashTask', id);

  const answer = await bob('mutation { emptyTrash(input: {}) { deletedCount } }');

  expect(answer.data.emptyTrash.deletedCount).toBe(0);
  const control = await alice('query ($id: UUID!) { task(id: $id) { title } }', { id });
  expect(control.data.task.title).toBe('Alice’s');
});

test('a task may be deleted for good without the trash', async () => {
  const id = await make(alice, { title: 'Short-lived' });

  expect((await run('deleteTask', id)).title).toBe('Short-lived');
  expect((await alice('query ($id: UUID!) { task(id: $id) { id } }', { id })).data.task).toBeNull();
});
