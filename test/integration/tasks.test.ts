/** The life of a task through HTTP, by two people. */
import { codeOf, useApi } from '../support/api.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

const createTask = `mutation ($title: String!, $description: String) {
  createTask(input: { task: { title: $title, description: $description } }) {
    task { id ownerId title description completed createdAt updatedAt }
  }
}`;

async function make(who: typeof alice, title: string): Promise<string> {
  const answer = await who(createTask, { title });
  return answer.data.createTask.task.id;
}

// C-20, C-34
test('a new task has the fields that its maker gave it, defaults for the rest, and its maker as owner', async () => {
  const answer = await alice(createTask, { title: 'Plant a hedge', description: 'Hawthorn' });

  expect(answer.data.createTask.task).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ownerId: 'alice',
    title: 'Plant a hedge',
    description: 'Hawthorn',
    completed: false,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
});

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

// C-22, C-26
test('a list can be filtered, ordered and aggregated', async () => {
  const dave = api.as('dave');
  const done = await make(dave, 'b done');
  await make(dave, 'a open');
  await dave('mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { completed: true } }) { task { id } } }', {
    id: done,
  });

  const filtered = await dave('{ tasks(filter: { completed: { equalTo: true } }) { nodes { title } } }');
  const ordered = await dave('{ tasks(orderBy: TITLE_ASC) { nodes { title } } }');
  const counted = await dave('{ tasks { groupedAggregates(groupBy: COMPLETED) { keys distinctCount { id } } } }');

  expect(filtered.data.tasks.nodes).toEqual([{ title: 'b done' }]);
  expect(ordered.data.tasks.nodes).toEqual([{ title: 'a open' }, { title: 'b done' }]);
  expect(counted.data.tasks.groupedAggregates).toHaveLength(2);
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

// C-31, C-32
describe('a task of another user', () => {
  const missing = '01890000-0000-7000-8000-000000000000';
  const operations = {
    'reading it': 'query ($id: UUID!) { task(id: $id) { title } }',
    'changing it':
      'mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { completed: true } }) { task { title } } }',
    'deleting it': 'mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { title } } }',
  };

  test.each(Object.entries(operations))('answers %s as if it did not exist', async (_name, document) => {
    const id = await make(alice, 'Only mine');

    const hidden = await bob(document, { id });
    const absent = await bob(document, { id: missing });

    expect(withoutRequestIds(hidden)).toEqual(withoutRequestIds(absent));
    const control = await alice('query ($id: UUID!) { task(id: $id) { title completed } }', { id });
    expect(control.data.task).toEqual({ title: 'Only mine', completed: false });
  });

  test('is NOT_FOUND when changed or deleted', async () => {
    const id = await make(alice, 'Only mine');

    expect(codeOf(await bob(operations['changing it'], { id }))).toBe('NOT_FOUND');
    expect(codeOf(await bob(operations['deleting it'], { id }))).toBe('NOT_FOUND');
  });

  test('is in no list, count, aggregate or node lookup', async () => {
    await make(alice, 'Only mine');
    const { data } = await alice('{ tasks(first: 1) { nodes { nodeId } } }');

    const answer = await bob(
      `query ($nodeId: ID!) {
        tasks { totalCount nodes { id } aggregates { distinctCount { id } } }
        node(nodeId: $nodeId) { nodeId }
        me { tasks { totalCount } }
      }`,
      { nodeId: data.tasks.nodes[0].nodeId },
    );

    expect(answer.data).toEqual({
      tasks: { totalCount: 0, nodes: [], aggregates: { distinctCount: { id: '0' } } },
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

function withoutRequestIds({ status, data, errors }: Awaited<ReturnType<typeof alice>>) {
  return { status, data, errors: errors?.map((error) => ({ ...error, extensions: { code: error.extensions.code } })) };
}
