/** The connection that brings changes, when it fails: nobody is left waiting for what does not come. C-29, C-53 */
import { pino } from 'pino';
import { addressOf, type Changes, createChanges, parsePayload } from '../../src/database/changes.ts';
import { useDatabase } from '../support/database.ts';
import { openProxy } from '../support/proxy.ts';

const database = useDatabase();
const log = pino({ level: 'silent' });
let changes: Changes;

afterEach(() => changes.release());

const tell = (sub: string, id: string) =>
  database.admin.query('select pg_notify($1, $2)', [addressOf(sub).channel, `created ${id}`]);
const id = '01890000-0000-7000-8000-000000000000';

test('a database that is not there is UNAVAILABLE at once; when it is there again, so are changes', async () => {
  changes = createChanges({ url: database.apiUrl.replace(/:\d+\//, ':1/') }, log);

  await expect(changes.subscribe('alice')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(changes.subscribe('alice')).rejects.toMatchObject({ code: 'UNAVAILABLE' });

  await changes.release();
  changes = createChanges({ url: database.apiUrl }, log);
  const told = await changes.subscribe('alice');
  await tell('alice', id);
  expect(await told.next()).toEqual({ done: false, value: { event: 'created', id } });
});

test('a connection that falls silent is noticed by its heartbeat', async () => {
  const { port } = new URL(database.apiUrl);
  const proxy = await openProxy(Number(port));
  const url = database.apiUrl.replace(`:${port}/`, `:${proxy.port}/`);
  changes = createChanges({ url, heartbeatMs: 200 }, log);
  const told = await changes.subscribe('alice');

  proxy.silence();

  await expect(told.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await proxy.close();
});

test('subscriptions that come and go at once leave those that stay', async () => {
  changes = createChanges({ url: database.apiUrl }, log);
  const stays = await changes.subscribe('alice');

  await Promise.all(
    Array.from({ length: 50 }, async (_, number) => {
      const goes = await changes.subscribe(number % 2 ? 'alice' : 'bob');
      await goes.return!();
    }),
  );
  const again = await changes.subscribe('bob');
  await tell('alice', id);
  await tell('bob', id);

  expect(await stays.next()).toMatchObject({ value: { id } });
  expect(await again.next()).toMatchObject({ value: { id } });
});

test('release ends subscriptions without an error', async () => {
  changes = createChanges({ url: database.apiUrl }, log);
  const told = await changes.subscribe('alice');
  const waiting = told.next();

  await changes.release();

  expect(await waiting).toEqual({ done: true, value: undefined });
});

test.each([
  ['created', `created ${id}`, [{ event: 'created', id }]],
  [
    'several',
    `deleted ${id},${id}`,
    [
      { event: 'deleted', id },
      { event: 'deleted', id },
    ],
  ],
  ['nothing', '', []],
  ['another event', `dropped ${id}`, []],
  ['no ids', 'updated', []],
  ['what is no id', `updated ${id}x,'--,${id}`, [{ event: 'updated', id }]],
])('a payload of %s', (_what, payload, told) => {
  expect(parsePayload(payload)).toEqual(told);
});
