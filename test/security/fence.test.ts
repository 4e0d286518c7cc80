/** The fence: no transaction without the visitor's role and a subject, and nothing left behind on the connection. C-30, C-35, T-02, T-04 */
import {
  fence,
  fencedPgService,
  fencedTransactions,
  type FencedTransaction,
  UnfencedError,
} from '../../src/database/fence.ts';
import { nobody, settingsFor } from '../../src/database/settings.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const alice = settingsFor({ sub: 'alice' }, { statementMs: 5000, lockMs: 5000, idleInTransactionMs: 5000 });

const unfenced: [string, unknown][] = [
  ['nothing', null],
  ['undefined', undefined],
  ['an empty set', {}],
  ['a role without a subject', { role: 'hedgerow_visitor' }],
  ['a subject without a role', { 'jwt.claims.sub': 'alice' }],
  ['a subject of null', { role: 'hedgerow_visitor', 'jwt.claims.sub': null }],
  ['a role of null', { role: null, 'jwt.claims.sub': 'alice' }],
  ['another role', { role: 'hedgerow_owner', 'jwt.claims.sub': 'alice' }],
  ['a promise of settings', Promise.resolve(alice)],
];

describe.each(unfenced)('with %s for settings', (_name, settings) => {
  test('the fence refuses, and takes no connection', async () => {
    let opened = false;
    const withTransaction = fence((async () => {
      opened = true;
    }) as unknown as FencedTransaction);

    await expect(withTransaction(settings as never, () => 'ran')).rejects.toThrow(UnfencedError);

    expect(opened).toBe(false);
  });

  test('what PostGraphile gets refuses too', async () => {
    const { adaptor, adaptorSettings } = fencedPgService(database.pool);
    const withPgClient = await adaptor.createWithPgClient(adaptorSettings);

    await expect(withPgClient(settings as never, () => 'ran')).rejects.toThrow(UnfencedError);
  });
});

test('inside the fence one is the visitor, with the subject, in a transaction', async () => {
  const withTransaction = fencedTransactions(database.pool);

  const { rows } = await withTransaction(alice, (client) =>
    client.query({
      text: `select current_user as role, app_hidden.current_user_id() as sub, current_setting('statement_timeout') as timeout,
               now() = statement_timestamp() as alone`,
    }),
  );

  expect(rows).toEqual([{ role: 'hedgerow_visitor', sub: 'alice', timeout: '5s', alone: false }]);
});

test('a connection carries nobody when its transaction is over, by success or by failure', async () => {
  const withTransaction = fencedTransactions(database.pool);
  const carried = () =>
    database.pool.query(
      `/* outside the fence: what a connection carries when its transaction is over */
       select current_user = session_user as itself, nullif(current_setting('jwt.claims.sub', true), '') as sub`,
    );

  await withTransaction(alice, (client) => client.query({ text: 'select 1' }));
  const afterSuccess = await carried();
  await expect(withTransaction(alice, (client) => client.query({ text: 'select 1 / 0' }))).rejects.toThrow();
  const afterFailure = await carried();

  expect(database.pool.totalCount).toBe(1);
  expect(afterSuccess.rows).toEqual([{ itself: true, sub: null }]);
  expect(afterFailure.rows).toEqual([{ itself: true, sub: null }]);
});

test('a claim that is absent now is not the one of the request before', async () => {
  const withTransaction = fencedTransactions(database.pool);
  const withName = settingsFor({ sub: 'alice', name: 'Alice' }, { statementMs: 0, lockMs: 0, idleInTransactionMs: 0 });
  const nameSeen = { text: 'select app_hidden.current_user_name() as name' };

  const first = await withTransaction(withName, (client) => client.query(nameSeen));
  const second = await withTransaction(alice, (client) => client.query(nameSeen));

  expect(first.rows).toEqual([{ name: 'Alice' }]);
  expect(second.rows).toEqual([{ name: null }]);
});

test('nobody passes the fence and sees nothing', async () => {
  await database.admin.query("insert into app_public.users (id) values ('somebody') on conflict do nothing");
  const withTransaction = fencedTransactions(database.pool);

  const { rows } = await withTransaction(nobody, (client) => client.query({ text: 'select id from app_public.users' }));

  expect(rows).toEqual([]);
});

describe('the API login without the fence', () => {
  const outside = '/* outside the fence: what the login may not do by itself */';

  test.each([
    'select from app_public.tasks',
    'insert into app_public.tasks (title) values ($$x$$)',
    'select app_public.me()',
  ])('may not even: %s', async (statement) => {
    await expect(database.pool.query(`${outside} ${statement}`)).rejects.toMatchObject({ code: '42501' });
  });

  test.each(['hedgerow_test_owner', 'postgres'])('cannot become %s', async (role) => {
    await expect(database.pool.query(`${outside} set role ${role}`)).rejects.toMatchObject({ code: '42501' });
  });
});
