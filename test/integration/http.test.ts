/** What stands round the API: request ids, log, headers, CORS, health. C-42, C-45, C-54, C-58 */
import { tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');

describe('a request id', () => {
  test('is made for every answer, and is in the log too', async () => {
    const answer = await alice('{ me { id } }');

    const id = answer.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(api.logged).toContainEqual(
      expect.objectContaining({ requestId: id, req: { method: 'POST', path: '/graphql' }, res: { status: 200 } }),
    );
  });

  test('is the caller’s when it is acceptable', async () => {
    const response = await api.fetch('/healthz', { headers: { 'x-request-id': 'trace-1.a_B' } });

    expect(response.headers.get('x-request-id')).toBe('trace-1.a_B');
  });

  test.each(['', 'x'.repeat(65), 'a b', '<script>'])('is a new one when the caller’s is %p', async (given) => {
    const response = await api.fetch('/healthz', { headers: { 'x-request-id': given } });

    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('no token ever reaches the log', async () => {
  const token = tokenOf('alice');

  await api.query(token, '{ me { id } }');
  await api.query(`${token}x`, '{ me { id } }');
  await api.query(token, 'mutation { createTask(input: { task: { title: "" } }) { task { id } } }');

  expect(api.logged.length).toBeGreaterThan(0);
  const [, payload] = token.split('.');
  expect(JSON.stringify(api.logged)).not.toContain(payload);
});

test('the headers of a careful server are there, and its name is not', async () => {
  const { headers } = await api.fetch('/healthz');

  expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});

// C-45
describe('a browser', () => {
  const preflight = (origin: string) =>
    api.fetch('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test('of a configured front end may call', async () => {
    const { status, headers } = await preflight('http://localhost:3000');

    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(headers.get('access-control-allow-headers')).toMatch(/Authorization/);
  });

  test.each(['http://localhost:3001', 'https://localhost:3000', 'null', 'http://localhost:3000.evil.example'])(
    'of %s may not',
    async (origin) => {
      const { headers } = await preflight(origin);

      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});

// C-54
describe('health', () => {
  test('is ready when the database answers and is up to date', async () => {
    const live = await api.fetch('/healthz');
    const ready = await api.fetch('/readyz');

    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });

  test('is not ready when migrations are behind, and alive all the same', async () => {
    const newest = '(select max(filename) from graphile_migrate.migrations)';
    await api.database.admin
      .query(`create table kept as select * from graphile_migrate.migrations where filename = ${newest};
      delete from graphile_migrate.migrations where filename = ${newest}`);
    const live = await api.fetch('/healthz');
    const ready = await api.fetch('/readyz');
    await api.database.admin.query('insert into graphile_migrate.migrations select * from kept; drop table kept');

    expect(live.status).toBe(200);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'migrations are behind' },
    ]);
  });
});

test('the playground is not there unless it was asked for', async () => {
  const statuses = await Promise.all(
    ['/graphiql', '/ruru-static/ruru.js'].map(async (path) => (await api.fetch(path)).status),
  );

  expect(statuses).toEqual([404, 404]);
});

test('the document of the REST API and its viewer are there for everybody, from the first request on', async () => {
  const [document, page, sibling] = await Promise.all(
    ['/openapi.json', '/docs', '/docsx'].map((path) => api.fetch(path)),
  );
  const [, asset] = /src="(\/docs[^"]+)"/.exec(await page!.text())!;

  expect(await document!.json()).toMatchObject({ openapi: '3.1.0' });
  expect(page!.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect((await api.fetch(asset!)).status).toBe(200);
  expect((await api.fetch('/docs/nothing')).status).toBe(404);
  expect((await api.fetch('/docs', { method: 'POST' })).status).toBe(404);
  expect(sibling!.status).toBe(404);
});
