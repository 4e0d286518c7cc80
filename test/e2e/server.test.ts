/** A real server process on a real port: two people, the full life of a task, and the life of the server. C-01, C-05, C-17, C-31, C-53 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { useDatabase } from '../support/database.ts';
import { run, useServers } from '../support/hedgerow.ts';
import { inSeconds, mint, testSecret } from '../support/tokens.ts';

const database = useDatabase();
const environment = () => ({ PORT: '0', DATABASE_URL: database.apiUrl, BETTER_AUTH_SECRET: testSecret });
const serve = useServers(environment);

const token = (sub: string) => mint({ sub, name: sub, exp: inSeconds(300) });

async function query(url: string, sub: string, document: string, variables?: object): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token(sub)}` },
    body: JSON.stringify({ query: document, variables }),
  });
  return response.json();
}

test('two people live the full life of a task, each blind to the other, over HTTP and WebSocket', async () => {
  const url = await serve().url;

  const made = await query(
    url,
    'alice',
    'mutation { createTask(input: { task: { title: "Plant a hedge" } }) { task { id ownerId } } }',
  );
  const { id, ownerId } = made.data.createTask.task;
  const hers = await query(url, 'alice', '{ tasks { nodes { id title } } }');
  const his = await query(url, 'bob', 'query ($id: UUID!) { tasks { totalCount } task(id: $id) { id } }', { id });
  const change =
    'mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { completed: true } }) { task { completed } } }';
  const refused = await query(url, 'bob', change, { id });
  const changed = await query(url, 'alice', change, { id });

  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token('bob')}` },
  });
  let overTheWire: any;
  for await (const answer of socket.iterate({ query: '{ me { id } tasks { totalCount } }' })) overTheWire = answer;
  await socket.dispose();

  const deleted = await query(
    url,
    'alice',
    'mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { id } } }',
    { id },
  );
  const after = await query(url, 'alice', '{ tasks { totalCount } }');

  expect(ownerId).toBe('alice');
  expect(hers.data.tasks.nodes).toEqual([{ id, title: 'Plant a hedge' }]);
  expect(his.data).toEqual({ tasks: { totalCount: 0 }, task: null });
  expect(refused.errors[0].extensions.code).toBe('NOT_FOUND');
  expect(changed.data.updateTask.task).toEqual({ completed: true });
  expect(overTheWire.data).toEqual({ me: { id: 'bob' }, tasks: { totalCount: 0 } });
  expect(deleted.data.deleteTask.task).toEqual({ id });
  expect(after.data).toEqual({ tasks: { totalCount: 0 } });
});

test('production serves without banner and playground, and logs JSON', async () => {
  const port = await freePort();
  const server = serve({ NODE_ENV: 'production', PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await ready(url);

  const playground = await fetch(`${url}/graphiql`);
  const answer = await query(url, 'alice', '{ me { id } }');
  server.process.kill('SIGTERM');
  const { code, stdout } = await server.ended;

  expect(playground.status).toBe(404);
  expect(answer.data.me.id).toBe('alice');
  expect(code).toBe(0);
  for (const line of stdout.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
});

describe('a stop signal', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s lets what runs finish, then ends with 0', async (signal) => {
    // A statement that takes a second, begun before the signal.
    await database.admin.query(
      `create or replace function public.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return null; end $$;
       create or replace trigger _000_slow before insert on app_public.tasks for each statement execute function public.slow()`,
    );
    const server = serve();
    const url = await server.url;

    const slow = query(url, 'carol', 'mutation { createTask(input: { task: { title: "x" } }) { task { title } } }');
    await new Promise((resolve) => setTimeout(resolve, 400));
    server.process.kill(signal);
    const answer = await slow;
    const { code, stderr } = await server.ended;
    await database.admin.query('drop trigger _000_slow on app_public.tasks');

    expect(answer.data.createTask.task.title).toBe('x');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('closes WebSockets with a code that makes clients reconnect', async () => {
    const server = serve();
    const url = await server.url;
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token('alice')}` },
      lazy: false,
      retryAttempts: 0,
      onNonLazyError: () => {},
    });
    await new Promise<void>((resolve) => socket.on('connected', () => resolve()));
    const closed = new Promise<number>((resolve) =>
      socket.on('closed', (event) => resolve((event as { code: number }).code)),
    );

    server.process.kill('SIGTERM');

    expect(await closed).toBe(1001);
    expect((await server.ended).code).toBe(0);
  });
});

describe('with trusted documents', () => {
  let folder: string;
  const fileOf = async (documents: object) => {
    const path = join(folder, 'persisted-documents.json');
    await writeFile(path, JSON.stringify(documents));
    return path;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hedgerow-e2e-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('only they are executed, and the terminal says why there is no playground', async () => {
    const path = await fileOf({ me: '{ me { id } }' });
    const server = serve({ HEDGEROW_TRUSTED_DOCUMENTS: path });
    const url = await server.url;
    const ask = async (body: object): Promise<any> => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token('alice')}` };
      return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };

    const [known, other] = [await ask({ documentId: 'me' }), await ask({ query: '{ me { name } }' })];
    const playground = await fetch(`${url}/graphiql`);

    expect(known.data).toEqual({ me: { id: 'alice' } });
    expect(other.errors[0].extensions.code).toBe('UNTRUSTED_DOCUMENT');
    expect(playground.status).toBe(404);
    expect(server.output()).toContain(`Documents   1 of ${path} and no others, so no playground`);
    expect(server.output()).not.toContain('curl');
  });

  test('a start with documents that do not fit ends with 1 and all that is wrong', async () => {
    const path = await fileOf({ good: '{ me { id } }', one: '{ nope }', two: '{' });

    const { code, stderr } = await serve({ HEDGEROW_TRUSTED_DOCUMENTS: path }).ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^HEDGEROW_TRUSTED_DOCUMENTS names .*persisted-documents\.json, which will not do:\n {2}- one: Cannot query field "nope".*\n {2}- two: Syntax Error.*\n$/,
    );
  });
});

describe('a start that cannot succeed ends with 1 and one clear message', () => {
  test('port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const { code, stderr } = await serve({ PORT: String(port) }).ended;
    other.close();

    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT to another.\n`);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['an address of another machine', () => ({ HOST: '192.0.2.1' }), /no address 192\.0\.2\.1/],
    ['a wrong password', () => ({ DATABASE_URL: withPassword(database.apiUrl, 'wrong') }), /password .* is wrong/],
    [
      'a missing database',
      () => ({ DATABASE_URL: withDatabase(database.apiUrl, 'nowhere') }),
      /does not exist|may not connect/,
    ],
    [
      'no server',
      () => ({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', HEDGEROW_START_TIMEOUT: '0' }),
      /No PostgreSQL answers/,
    ],
    ['the owner as API login', () => ({ DATABASE_URL: database.ownerUrl }), /Refusing to serve(.|\n)*owns objects/],
    ['a superuser as API login', () => ({ DATABASE_URL: database.adminUrl }), /Refusing to serve(.|\n)*is a superuser/],
    ['a short secret', () => ({ BETTER_AUTH_SECRET: 'short' }), /BETTER_AUTH_SECRET must have at least 32 bytes/],
    [
      'no file of trusted documents',
      () => ({ HEDGEROW_TRUSTED_DOCUMENTS: '/nowhere.json' }),
      /HEDGEROW_TRUSTED_DOCUMENTS names \/nowhere\.json(.|\n)*no such file/,
    ],
    [
      'a misspelt variable',
      () => ({ HEDGEROW_ISUER: 'x' }),
      /HEDGEROW_ISUER is not known\. Did you mean HEDGEROW_ISSUER\?/,
    ],
  ])('%s', async (_what, env, message) => {
    const { code, stderr } = await serve(env()).ended;

    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stderr).not.toContain('wrong@');
    expect(code).toBe(1);
  });
});

// C-53
test('a start waits for a database that is not there yet', async () => {
  const target = new URL(database.apiUrl);
  const port = await freePort();
  const server = serve({ DATABASE_URL: withPort(database.apiUrl, port) });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(server.process.exitCode).toBeNull();

  // The database comes up: here, a door opens to the real one.
  const door = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on('error', () => {});
  });
  await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve));
  const answer = await query(await server.url, 'alice', '{ me { id } }');
  server.process.kill('SIGTERM');
  await server.ended;
  door.close();

  expect(answer.data.me.id).toBe('alice');
});

test('an unknown option and an unknown command are refused with a hint', async () => {
  const option = await run(['serve', '--prot', '1']);
  const command = await run(['sevre']);

  expect(option.code).toBe(1);
  expect(option.stderr).toMatch(/unknown option '--prot'(.|\n)*--help/);
  expect(command.code).toBe(1);
  expect(command.stderr).toMatch(/unknown command 'sevre'(.|\n)*serve/);
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not become ready.`);
}

const changed = (url: string, change: (parsed: URL) => void) => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};
const withPassword = (url: string, password: string) => changed(url, (parsed) => void (parsed.password = password));
const withDatabase = (url: string, name: string) => changed(url, (parsed) => void (parsed.pathname = `/${name}`));
const withPort = (url: string, port: number) => changed(url, (parsed) => void (parsed.port = String(port)));
