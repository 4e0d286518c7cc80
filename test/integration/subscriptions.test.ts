/** Live updates over WebSockets: own tasks, and only own. C-01, C-29, C-31 */
import { type Client, createClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { createApp } from '../../src/app.ts';
import { addressOf, createChanges } from '../../src/database/changes.ts';
import { appOptions, codeOf, listen, tokenOf, useApi } from '../support/api.ts';
import { endConnections } from '../support/database.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');
const opened: Client[] = [];

afterEach(async () => {
  for (const client of opened.splice(0)) await client.dispose();
  await until(async () => (await listening()) === 0);
});

type Told = { event: string; id: string; task: { title: string; completed: boolean } | null };
type Subscription = {
  client: Client;
  /** The next change; fails after a while without one. */
  next(): Promise<Told>;
  /** How the subscription ended. */
  ended: Promise<unknown>;
  /** What came and was not asked for yet. */
  waiting: Told[];
  stop(): void;
};

const document = 'subscription { taskChanged { event id task { title completed } } }';

/** Subscribes, and waits until the server listens. */
async function subscribe(sub: string, url = api.url): Promise<Subscription> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf(sub)}` },
    retryAttempts: 0,
  });
  opened.push(client);
  const waiting: Told[] = [];
  let wake = () => {};
  let end: (how: unknown) => void;
  const ended = new Promise<unknown>((resolve) => (end = resolve));
  const before = await listening(sub);
  const stop = client.subscribe<{ taskChanged: Told }>(
    { query: document },
    {
      next({ data, errors }) {
        if (errors) return end(errors);
        waiting.push(data!.taskChanged);
        wake();
      },
      error: (error) => end(error),
      complete: () => end('complete'),
    },
  );
  await until(async () => (await listening(sub)) > before);
  return {
    client,
    waiting,
    ended,
    stop,
    async next() {
      for (const end = Date.now() + 5_000; waiting.length === 0;) {
        if (Date.now() > end) throw new Error('No change was told.');
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(100)]);
      }
      return waiting.shift()!;
    },
  };
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 5_000; !(await holds()); await sleep(20)) {
    if (Date.now() > end) throw new Error('It did not come to that.');
  }
}

/** How many connections hold the lock that says that somebody listens to this user, or to anybody. */
async function listening(sub?: string): Promise<number> {
  const { rows } = await api.database.admin.query<{ count: number }>(
    // In this database: other test files subscribe in theirs at the same time.
    `select count(*)::int from pg_locks
     where locktype = 'advisory' and classid = 1751475303 and objsubid = 2 and objid = coalesce($1, objid) and mode = 'ShareLock'
       and database = (select oid from pg_database where datname = current_database())`,
    [sub && addressOf(sub).bucket],
  );
  return rows[0]!.count;
}

async function make(who: typeof alice, title: string): Promise<string> {
  const answer = await who(
    'mutation ($title: String!) { createTask(input: { task: { title: $title } }) { task { id } } }',
    { title },
  );
  return answer.data.createTask.task.id;
}

test('a subscriber is told of what happens to own tasks, with the task as it is', async () => {
  const subscription = await subscribe('alice');

  const id = await make(alice, 'Plant');
  const created = await subscription.next();
  await alice('mutation ($id: UUID!) { completeTask(input: { id: $id }) { clientMutationId } }', { id });
  const updated = await subscription.next();
  await alice('mutation ($id: UUID!) { deleteTask(input: { id: $id }) { clientMutationId } }', { id });
  const deleted = await subscription.next();

  expect(created).toEqual({ event: 'CREATED', id, task: { title: 'Plant', completed: false } });
  expect(updated).toEqual({ event: 'UPDATED', id, task: { title: 'Plant', completed: true } });
  expect(deleted).toEqual({ event: 'DELETED', id, task: null });
});

test('each of many changes of one statement is told', async () => {
  const subscription = await subscribe('alice');

  const answer = await alice(
    'mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }',
    {
      tasks: Array.from({ length: 100 }, (_, number) => ({ title: `${number}` })),
    },
  );
  await until(() => subscription.waiting.length === 100);

  const ids = answer.data.createTasks.tasks.map((task: { id: string }) => task.id);
  expect(new Set(subscription.waiting.map(({ id }) => id))).toEqual(new Set(ids));
  expect(new Set(subscription.waiting.map(({ event }) => event))).toEqual(new Set(['CREATED']));
});

test('what was written by SQL is told as well', async () => {
  const subscription = await subscribe('alice');

  await api.database.admin.query("insert into app_public.tasks (owner_id, title) values ('alice', 'By an import')");

  expect(await subscription.next()).toMatchObject({ event: 'CREATED', task: { title: 'By an import' } });
});

test('what was rolled back is not told', async () => {
  const subscription = await subscribe('alice');
  const { admin } = api.database;

  await admin.query('begin');
  await admin.query("insert into app_public.tasks (owner_id, title) values ('alice', 'Undone')");
  await admin.query('rollback');
  await make(alice, 'After');

  expect(await subscription.next()).toMatchObject({ task: { title: 'After' } });
});

test('nobody is told of others’ tasks', async () => {
  const subscriptions = [await subscribe('alice'), await subscribe('bob')] as const;

  await make(alice, 'Alice’s');
  await make(bob, 'Bob’s');

  expect(await subscriptions[0].next()).toMatchObject({ task: { title: 'Alice’s' } });
  expect(await subscriptions[1].next()).toMatchObject({ task: { title: 'Bob’s' } });
  await sleep(200);
  expect(subscriptions.map(({ waiting }) => waiting)).toEqual([[], []]);
});

// Any role may notify any channel; who forges a notification makes a subscriber look, and see what they may see.
test('a forged notification shows nothing that is not the subscriber’s', async () => {
  const subscription = await subscribe('alice');
  const theirs = await make(bob, 'Bob’s secret');

  const { channel } = addressOf('alice');
  for (const payload of [`updated ${theirs}`, 'updated nonsense', 'exploded 1', '', `created ${theirs}; drop table`]) {
    await api.database.admin.query('select pg_notify($1, $2)', [channel, payload]);
  }
  await make(alice, 'Mine');

  expect(await subscription.next()).toEqual({ event: 'UPDATED', id: theirs, task: null });
  expect(await subscription.next()).toMatchObject({ event: 'CREATED', task: { title: 'Mine' } });
});

test('several servers on one database tell of each other’s changes', async () => {
  const log = pino({ level: 'silent' });
  const changes = createChanges({ url: api.database.apiUrl }, log);
  const app = await createApp(appOptions({ pool: api.database.pool, changes, log }));
  const { url, server } = await listen(app);
  const here = await subscribe('alice');
  const there = await subscribe('alice', url);

  await make(alice, 'Seen from everywhere');

  expect(await here.next()).toMatchObject({ task: { title: 'Seen from everywhere' } });
  expect(await there.next()).toMatchObject({ task: { title: 'Seen from everywhere' } });
  // On shutdown, the code that makes clients connect again elsewhere.
  const closed = new Promise<number>((resolve) =>
    there.client.on('closed', (event) => resolve((event as CloseEvent).code)),
  );
  await app.stop();
  expect(await closed).toBe(1001);
  await app.release();
  await changes.release();
  server.close();
});

test('two subscriptions of one user share a connection; when both are gone, nobody listens', async () => {
  const first = await subscribe('carol');
  const second = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf('carol')}` },
  });
  opened.push(second);
  const told: unknown[] = [];
  const stop = second.subscribe(
    { query: document },
    { next: (value) => told.push(value), error: () => {}, complete: () => {} },
  );
  await until(async () => {
    await make(api.as('carol'), 'For both');
    return told.length > 0;
  });

  expect(await first.next()).toMatchObject({ task: { title: 'For both' } });
  expect(await listening('carol')).toBe(1);
  stop();
  await sleep(100);
  expect(await listening('carol')).toBe(1);
  first.stop();
  await until(async () => (await listening('carol')) === 0);
});

test('a connection that is lost ends subscriptions with an error; whoever subscribes again is told again', async () => {
  const subscription = await subscribe('alice');

  await endConnections(api.database.admin, { application: 'hedgerow changes' });

  expect(await subscription.ended).toMatchObject([
    { extensions: { code: 'UNAVAILABLE', requestId: expect.any(String) } },
  ]);
  const again = await subscribe('alice');
  await make(alice, 'Told again');
  expect(await again.next()).toMatchObject({ task: { title: 'Told again' } });
});

test('the subscription waits for writers who found that nobody listens: who subscribes and then reads misses nothing', async () => {
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query("insert into app_public.tasks (owner_id, title) values ('alice', 'On the way')");

  let isListening = false;
  const subscribed = subscribe('alice').then((subscription) => {
    isListening = true;
    return subscription;
  });
  await sleep(300);
  expect(isListening).toBe(false);
  await admin.query('commit');
  await subscribed;

  const answer = await alice('{ tasks(search: "way") { totalCount } }');
  expect(answer.data.tasks.totalCount).toBe(1);
});

test('over HTTP a subscription is refused with a code', async () => {
  const answer = await alice(document);

  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(codeOf(answer)).toBe('BAD_REQUEST');
});

test.each([
  ['nope', 'GRAPHQL_VALIDATION_FAILED'],
  [
    'taskChanged { task { owner { tasks(first: 100) { nodes { owner { tasks(first: 100) { totalCount nodes { id } } } } } } } }',
    'TOO_COMPLEX',
  ],
])('what is refused over HTTP is refused here: %s', async (selection, code) => {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf('alice')}` },
  });
  opened.push(client);

  const errors = await new Promise<unknown>((resolve) => {
    client.subscribe(
      { query: `subscription { ${selection} }` },
      { next: ({ errors }) => resolve(errors), error: resolve, complete: () => {} },
    );
  });

  expect(errors).toMatchObject([{ extensions: { code } }]);
});

test('names of channels and locks are those of the trigger', async () => {
  for (const sub of ['alice', 'auth0|5f7c8ec7c33c6c004bbafe82', 'ü'.repeat(255), `o'brien "x" \\ %s`]) {
    const { rows } = await api.database.admin.query(
      'select app_hidden.changes_channel($1) as channel, app_hidden.changes_bucket($1) as bucket',
      [sub],
    );
    expect(rows).toEqual([addressOf(sub)]);
  }
});

test('a writer tells nobody when nobody listens', async () => {
  const { admin } = api.database;
  await admin.query(`listen "${addressOf('dave').channel}"`);
  const heard: unknown[] = [];
  admin.on('notification', (notification) => heard.push(notification.payload));

  await make(api.as('dave'), 'Unheard');
  const subscription = await subscribe('dave');
  await make(api.as('dave'), 'Heard');
  await subscription.next();
  await admin.query('select 1');

  expect(heard).toHaveLength(1);
});
