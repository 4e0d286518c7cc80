/** The history of tasks, through the API: who did what, from where, and nobody else's. C-31, C-36 */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { codeOf, tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';
import { mint } from '../support/tokens.ts';

const api = useApi();
const alice = api.as('alice');

const history = `query ($filter: TaskHistoryEntryFilter, $first: Int, $after: Cursor) {
  taskHistory(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { taskId action version changes actorId requestId address ownerId }
    pageInfo { hasNextPage endCursor }
  }
}`;

const make = (title: string) =>
  `mutation { createTask(input: { task: { title: "${title}", tags: ["garden"] } }) { task { id } } }`;

beforeEach(async () => {
  // Users go, and their history with them.
  await api.database.admin.query('delete from app_public.users; delete from app_hidden.deleted_users');
});

async function made(sub: string, title: string): Promise<string> {
  const { data } = await api.as(sub)(make(title));
  return data.createTask.task.id as string;
}

async function historyOf(sub: string, variables: object = {}) {
  const { data, errors } = await api.as(sub)(history, variables);
  expect(errors).toBeUndefined();
  return data.taskHistory as {
    totalCount: number;
    nodes: Record<string, unknown>[];
    pageInfo: Record<string, unknown>;
  };
}

test('what a user does is in their history, newest first, with the id that the answer had and the address it came from', async () => {
  const id = await made('alice', 'Plant');
  await alice(`mutation { updateTask(input: { id: "${id}", patch: { title: "Dig" } }) { task { id } } }`);
  await alice(`mutation { trashTask(input: { id: "${id}" }) { task { id } } }`);
  await alice(`mutation { restoreTask(input: { id: "${id}" }) { task { id } } }`);
  const { headers } = await alice(`mutation { deleteTask(input: { id: "${id}" }) { task { id } } }`);

  const { nodes, totalCount } = await historyOf('alice');

  expect(totalCount).toBe(5);
  expect(nodes.map(({ action, version, changes }) => [action, version, changes])).toEqual([
    ['DELETE', 4, { title: ['Dig', null], tags: [['garden'], null] }],
    ['RESTORE', 4, { deleted_at: [expect.any(String), null] }],
    ['TRASH', 3, { deleted_at: [null, expect.any(String)] }],
    ['UPDATE', 2, { title: ['Plant', 'Dig'] }],
    ['INSERT', 1, { title: [null, 'Plant'], tags: [null, ['garden']] }],
  ]);
  expect(nodes[0]).toMatchObject({
    taskId: id,
    ownerId: 'alice',
    actorId: 'alice',
    requestId: headers.get('x-request-id'),
    address: '127.0.0.1',
  });
  expect(new Set(nodes.map(({ requestId }) => requestId)).size).toBe(5);
});

test('nobody sees the history of another, not by its task either', async () => {
  const id = await made('alice', 'Plant');
  await made('bob', 'Trim');

  const seen = await historyOf('bob');
  const asked = await historyOf('bob', { filter: { taskId: { equalTo: id } } });
  const own = await historyOf('alice', { filter: { taskId: { equalTo: id } } });

  expect(seen.nodes.map(({ ownerId, changes }) => [ownerId, changes])).toEqual([
    ['bob', { title: [null, 'Trim'], tags: [null, ['garden']] }],
  ]);
  expect(asked).toMatchObject({ totalCount: 0, nodes: [] });
  expect(own.totalCount).toBe(1);
});

test('it has pages and filters', async () => {
  for (const title of ['a', 'b', 'c']) await made('alice', title);
  await alice('mutation { emptyTrash(input: {}) { deletedCount } }');

  const first = await historyOf('alice', { first: 2, filter: { action: { equalTo: 'INSERT' } } });
  const second = await historyOf('alice', {
    first: 2,
    after: first.pageInfo.endCursor,
    filter: { action: { equalTo: 'INSERT' } },
  });

  const titles = (page: typeof first) => page.nodes.map(({ changes }) => (changes as { title: string[] }).title[1]);
  expect([titles(first), first.pageInfo.hasNextPage]).toEqual([['c', 'b'], true]);
  expect([titles(second), second.pageInfo.hasNextPage]).toEqual([['a'], false]);
  expect(await historyOf('alice', { filter: { action: { equalTo: 'TRASH' } } })).toMatchObject({ totalCount: 0 });
});

test('a page has at most 100 entries', async () => {
  const answer = await alice(history, { first: 101 });

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
});

test('a bulk change is one entry for each of its tasks', async () => {
  const tasks = Array.from({ length: 100 }, (_, number) => ({ title: `Task ${number}` }));
  const { data } = await alice(
    'mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }',
    { tasks },
  );
  const refs = (data.createTasks.tasks as { id: string }[]).map(({ id }) => ({ id }));
  await alice('mutation ($refs: [TaskRefInput!]!) { completeTasks(input: { tasks: $refs }) { tasks { id } } }', {
    refs,
  });
  await alice('mutation ($refs: [TaskRefInput!]!) { trashTasks(input: { tasks: $refs }) { tasks { id } } }', { refs });
  await alice('mutation { emptyTrash(input: {}) { deletedCount } }');

  const { rows } = await api.database.admin.query(
    `select action::text, count(*)::int, count(distinct task_id)::int as tasks, count(distinct request_id)::int as requests
     from app_public.task_history group by action order by action`,
  );

  expect(rows).toEqual(
    ['delete', 'insert', 'trash', 'update'].map((action) => ({ action, count: 100, tasks: 100, requests: 1 })),
  );
});

test('what is refused leaves no entry', async () => {
  const id = await made('alice', 'Plant');

  const stale = await alice(
    `mutation { updateTask(input: { id: "${id}", ifVersion: 7, patch: { title: "x" } }) { task { id } } }`,
  );
  const partly = await alice(
    `mutation { updateTasks(input: { updates: [
       { id: "${id}", patch: { title: "y" } }, { id: "00000000-0000-7000-8000-000000000000", patch: { title: "z" } }
     ] }) { tasks { id } } }`,
  );

  expect([codeOf(stale), codeOf(partly)]).toEqual(['STALE_VERSION', 'NOT_FOUND']);
  expect((await historyOf('alice')).nodes.map(({ action }) => action)).toEqual(['INSERT']);
});

test('who leaves takes their history along, and nobody else’s', async () => {
  await made('alice', 'Plant');
  await made('bob', 'Trim');
  await alice('mutation { deleteMe(input: {}) { user { id } } }');

  const { rows } = await api.database.admin.query('select owner_id from app_public.task_history');

  expect(rows).toEqual([{ owner_id: 'bob' }]);
});

test('a change over a WebSocket has the id and the address of its connection', async () => {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { 'x-request-id': 'over-a-socket' } });
      }
    },
    connectionParams: { authorization: `Bearer ${tokenOf('alice')}` },
  });
  for await (const result of client.iterate({ query: make('Plant') })) expect(result.errors).toBeUndefined();
  await client.dispose();

  const { nodes } = await historyOf('alice');

  expect(nodes).toEqual([expect.objectContaining({ requestId: 'over-a-socket', address: '127.0.0.1' })]);
});

test('nobody without a token reads any', async () => {
  const answer = await api.query(undefined, history);

  expect(codeOf(answer)).toBe('UNAUTHENTICATED');
});

test('nobody can write it: the API has no operation for that', async () => {
  const { data } = await alice('{ __schema { mutationType { fields { name } } } }');

  const names = (data.__schema.mutationType.fields as { name: string }[]).map(({ name }) => name);

  expect(names).toContain('createTask');
  expect(names.filter((name) => /history/i.test(name))).toEqual([]);
});

test('the claims of a token are not its request', async () => {
  const token = mint({
    sub: 'alice',
    exp: Math.floor(Date.now() / 1000) + 60,
    'request.id': 'forged',
    request: { id: 'x' },
  });
  await api.query(token, make('Plant'));

  const { nodes } = await historyOf('alice');

  expect(nodes).toEqual([expect.objectContaining({ requestId: expect.not.stringMatching(/forged|x/) as string })]);
});
