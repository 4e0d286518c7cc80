/** The connection that brings changes, when it fails: nobody is left waiting for what does not come. C-29, C-53 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { addressOf, type Changes, createChanges, parsePayload } from '../../src/database/changes.ts';
import { useDatabase } from '../support/database.ts';

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
  const sockets: Socket[] = [];
  const target = new URL(database.apiUrl);
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    sockets.push(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = database.apiUrl.replace(`:${target.port}/`, `:${(proxy.address() as AddressInfo).port}/`);
  changes = createChanges({ url, heartbeatMs: 200 }, log);
  const told = await changes.subscribe('alice');

  // As when a firewall forgets the connection: nothing arrives, and nobody says so.
  for (const socket of sockets) socket.unpipe().pause();

  await expect(told.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  for (const socket of sockets) socket.destroy();
  proxy.close();
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
