/** What the pool lends again: connections on which nothing is open. C-31, C-53 */
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const which = '/* outside the fence: which connection the pool lends */';
const backendOf = async () =>
  (await database.pool.query<{ pid: number }>(`${which} select pg_backend_pid() as pid`)).rows[0]!.pid;

test('a connection that is given back is lent again', async () => {
  const first = await backendOf();

  const second = await backendOf();

  expect(second).toBe(first);
});

test.each([
  ['in the middle of a transaction', 'begin'],
  ['after an error in a transaction', `${which} begin; select 1 / 0`],
])('a connection that is given back %s is not lent again', async (_when, statements) => {
  const first = await backendOf();
  const client = await database.pool.connect();
  await client.query(statements).catch(() => {});

  client.release();

  expect(await backendOf()).not.toBe(first);
  expect(database.pool.totalCount).toBe(1);
});
