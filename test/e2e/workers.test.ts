/** `HEDGEROW_WORKERS`: several processes serve on one port, and share nothing but the database. C-05, C-29, C-57 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { useDatabase } from '../support/database.ts';
import { run, type Running, useServers } from '../support/hedgerow.ts';
import { inSeconds, mint, testSecret } from '../support/tokens.ts';

const database = useDatabase();
const serve = useServers(() => ({
  PORT: '0',
  DATABASE_URL: database.apiUrl,
  BETTER_AUTH_SECRET: testSecret,
  HEDGEROW_WORKERS: '2',
}));

const bearer = (sub: string) => `Bearer ${mint({ sub, exp: inSeconds(300) })}`;

type Answer = { status: number; body: any };

/** Asks as somebody, or with a token, over a connection of its own: connections are what is dealt out to the workers. */
async function ask(url: string, who: string, query: string, id = 'x'): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    authorization: who.includes('.') ? `Bearer ${who}` : bearer(who),
    'x-request-id': id,
  };
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
      text(response)
        .then((body) => resolve({ status: response.statusCode!, body: JSON.parse(body) }))
        .catch(reject);
    });
    asking.once('error', reject).end(JSON.stringify({ query }));
  });
}

const create = (title: string) =>
  `mutation { createTask(input: { task: { title: "${title}" } }) { task { title ownerId } } }`;

const linesOf = (server: Running): any[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

async function eventually<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    const seen = await look();
    if (seen) return seen;
  }
  throw new Error('It does not come.');
}

/** The process that answered the request with this id, as the log has it. */
const answeredBy = (server: Running, id: string): Promise<number> =>
  eventually(() => linesOf(server).find(({ requestId }) => requestId === id)?.pid as number | undefined);

/** Does it over and over, until both workers have answered. */
async function throughBoth(server: Running, act: (id: string) => Promise<unknown>): Promise<Set<number>> {
  const pids = new Set<number>();
  for (let i = 0; i < 50 && pids.size < 2; i++) {
    const id = `${Date.now()}-${i}`;
    await act(id);
    pids.add(await answeredBy(server, id));
  }
  return pids;
}

/** The children of a process, with their command lines. */
async function childrenOf({ process: { pid } }: Running): Promise<Map<number, string>> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const rows = stdout.split('\n').map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line));
  return new Map(rows.filter((row) => Number(row?.[2]) === pid).map((row) => [Number(row![1]), row![3]!]));
}

const lives = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Requests that have begun, in both workers, and take two seconds. */
async function slowRequests(server: Running): Promise<Promise<Answer>[]> {
  const url = await server.url;
  await database.admin.query(
    `create or replace function public.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(2); return null; end $$;
     create or replace trigger _000_slow before insert on app_public.tasks for each statement execute function public.slow()`,
  );
  const answers = ['ann', 'ben', 'cem', 'dee', 'eli', 'fay'].map((sub) => ask(url, sub, create('slow')));
  answers.forEach((answer) => void answer.catch(() => {}));
  await eventually(async () => {
    const { rows } = await database.admin.query(
      `select count(*)::integer as sleeping from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    );
    return rows[0].sleeping === answers.length;
  });
  return answers;
}
afterEach(async () => {
  await database.admin.query('drop trigger if exists _000_slow on app_public.tasks');
});

/** What each of the slow requests answers when nothing is cut. */
const finished = { status: 200, body: { data: { createTask: { task: expect.objectContaining({ title: 'slow' }) } } } };

test('two workers serve on one port, and the terminal is told once', async () => {
  const server = serve();
  const url = await server.url;

  const pids = await throughBoth(server, (id) => ask(url, 'alice', '{ me { id } }', id));
  const children = await childrenOf(server);

  expect(pids.size).toBe(2);
  expect([...pids].sort()).toEqual([...children.keys()].sort());
  // Nothing that has to be secret is shown to whoever lists processes.
  for (const line of children.values()) expect(line).toMatch(/^\S*node \S*main\.ts worker$/);
  expect(server.output().split('Hedgerow is ready.')).toHaveLength(2);
  expect(linesOf(server).filter(({ level }) => level > 30)).toEqual([
    expect.objectContaining({ workers: 2, msg: expect.stringContaining('HEDGEROW_RATE_LIMIT_STORE=postgres') }),
  ]);
});

test('the embedded database and the generated secret are of all workers, and go after the last', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-workers-'));
  // So that root's PostgreSQL, which runs as somebody else, can lie in it.
  await chmod(folder, 0o755);
  const env = {
    DATABASE_URL: '',
    BETTER_AUTH_SECRET: '',
    HEDGEROW_AUTH: 'off',
    HEDGEROW_DATA_DIR: join(folder, 'data'),
  };
  const server = serve(env);
  const url = await server.url;
  const cluster = /in (\/\S+)/.exec(server.output())![1]!;

  const token = (await run(['token', 'alice'], { HEDGEROW_DATA_DIR: env.HEDGEROW_DATA_DIR })).stdout.trim();
  const answers: Answer[] = [];
  const pids = await throughBoth(server, async (id) => answers.push(await ask(url, token, '{ me { id } }', id)));
  // A request that has begun, and whose end comes after the signal.
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, expect: '100-continue' };
  const late = request(`${url}/graphql`, { method: 'POST', headers, agent: false });
  const answered = new Promise<string>((resolve, reject) => {
    late.once('response', (response) => void text(response).then(resolve, reject)).once('error', reject);
  });
  late.flushHeaders();
  await new Promise((resolve) => late.once('continue', resolve));
  server.process.kill('SIGTERM');
  await server.says(/"stopping"/);
  await sleep(1_000);
  late.end('{"query":"{ me { id } }"}');

  expect(JSON.parse(await answered)).toEqual({ data: { me: { id: 'alice' } } });
  expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  expect(pids.size).toBe(2);
  expect(answers.map(({ body }) => body)).toEqual(answers.map(() => ({ data: { me: { id: 'alice' } } })));
  expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
  await rm(folder, { recursive: true, force: true });
});

test('one worker is the process itself', async () => {
  const server = serve({ HEDGEROW_WORKERS: '1' });
  const url = await server.url;

  await ask(url, 'alice', '{ me { id } }', 'one');
  const line = await eventually(() => linesOf(server).find(({ requestId }) => requestId === 'one'));

  expect(await childrenOf(server)).toEqual(new Map());
  expect(line).not.toHaveProperty('pid');
});

test('a subscription hears of changes through either worker', async () => {
  const server = serve();
  const url = await server.url;
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: bearer('alice') },
    retryAttempts: 0,
  });
  const heard: string[] = [];
  socket.subscribe<{ taskChanged: { task: { title: string } } }>(
    { query: 'subscription { taskChanged { task { title } } }' },
    { next: ({ data }) => void heard.push(data!.taskChanged.task.title), error: () => {}, complete: () => {} },
  );
  // Until it listens, changes pass it by.
  await eventually(async () => {
    await ask(url, 'alice', create('first'));
    return heard.length > 0;
  });

  const made: string[] = [];
  const pids = await throughBoth(server, (id) => {
    made.push(id);
    return ask(url, 'alice', create(id), id);
  });
  await eventually(() => heard.includes(made.at(-1)!));
  await socket.dispose();

  expect(pids.size).toBe(2);
  expect(heard.filter((title) => title !== 'first')).toEqual(made);
});

describe('a worker that dies', () => {
  test('is replaced, on the same port, and requests go on', async () => {
    const server = serve();
    const url = await server.url;
    const [one, other] = (await childrenOf(server)).keys();

    process.kill(one!, 'SIGKILL');
    await server.says(/a worker ended/);
    const meanwhile = await ask(url, 'alice', '{ me { id } }', 'meanwhile');
    await server.says(/a worker serves in its place/);
    const pids = await throughBoth(server, (id) => ask(url, 'alice', '{ me { id } }', id));

    expect(meanwhile.body).toEqual({ data: { me: { id: 'alice' } } });
    expect(await answeredBy(server, 'meanwhile')).toBe(other);
    expect(pids).toContain(other);
    expect(pids).not.toContain(one);
    expect(linesOf(server)).toContainEqual(
      expect.objectContaining({ level: 50, pid: server.process.pid, worker: one, signal: 'SIGKILL', pauseMs: 200 }),
    );
  });

  test('with all the others is replaced on the same port too', async () => {
    const server = serve();
    const url = await server.url;

    for (const pid of (await childrenOf(server)).keys()) process.kill(pid, 'SIGKILL');
    await eventually(() => server.output().split('a worker serves in its place').length === 3);
    const pids = await throughBoth(server, (id) => ask(url, 'alice', '{ me { id } }', id));

    expect(pids.size).toBe(2);
  });

  test('is tried again and again, ever more slowly, while it cannot start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hedgerow-workers-'));
    const documents = join(folder, 'documents.json');
    const write = () => writeFile(documents, JSON.stringify({ me: '{ me { id } }' }));
    await write();
    const server = serve({ HEDGEROW_TRUSTED_DOCUMENTS: documents });
    await server.url;
    const [one] = (await childrenOf(server)).keys();

    await rm(documents);
    process.kill(one!, 'SIGKILL');
    await eventually(() => server.output().split('a worker could not start').length === 3);
    await write();
    await server.says(/a worker serves in its place/);
    await rm(folder, { recursive: true });

    const lines = linesOf(server);
    const pauses = lines.filter(({ msg }) => msg.startsWith('a worker ended')).map(({ pauseMs }) => pauseMs);
    expect(pauses.slice(0, 3)).toEqual([200, 400, 800]);
    expect(lines.find(({ msg }) => msg === 'a worker could not start').reason).toMatch(
      /HEDGEROW_TRUSTED_DOCUMENTS names (.|\n)*no such file/,
    );
  });

  test('by SIGTERM finishes its requests first', async () => {
    const server = serve();
    const answers = await slowRequests(server);
    const [one] = (await childrenOf(server)).keys();

    process.kill(one!, 'SIGTERM');

    expect(await Promise.all(answers)).toEqual(answers.map(() => finished));
    await server.says(/a worker ended/);
    expect(linesOf(server)).toContainEqual(expect.objectContaining({ worker: one, code: 0 }));
  });
});

describe('a stop signal', () => {
  test.each([
    ['SIGTERM to the first process', 'SIGTERM', false],
    // What Ctrl-C in a terminal does.
    ['SIGINT to all processes at once', 'SIGINT', true],
  ] as const)('%s lets what runs finish, then ends with 0', async (_how, signal, toAll) => {
    const server = serve();
    const url = await server.url;
    const answers = await slowRequests(server);

    const workers = [...(await childrenOf(server)).keys()];
    for (const pid of [server.process.pid!, ...(toAll ? workers : [])]) process.kill(pid, signal);

    expect(await Promise.all(answers)).toEqual(answers.map(() => finished));
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
    await expect(ask(url, 'alice', '{ me { id } }')).rejects.toThrow(/ECONNREFUSED/);
    expect(linesOf(server).filter(({ msg }) => /worker ended/.test(msg))).toEqual([]);
    expect(server.output()).toMatch(/"msg":"stopped"\}\n$/);
  });

  test('cuts no answer under load', async () => {
    const server = serve();
    const url = await server.url;
    const statuses: number[] = [];
    const client = async (sub: string): Promise<void> => {
      for (;;) {
        // Whoever comes too late is turned away before a word was read.
        const answer = await ask(url, sub, create('load')).catch((error: NodeJS.ErrnoException) => error.code);
        if (typeof answer !== 'object') return expect(answer).toMatch(/^ECONN(REFUSED|RESET)$/);
        statuses.push(answer.status);
      }
    };

    const clients = Array.from({ length: 8 }, (_, i) => client(`client ${i}`));
    await eventually(() => statuses.length > 40);
    server.process.kill('SIGTERM');
    await Promise.all(clients);
    const { code, stderr } = await server.ended;

    const { rows } = await database.admin.query(
      `select count(*)::integer as made from app_public.tasks where title = 'load'`,
    );
    expect(statuses).toEqual(statuses.map(() => 200));
    // What was done was told.
    expect(statuses).toHaveLength(rows[0].made);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('closes WebSockets with a code that makes clients reconnect', async () => {
    const server = serve();
    const url = await server.url;
    const closings = Array.from({ length: 4 }, async () => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await new Promise((resolve) => socket.once('open', resolve));
      return () => new Promise<number>((resolve) => socket.once('close', resolve));
    });
    const closed = (await Promise.all(closings)).map((wait) => wait());

    server.process.kill('SIGTERM');

    expect(await Promise.all(closed)).toEqual([1001, 1001, 1001, 1001]);
    expect((await server.ended).code).toBe(0);
  });

  test('does not wait for ever for a worker that hangs', async () => {
    const server = serve({ HEDGEROW_STOP_TIMEOUT: '100' });
    await server.url;
    const [one] = (await childrenOf(server)).keys();

    process.kill(one!, 'SIGSTOP');
    server.process.kill('SIGTERM');

    expect((await server.ended).code).toBe(0);
    expect(linesOf(server)).toContainEqual(
      expect.objectContaining({ worker: one, msg: 'a worker did not stop in time and is killed' }),
    );
  });

  test('the second ends all processes at once', async () => {
    const server = serve();
    const answers = await slowRequests(server);
    const workers = [...(await childrenOf(server)).keys()];

    server.process.kill('SIGTERM');
    await server.says(/stopping/);
    server.process.kill('SIGTERM');

    expect((await server.ended).code).toBe(1);
    await eventually(() => !workers.some(lives));
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(answers.map(() => 'rejected'));
  });
});

test('workers whose first process was killed finish their requests and end', async () => {
  const server = serve();
  const answers = await slowRequests(server);
  const workers = [...(await childrenOf(server)).keys()];

  server.process.kill('SIGKILL');

  expect(await Promise.all(answers)).toEqual(answers.map(() => finished));
  expect(await server.ended).toMatchObject({ stderr: '' });
  await eventually(() => !workers.some(lives));
});

describe('a start that cannot succeed ends with 1 and one clear message', () => {
  test('port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const { code, stderr } = await serve({ PORT: String(port) }).ended;
    other.close();

    expect(stderr).toBe(`Port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT to another.\n`);
    expect(code).toBe(1);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'a fault in the configuration',
      () => ({ HEDGEROW_WORKERS: '0' }),
      /^[^\n]*\n {2}- HEDGEROW_WORKERS must be .*\n$/,
    ],
    ['the owner as API login', () => ({ DATABASE_URL: database.ownerUrl }), /^Refusing to serve[^\n]*\n( {2}- .*\n)+$/],
    [
      'no server',
      () => ({ DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c', HEDGEROW_START_TIMEOUT: '0' }),
      /^No PostgreSQL answers.*\n$/,
    ],
  ])('%s', async (_what, env, message) => {
    const { code, stderr } = await serve(env()).ended;

    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
