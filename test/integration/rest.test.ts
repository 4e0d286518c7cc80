/** REST: the routes of tasks, their statuses and envelopes; the same isolation as over GraphQL. C-02, C-32, C-33, C-34, C-40 to C-44 */
import { openApi } from '../../src/rest/openapi/document.ts';
import { version } from '../../src/version.ts';
import { useApi, tokenOf } from '../support/api.ts';
import '../support/on-export.ts';
import { responseValidator } from '../support/openapi.ts';

const api = useApi();

type Answer = { status: number; headers: Headers; body: any };

/** One request as that person, with JSON when a body is given. */
const as =
  (sub: string) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await api.fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${tokenOf(sub)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    expectDescribed(method, path, answer);
    return answer;
  };

// C-44: whatever an operation of the document answers is described in it.
const deviations = responseValidator(openApi(version));
function expectDescribed(method: string, path: string, { status, headers, body }: Answer): void {
  const below = path.replace(/^\/api\/(?:[^/]+\/)?tasks/, '/api/v1/tasks');
  const faults = deviations({ method, path: below, status, contentType: headers.get('content-type'), body });
  const isOutside = faults.some((fault) => /no path of the document matches|has no such method/.test(fault));
  if (isOutside) expect([401, 403, 404, 405]).toContain(status);
  else expect(faults).toEqual([]);
}

const alice = as('alice');
const bob = as('bob');
const unknownId = '00000000-0000-7000-8000-000000000001';

/** A new task of alice's. */
const make = async (fields: object = {}): Promise<any> =>
  (await alice('POST', '/api/v1/tasks', { title: 'Plant a hedge', ...fields })).body.data;

test('a task is made, read, changed, completed, toggled, replaced, put into the trash and taken out', async () => {
  const made = await alice('POST', '/api/v1/tasks', { title: ' Plant a hedge ', priority: 'high', tags: ['garden'] });
  const { id } = made.body.data;
  const path = `/api/v1/tasks/${id}`;

  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(path);
  expect(made.headers.get('etag')).toBe('"1"');
  expect(made.body).toEqual({
    data: {
      id: expect.any(String),
      user_id: 'alice',
      title: 'Plant a hedge',
      description: null,
      completed: false,
      completed_at: null,
      priority: 'high',
      due_at: null,
      overdue: false,
      tags: ['garden'],
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      deleted_at: null,
    },
    meta: { request_id: made.headers.get('x-request-id'), timestamp: expect.any(String) },
  });
  expect((await alice('GET', path)).body.data).toEqual(made.body.data);

  const due = '2030-01-02T03:04:05+00:00';
  expect((await alice('PATCH', path, { due_at: due, description: 'x' })).body.data).toMatchObject({
    title: 'Plant a hedge',
    description: 'x',
    version: 2,
  });
  expect((await alice('PATCH', `${path}/complete`)).body.data).toMatchObject({ completed: true });
  expect((await alice('PATCH', `${path}/complete`)).body.data).toMatchObject({ completed: true });
  expect((await alice('PATCH', `${path}/complete`, { completed: false })).body.data).toMatchObject({
    completed: false,
  });
  expect((await alice('PATCH', `${path}/toggle`)).body.data).toMatchObject({ completed: true });
  const replaced = await alice('PUT', path, { title: 'Another' });
  expect(replaced.body.data).toMatchObject({
    title: 'Another',
    description: null,
    completed: false,
    priority: 'normal',
  });
  expect(replaced.status).toBe(200);

  expect(await alice('DELETE', path)).toMatchObject({ status: 204, body: undefined });
  expect(await alice('DELETE', path)).toMatchObject({ status: 204 });
  expect(await alice('GET', path)).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  expect((await alice('GET', `${path}?deleted=include`)).body.data.deleted_at).toEqual(expect.any(String));
  expect((await alice('POST', `${path}/restore`)).body.data).toMatchObject({ deleted_at: null });
  expect(await alice('DELETE', `${path}?permanent=true`)).toMatchObject({ status: 204 });
  expect(await alice('GET', `${path}?deleted=include`)).toMatchObject({ status: 404 });
});

test.each(['/api/tasks', '/api/v1/tasks', '/api/alice/tasks'])('%s is the same', async (path) => {
  const made = await alice('POST', path, { title: `by ${path}` });
  const { id } = made.body.data;

  expect(made.headers.get('location')).toBe(`${path}/${id}`);
  expect((await alice('GET', `${path}/${id}`)).body.data.title).toBe(`by ${path}`);
  expect((await alice('GET', path)).body.data[0].id).toBe(id);
  expect((await alice('GET', `/api/v1/tasks/${id}`)).status).toBe(200);
});

// C-33
test.each(['bob', 'nobody-by-that-name', 'Alice', 'alice%20', 'v2'])(
  'a path that names %s is 403 for alice, whoever that is',
  async (user) => {
    for (const path of [
      `/api/${user}/tasks`,
      `/api/${user}/tasks/${unknownId}`,
      `/api/${user}/tasks/${unknownId}/toggle`,
      // Express does not look at the case of a path.
      `/api/${user}/TASKS`,
      `/API/${user}/Tasks/`,
    ]) {
      const answer = await alice('GET', path);

      expect([path, answer.status]).toEqual([path, 403]);
    }
  },
);

test('below /api/auth there are no tasks, also where nobody can sign up', async () => {
  const response = await api.fetch('/api/auth/tasks', { headers: { authorization: `Bearer ${tokenOf('auth')}` } });

  expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
});

// C-32
test.each([
  ['GET', '', undefined],
  ['PUT', '', { title: 'x' }],
  ['PATCH', '', { title: 'x' }],
  ['DELETE', '', undefined],
  ['DELETE', '?permanent=true', undefined],
  ['PATCH', '/complete', {}],
  ['PATCH', '/toggle', undefined],
  ['POST', '/restore', undefined],
])('%s %s answers the same for a task of another and for one that is not there', async (method, rest, body) => {
  const { id } = await make();

  const foreign = await bob(method, `/api/v1/tasks/${id}${rest}`, body);
  const absent = await bob(method, `/api/v1/tasks/${unknownId}${rest}`, body);

  expect(foreign.status).toBe(404);
  expect([absent.status, absent.body.error]).toEqual([foreign.status, foreign.body.error]);
  expect((await alice('GET', `/api/v1/tasks/${id}`)).body.data.version).toBe(1);
});

test('lists are filtered, sorted and paged', async () => {
  const carol = as('carol');
  for (const [title, more] of [
    ['one', { priority: 'low', tags: ['a'], due_at: '2030-01-01T00:00:00Z' }],
    ['two', { priority: 'urgent', completed: true }],
    ['three', { priority: 'high', tags: ['a', 'b'], due_at: '2031-01-01T00:00:00Z' }],
  ] as const) {
    await carol('POST', '/api/v1/tasks', { title, ...more });
  }
  const titles = async (query: string) =>
    (await carol('GET', `/api/v1/tasks?${query}`)).body.data.map((task: { title: string }) => task.title);

  expect(await titles('')).toEqual(['three', 'two', 'one']);
  expect(await titles('completed=true')).toEqual(['two']);
  expect(await titles('completed=false&sort=title')).toEqual(['one', 'three']);
  expect(await titles('sort=-priority')).toEqual(['two', 'three', 'one']);
  expect(await titles('priority=high')).toEqual(['three']);
  expect(await titles('tag=a&sort=created_at')).toEqual(['one', 'three']);
  expect(await titles('due_before=2030-06-01T00:00:00Z')).toEqual(['one']);
  expect(await titles('due_after=2030-06-01T00:00:00Z')).toEqual(['three']);
  expect(await titles('q=two')).toEqual(['two']);
  expect(await titles('deleted=only')).toEqual([]);

  const first = await carol('GET', '/api/v1/tasks?limit=2&sort=created_at');
  expect(first.body.meta).toMatchObject({ total: 3, next_cursor: expect.any(String) });
  const second = await carol(
    'GET',
    `/api/v1/tasks?limit=2&sort=created_at&total=false&cursor=${first.body.meta.next_cursor}`,
  );
  expect(second.body.data.map((task: { title: string }) => task.title)).toEqual(['three']);
  expect(second.body.meta).toEqual({
    request_id: expect.any(String),
    timestamp: expect.any(String),
    next_cursor: null,
  });
});

test.each([
  ['GET', '?limit=0', undefined, { limit: 'range' }],
  ['GET', '?limit=101', undefined, { limit: 'range' }],
  ['GET', '?limit=x', undefined, { limit: 'format' }],
  ['GET', '?completed=yes&priority=top', undefined, { completed: 'choice', priority: 'choice' }],
  ['GET', '?sort=owner', undefined, { sort: 'format' }],
  ['GET', '?due_before=tomorrow', undefined, { due_before: 'format' }],
  ['GET', '?user_id=bob', undefined, { user_id: 'unknown' }],
  ['GET', '?completed=true&completed=false', undefined, { completed: 'choice' }],
  ['POST', '?force=true', { title: 'x' }, { force: 'unknown' }],
  ['POST', '', {}, { title: 'required' }],
  ['POST', '', { title: 1, completed: 'yes' }, { title: 'type', completed: 'type' }],
  ['POST', '', { title: 'x', user_id: 'bob', owner_id: 'bob' }, { user_id: 'unknown', owner_id: 'unknown' }],
  ['POST', '', { title: 'x', id: 'x', due_at: 'tomorrow' }, { id: 'format', due_at: 'format' }],
  ['POST', '', { title: '' }, { title: 'length' }],
  ['POST', '', { title: 'x'.repeat(201), tags: ['a', 'a'] }, { title: 'length', tags: 'distinct' }],
  ['POST', '', { title: 'nul\0' }, { title: 'characters' }],
])('%s %s %j is 422, field by field', async (method, rest, body, rules) => {
  const { status, body: answer } = await alice(method, `/api/v1/tasks${rest}`, body);

  expect([status, answer.error.code]).toEqual([422, 'VALIDATION_FAILED']);
  expect(
    Object.fromEntries(answer.error.details.map(({ field, rule }: Record<string, string>) => [field, rule])),
  ).toEqual(rules);
});

test('versions: a stale write is 412, an unchanged read is 304', async () => {
  const { id } = await make();
  const path = `/api/v1/tasks/${id}`;

  const first = await alice('PATCH', path, { title: 'first' }, { 'if-match': '"1"' });
  const stale = await alice('PATCH', path, { title: 'second' }, { 'if-match': '"1"' });
  const read = await alice('GET', path, undefined, { 'if-none-match': '"2"' });

  expect(first.headers.get('etag')).toBe('"2"');
  expect(stale).toMatchObject({ status: 412, body: { error: { code: 'STALE_VERSION', details: { id, version: 2 } } } });
  expect(await alice('PUT', path, { title: 'x' }, { 'if-match': 'W/"2"' })).toMatchObject({ status: 412 });
  expect(await alice('DELETE', path, undefined, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
  expect(read).toMatchObject({ status: 304, body: undefined });
  expect((await alice('GET', path, undefined, { 'if-none-match': '"1"' })).status).toBe(200);
  expect((await alice('DELETE', path, undefined, { 'if-match': '*' })).status).toBe(204);
});

test('an id of the client’s choice makes no second task; it can be taken by one’s own tasks only', async () => {
  const id = '00000000-0000-7000-8000-0000000000aa';

  const first = await alice('POST', '/api/v1/tasks', { id, title: 'mine' });
  const again = await alice('POST', '/api/v1/tasks', { id, title: 'mine' });
  const other = await bob('POST', '/api/v1/tasks', { id, title: 'bob’s' });

  expect(first.status).toBe(201);
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT', details: { id } } } });
  expect(other.status).toBe(201);
});

test('who has no token gets 401, whatever is asked', async () => {
  for (const path of ['/api/v1/tasks', '/api/tasks/x', '/api/bob/tasks', '/api/nothing']) {
    const response = await api.fetch(path);

    expect([path, response.status, response.headers.get('www-authenticate')]).toEqual([
      path,
      401,
      'Bearer realm="hedgerow"',
    ]);
    expect(await response.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' }, meta: {} });
  }
});

test('what is no JSON, no object, too large, of another type or method is told so', async () => {
  const send = async (content: string, type = 'application/json', method = 'POST') => {
    const response = await api.fetch('/api/v1/tasks', {
      method,
      headers: { authorization: `Bearer ${tokenOf('alice')}`, 'content-type': type },
      body: content,
    });
    const answer = { status: response.status, headers: response.headers, body: await response.json() };
    expectDescribed(method, '/api/v1/tasks', answer);
    return answer;
  };

  const statuses = [
    await send('{"title"'),
    await send('[]'),
    await send('title=x', 'application/x-www-form-urlencoded'),
    await send(JSON.stringify({ title: 'x', description: 'x'.repeat(200_000) })),
    await send('{}', 'application/json', 'PATCH'),
  ].map(({ status }) => status);
  const missing = await alice('POST', '/api/v1/tasks');

  expect(statuses).toEqual([400, 422, 415, 413, 405]);
  expect(missing).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } });
  expect((await alice('PATCH', '/api/v1/tasks', {})).headers.get('allow')).toBe('GET, POST');
  expect(await alice('GET', '/api/v1/nothing')).toMatchObject({ status: 404 });
});

describe('bulk', () => {
  const bulk = (sub: string, body: object) => as(sub)('POST', '/api/v1/tasks/bulk', body);

  test('creates, completes and deletes, in the order of the request', async () => {
    const made = await bulk('dora', {
      operation: 'create',
      tasks: [{ title: 'one' }, { title: 'two', priority: 'low' }],
    });
    const tasks = made.body.data.map(({ id, version }: { id: string; version: number }) => ({ id, version }));
    const completed = await bulk('dora', { operation: 'complete', tasks });
    const reopened = await bulk('dora', { operation: 'complete', completed: false, tasks: [{ id: tasks[0].id }] });
    const trashed = await bulk('dora', { operation: 'delete', tasks: tasks.map(({ id }: { id: string }) => ({ id })) });
    const deleted = await bulk('dora', { operation: 'delete', permanent: true, tasks: [{ id: tasks[1].id }] });

    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject([{ title: 'one' }, { title: 'two', priority: 'low', user_id: 'dora' }]);
    expect(completed).toMatchObject({ status: 200, body: { data: [{ completed: true }, { completed: true }] } });
    expect(reopened.body.data).toMatchObject([{ title: 'one', completed: false }]);
    expect(trashed.body.data.every((task: { deleted_at: unknown }) => task.deleted_at !== null)).toBe(true);
    expect(deleted.body.data).toMatchObject([{ title: 'two' }]);
    expect((await as('dora')('GET', '/api/v1/tasks?deleted=include')).body.data).toMatchObject([{ title: 'one' }]);
  });

  test('does all or nothing, and tells which', async () => {
    const { id } = await make();

    const foreign = await bulk('bob', { operation: 'delete', tasks: [{ id }] });
    const stale = await bulk('alice', { operation: 'complete', tasks: [{ id, version: 7 }] });
    const broken = await bulk('alice', { operation: 'create', tasks: [{ title: 'kept out' }, { title: '' }] });
    const many = await bulk('alice', { operation: 'complete', tasks: Array.from({ length: 101 }, () => ({ id })) });

    expect(foreign).toMatchObject({ status: 404, body: { error: { details: { ids: [id] } } } });
    expect(stale.status).toBe(412);
    expect(broken).toMatchObject({
      status: 422,
      body: { error: { details: [{ field: 'tasks.1.title', rule: 'length' }] } },
    });
    expect(many.status).toBe(422);
    expect((await alice('GET', `/api/v1/tasks/${id}`)).body.data).toMatchObject({ completed: false, version: 1 });
    expect((await alice('GET', '/api/v1/tasks?q="kept out"')).body.data).toEqual([]);
  });

  test.each([
    [{}, { operation: 'required' }],
    [{ operation: 'purge', tasks: [] }, { operation: 'choice' }],
    [{ operation: 'create', tasks: [{ title: 'x', user_id: 'bob' }] }, { 'tasks.0.user_id': 'unknown' }],
    [{ operation: 'complete', tasks: [{ id: 'x' }] }, { 'tasks.0.id': 'format' }],
    [{ operation: 'complete', tasks: 'all' }, { tasks: 'type' }],
  ])('refuses %j field by field', async (body, rules) => {
    const { status, body: answer } = await bulk('alice', body);

    expect(status).toBe(422);
    expect(
      Object.fromEntries(answer.error.details.map(({ field, rule }: Record<string, string>) => [field, rule])),
    ).toEqual(rules);
  });
});

test('what takes too long is 503, and says when to try again', async () => {
  const { id } = await make();
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query('select from app_public.tasks where id = $1 for update', [id]);

  const answer = await alice('PATCH', `/api/v1/tasks/${id}`, { title: 'waits' });
  await admin.query('rollback');

  expect(answer).toMatchObject({ status: 503, body: { error: { code: 'TIMEOUT' } } });
  expect(answer.headers.get('retry-after')).toBe('1');
});

test('the statistics count one’s own tasks', async () => {
  const erin = as('erin');
  for (const fields of [{ priority: 'high', tags: ['a', 'b'] }, { tags: ['a'], completed: true }, {}]) {
    await erin('POST', '/api/v1/tasks', { title: 'x', ...fields });
  }

  const { status, body } = await erin('GET', '/api/v1/tasks/stats?time_zone=Europe/Berlin');

  expect(status).toBe(200);
  expect(body.data).toEqual({
    total: 3,
    open: 2,
    completed: 1,
    overdue: 0,
    trashed: 0,
    by_priority: [
      { priority: 'normal', count: 2 },
      { priority: 'high', count: 1 },
    ],
    by_tag: [
      { tag: 'a', count: 2 },
      { tag: 'b', count: 1 },
    ],
    created_by_day: [{ day: expect.stringMatching(/^\d{4}-\d\d-\d\d/), count: 3 }],
    completed_by_week: [{ week: expect.stringMatching(/^\d{4}-\d\d-\d\d/), count: 1 }],
  });
  expect((await as('frank')('GET', '/api/v1/tasks/stats')).body.data).toMatchObject({ total: 0, by_tag: [] });
  expect((await erin('GET', '/api/v1/tasks/stats?time_zone=Nowhere')).status).toBe(422);
});

// C-36
describe('the history of a task', () => {
  test('is a list of what was done to it, newest first, in pages; what was deleted has one too', async () => {
    const { id } = await make({ priority: 'high' });
    await alice('PATCH', `/api/v1/tasks/${id}`, { title: 'Dig' });
    const deleted = await alice('DELETE', `/api/v1/tasks/${id}?permanent=true`);

    const first = await alice('GET', `/api/v1/tasks/${id}/history?limit=2`);
    const second = await alice('GET', `/api/v1/tasks/${id}/history?limit=2&cursor=${first.body.meta.next_cursor}`);

    expect(first.body.data).toMatchObject([
      {
        task_id: id,
        action: 'delete',
        version: 2,
        changes: { title: ['Dig', null], priority: ['high', null] },
        actor_id: 'alice',
        request_id: deleted.headers.get('x-request-id'),
        address: '127.0.0.1',
      },
      { action: 'update', version: 2, changes: { title: ['Plant a hedge', 'Dig'] } },
    ]);
    expect(second.body).toMatchObject({
      data: [{ action: 'insert', version: 1, changes: { title: [null, 'Plant a hedge'], priority: [null, 'high'] } }],
      meta: { next_cursor: null },
    });
    expect([first.body.data.length, second.body.data.length]).toEqual([2, 1]);
  });

  test('is empty alike for a task of somebody else and for none', async () => {
    const { id } = await make();

    const [foreign, unknown] = [
      await bob('GET', `/api/v1/tasks/${id}/history`),
      await bob('GET', `/api/v1/tasks/${unknownId}/history`),
    ];

    for (const { status, body } of [foreign, unknown]) {
      expect([status, body.data, body.meta.next_cursor]).toEqual([200, [], null]);
    }
    expect((await alice('GET', `/api/v1/tasks/${id}/history`)).body.data).toHaveLength(1);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'sort=version'])('?%s is refused', async (query) => {
    const { status } = await alice('GET', `/api/v1/tasks/${unknownId}/history?${query}`);

    expect(status).toBe(422);
  });
});
