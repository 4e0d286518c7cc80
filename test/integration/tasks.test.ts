/** The life of a task through HTTP, by two people. */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

const createTask = `mutation ($title: String!, $description: String) {
  createTask(input: { task: { title: $title, description: $description } }) {
    task {
      id ownerId title description completed completedAt priority dueAt tags overdue deletedAt version createdAt updatedAt
    }
  }
}`;
const createFrom = `mutation ($task: TaskInput!) {
  createTask(input: { task: $task }) { task { id title completed completedAt priority dueAt tags version } }
}`;

async function make(who: typeof alice, title: string): Promise<string> {
  const answer = await who(createTask, { title });
  return answer.data.createTask.task.id;
}

// C-20, C-28, C-34
test('a new task has the fields that its maker gave it, defaults for the rest, and its maker as owner', async () => {
  const answer = await alice(createTask, { title: 'Plant a hedge', description: 'Hawthorn' });

  expect(answer.data.createTask.task).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ownerId: 'alice',
    title: 'Plant a hedge',
    description: 'Hawthorn',
    completed: false,
    completedAt: null,
    priority: 'NORMAL',
    dueAt: null,
    tags: [],
    overdue: false,
    deletedAt: null,
    version: 1,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
});

// C-28
test('a task has a priority, a due date and tags, when its maker says so', async () => {
  const answer = await alice(createFrom, {
    task: {
      title: 'Plant',
      priority: 'URGENT',
      dueAt: '2027-03-01T10:30:00.5+01:00',
      tags: [' garden ', 'spring'],
      completed: true,
    },
  });

  const { task } = answer.data.createTask;
  expect(task).toMatchObject({ priority: 'URGENT', tags: ['garden', 'spring'], completed: true });
  expect(Date.parse(task.dueAt)).toBe(Date.parse('2027-03-01T09:30:00.5Z'));
  expect(Math.abs(Date.parse(task.completedAt) - Date.now())).toBeLessThan(60_000);
});

// C-28
test.each([
  ['a time without a zone', 'dueAt', '2027-03-01T10:30:00', 'VALIDATION_FAILED'],
  ['a word for a time', 'dueAt', 'tomorrow', 'VALIDATION_FAILED'],
  ['a priority that there is not', 'priority', 'HIGHEST', 'VALIDATION_FAILED'],
  ['21 tags', 'tags', Array.from({ length: 21 }, (_, index) => `tag ${index}`), 'VALIDATION_FAILED'],
  ['a tag of 41 characters', 'tags', ['x'.repeat(41)], 'VALIDATION_FAILED'],
  ['an empty tag', 'tags', ['garden', ' '], 'VALIDATION_FAILED'],
  ['a tag twice', 'tags', ['garden', ' garden'], 'VALIDATION_FAILED'],
  ['null as a tag', 'tags', [null], 'VALIDATION_FAILED'],
  ['a description of 20,001 characters', 'description', 'x'.repeat(20_001), 'VALIDATION_FAILED'],
])('%s is refused', async (_what, field, value, code) => {
  const answer = await alice(createFrom, { task: { title: 'Plant', [field]: value } });

  expect(codeOf(answer)).toBe(code);
});

// C-28
test('20 tags of 40 characters are accepted', async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `${index + 10}${'🌳'.repeat(38)}`);

  const answer = await alice(createFrom, { task: { title: 'Plant', tags } });

  expect(answer.data.createTask.task.tags).toEqual(tags);
});

// C-20
test.each(['completedAt', 'deletedAt', 'version', 'createdAt', 'updatedAt', 'words', 'overdue'])(
  'what the database keeps cannot be sent: %s',
  async (field) => {
    for (const input of [
      'createTask(input: { task: { title: "x"',
      'updateTask(input: { id: "01890000-0000-7000-8000-000000000000", patch: { title: "x"',
    ]) {
      const answer = await alice(`mutation { ${input}, ${field}: null } }) { task { id } } }`);

      expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  },
);

// C-20
test.each([
  ['spaces', '  Plant  ', 'Plant'],
  ['tabs, line ends and the wide space of CJK text', '\t\r\nPlant\u3000', 'Plant'],
])('white space at the ends of a title is removed: %s', async (_case, title, trimmed) => {
  const answer = await alice(createTask, { title });

  expect(answer.data.createTask.task.title).toBe(trimmed);
});

// C-20
test.each([
  ['nothing', ''],
  ['only spaces', '   '],
  ['201 characters', 'x'.repeat(201)],
  ['a NUL', 'a\0b'],
])('a title of %s is refused as invalid, in words of the rule and not of PostgreSQL', async (_case, title) => {
  const answer = await alice(createTask, { title });

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
  expect(JSON.stringify(answer.errors)).not.toMatch(/constraint|relation|violates|encoding/);
});

// C-20: characters are counted as people count them, not in UTF-16 units.
test.each(['x'.repeat(200), '🌳'.repeat(200)])('a title of 200 characters is accepted', async (title) => {
  const answer = await alice(createTask, { title });

  expect(answer.data.createTask.task.title).toBe(title);
});

// C-21, C-24
test('a list is newest first, can be paged by cursor, and counts all', async () => {
  const carol = api.as('carol');
  for (const title of ['one', 'two', 'three']) await make(carol, title);
  const page = `query ($after: Cursor) {
    tasks(first: 2, after: $after) { totalCount nodes { title } pageInfo { hasNextPage endCursor } }
  }`;

  const first = await carol(page);
  const second = await carol(page, { after: first.data.tasks.pageInfo.endCursor });

  expect(first.data.tasks).toMatchObject({
    totalCount: 3,
    nodes: [{ title: 'three' }, { title: 'two' }],
    pageInfo: { hasNextPage: true },
  });
  expect(second.data.tasks).toMatchObject({
    totalCount: 3,
    nodes: [{ title: 'one' }],
    pageInfo: { hasNextPage: false },
  });
});

// C-22
test('a list can be filtered and ordered', async () => {
  const dave = api.as('dave');
  const done = await make(dave, 'b done');
  await make(dave, 'a open');
  await dave('mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { completed: true } }) { task { id } } }', {
    id: done,
  });

  const filtered = await dave('{ tasks(filter: { completed: { equalTo: true } }) { nodes { title } } }');
  const ordered = await dave('{ tasks(orderBy: TITLE_ASC) { nodes { title } } }');

  expect(filtered.data.tasks.nodes).toEqual([{ title: 'b done' }]);
  expect(ordered.data.tasks.nodes).toEqual([{ title: 'a open' }, { title: 'b done' }]);
});

// C-21
test('a change touches what it names, and moves updatedAt forward', async () => {
  const { task } = (await alice(createTask, { title: 'Old', description: 'Kept' })).data.createTask;

  const answer = await alice(
    `mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { title: " New " } }) {
      task { title description completed createdAt updatedAt } } }`,
    { id: task.id },
  );

  const changed = answer.data.updateTask.task;
  expect(changed).toMatchObject({ title: 'New', description: 'Kept', completed: false, createdAt: task.createdAt });
  expect(changed.updatedAt > task.updatedAt).toBe(true);
});

// C-21
test('a deleted task is gone', async () => {
  const id = await make(alice, 'Short-lived');

  const deleted = await alice('mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { title } } }', { id });
  const after = await alice('query ($id: UUID!) { task(id: $id) { id } }', { id });

  expect(deleted.data.deleteTask.task.title).toBe('Short-lived');
  expect(after.data.task).toBeNull();
});

// C-27
describe('an id of the maker’s choice', () => {
  const id = '6f2c1b1e-7d0a-4f0c-9a35-0d5f5f3f0a11';

  test('is the task’s; a retry finds it taken, and makes no second task', async () => {
    const first = await alice(createFrom, { task: { id, title: 'Once' } });
    const retried = await alice(createFrom, { task: { id, title: 'Once' } });

    expect(first.data.createTask.task.id).toBe(id);
    expect(retried.errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', details: { id } });
    const control = await alice('{ tasks(filter: { title: { equalTo: "Once" } }) { totalCount } }');
    expect(control.data.tasks.totalCount).toBe(1);
  });

  // C-31
  test('is free for somebody else, who does not learn that it is there', async () => {
    const answer = await api.as('frank')(createFrom, { task: { id, title: 'Frank’s' } });

    expect(answer.data.createTask.task).toMatchObject({ id, title: 'Frank’s' });
    const control = await alice('query ($id: UUID!) { task(id: $id) { title } }', { id });
    expect(control.data.task.title).toBe('Once');
  });

  // C-21: the order is that of making, not of ids.
  test('does not decide where the task stands in the list', async () => {
    const eve = api.as('eve');
    for (const [number, chosen] of [
      'ffffffff-ffff-4fff-bfff-ffffffffffff',
      '00000000-0000-4000-8000-000000000000',
    ].entries()) {
      await eve(createFrom, { task: { id: chosen, title: `${number}` } });
    }
    await make(eve, '2');

    const answer = await eve('{ tasks { nodes { title } } }');

    expect(answer.data.tasks.nodes).toEqual([{ title: '2' }, { title: '1' }, { title: '0' }]);
  });
});

// C-27
describe('a version', () => {
  const update = `mutation ($id: UUID!, $version: Int, $title: String) {
    updateTask(input: { id: $id, ifVersion: $version, patch: { title: $title } }) { task { title version } }
  }`;

  test('grows by one with each change, and a change for an older one is refused, whole', async () => {
    const id = await make(alice, 'First');

    const second = await alice(update, { id, version: 1, title: 'Second' });
    const stale = await alice(update, { id, version: 1, title: 'Lost' });

    expect(second.data.updateTask.task).toEqual({ title: 'Second', version: 2 });
    expect(stale.errors![0]!.extensions).toMatchObject({ code: 'STALE_VERSION', details: { id, version: 2 } });
    const control = await alice('query ($id: UUID!) { task(id: $id) { title version } }', { id });
    expect(control.data.task).toEqual({ title: 'Second', version: 2 });
  });

  test.each([
    'completeTask(input: { id: $id, ifVersion: 7 })',
    'toggleTask(input: { id: $id, ifVersion: 7 })',
    'replaceTask(input: { id: $id, ifVersion: 7, task: { title: "x" } })',
    'trashTask(input: { id: $id, ifVersion: 7 })',
    'restoreTask(input: { id: $id, ifVersion: 7 })',
    'deleteTask(input: { id: $id, ifVersion: 7 })',
    'updateTasks(input: { updates: [{ id: $id, ifVersion: 7, patch: { title: "x" } }] })',
    'completeTasks(input: { tasks: [{ id: $id, ifVersion: 7 }] })',
    'trashTasks(input: { tasks: [{ id: $id, ifVersion: 7 }] })',
    'restoreTasks(input: { tasks: [{ id: $id, ifVersion: 7 }] })',
    'deleteTasks(input: { tasks: [{ id: $id, ifVersion: 7 }] })',
  ])('may be named in every change: %s', async (change) => {
    const id = await make(alice, 'Kept');

    const stale = await alice(`mutation ($id: UUID!) { ${change} { clientMutationId } }`, { id });

    expect(stale.errors![0]!.extensions).toMatchObject({ code: 'STALE_VERSION', details: { id, version: 1 } });
    const control = await alice('query ($id: UUID!) { task(id: $id) { title version } }', { id });
    expect(control.data.task).toEqual({ title: 'Kept', version: 1 });
    const good = await alice(
      `mutation ($id: UUID!) { ${change.replace('ifVersion: 7', 'ifVersion: 1')} { clientMutationId } }`,
      { id },
    );
    expect(good.errors).toBeUndefined();
  });

  test('is worth more than one reader: of twenty who change the same version at once, one succeeds', async () => {
    const id = await make(alice, 'Contended');

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => alice(update, { id, version: 1, title: `${number}` })),
    );

    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => codeOf(answer) ?? []))).toEqual(new Set(['STALE_VERSION']));
  });
});

// C-31, C-32
describe('a task of another user', () => {
  const missing = '01890000-0000-7000-8000-000000000000';
  const operations = {
    'reading it': 'query ($id: UUID!) { task(id: $id) { title } }',
    'changing it':
      'mutation ($id: UUID!) { answer: updateTask(input: { id: $id, patch: { completed: true } }) { task { title } } }',
    'changing it with a version':
      'mutation ($id: UUID!) { answer: updateTask(input: { id: $id, ifVersion: 99, patch: { completed: true } }) { task { title } } }',
    'replacing it':
      'mutation ($id: UUID!) { answer: replaceTask(input: { id: $id, task: { title: "x" } }) { task { title } } }',
    'completing it': 'mutation ($id: UUID!) { answer: completeTask(input: { id: $id }) { task { title } } }',
    'completing it with a version':
      'mutation ($id: UUID!) { answer: completeTask(input: { id: $id, ifVersion: 99 }) { task { title } } }',
    'toggling it': 'mutation ($id: UUID!) { answer: toggleTask(input: { id: $id }) { task { title } } }',
    'trashing it': 'mutation ($id: UUID!) { answer: trashTask(input: { id: $id }) { task { title } } }',
    'restoring it': 'mutation ($id: UUID!) { answer: restoreTask(input: { id: $id }) { task { title } } }',
    'deleting it': 'mutation ($id: UUID!) { answer: deleteTask(input: { id: $id }) { task { title } } }',
    'deleting it with a version':
      'mutation ($id: UUID!) { answer: deleteTask(input: { id: $id, ifVersion: 99 }) { task { title } } }',
    'changing it among others':
      'mutation ($id: UUID!) { answer: updateTasks(input: { updates: [{ id: $id, patch: { completed: true } }] }) { tasks { title } } }',
    'completing it among others':
      'mutation ($id: UUID!) { answer: completeTasks(input: { tasks: [{ id: $id, ifVersion: 99 }] }) { tasks { title } } }',
    'trashing it among others':
      'mutation ($id: UUID!) { answer: trashTasks(input: { tasks: [{ id: $id }] }) { tasks { title } } }',
    'restoring it among others':
      'mutation ($id: UUID!) { answer: restoreTasks(input: { tasks: [{ id: $id }] }) { tasks { title } } }',
    'deleting it among others':
      'mutation ($id: UUID!) { answer: deleteTasks(input: { tasks: [{ id: $id }] }) { tasks { title } } }',
  };

  test.each(Object.entries(operations))('answers %s as if it did not exist', async (_name, document) => {
    const id = await make(alice, 'Only mine');

    const hidden = await bob(document, { id });
    const absent = await bob(document, { id: missing });

    // What the request itself named is the only difference.
    expect(comparable(hidden, id)).toEqual(comparable(absent, missing));
    if (document.startsWith('mutation')) expect(codeOf(hidden)).toBe('NOT_FOUND');
    const control = await alice('query ($id: UUID!) { task(id: $id) { title completed deletedAt version } }', { id });
    expect(control.data.task).toEqual({ title: 'Only mine', completed: false, deletedAt: null, version: 1 });
  });

  test('is in no list, count, aggregate or node lookup', async () => {
    await make(alice, 'Only mine');
    const { data } = await alice('{ tasks(first: 1) { nodes { nodeId } } }');

    const answer = await bob(
      `query ($nodeId: ID!) {
        tasks { totalCount nodes { id } aggregates { count } groupedAggregates(groupBy: TAG) { keys } }
        trash: tasks(trash: INCLUDE, search: "mine") { totalCount }
        node(nodeId: $nodeId) { nodeId }
        me { tasks { totalCount } }
      }`,
      { nodeId: data.tasks.nodes[0].nodeId },
    );

    expect(answer.data).toEqual({
      tasks: { totalCount: 0, nodes: [], aggregates: { count: 0 }, groupedAggregates: [] },
      trash: { totalCount: 0 },
      node: null,
      me: { tasks: { totalCount: 0 } },
    });
  });
});

// C-34
test.each([
  'createTask(input: { task: { title: "x", ownerId: "bob" } })',
  'updateTask(input: { id: "01890000-0000-7000-8000-000000000000", patch: { ownerId: "bob" } })',
])('an owner in the input is refused: %s', async (mutation) => {
  const answer = await alice(`mutation { ${mutation} { task { id } } }`);

  expect(answer.status).toBe(400);
  expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
});

/** An answer as text, without the ids of the request and of the task that it asked for. */
function comparable({ status, data, errors }: Awaited<ReturnType<typeof alice>>, id: string): string {
  const texts = JSON.stringify({ status, data, errors }).replaceAll(id, '<id>');
  return errors?.reduce((text, error) => text.replaceAll(error.extensions.requestId, '<request>'), texts) ?? texts;
}
