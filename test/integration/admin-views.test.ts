/** The views of administrators that look at the server: who is connected and for whom, who waits, what is slow, what grows. C-04 */
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { useApi } from '../support/api.ts';
import '../support/on-export.ts';

let inspector: pg.Client;
// Before the database is dropped.
afterAll(() => inspector.end());
const api = useApi();
beforeAll(async () => {
  inspector = new pg.Client(api.database.inspectorUrl);
  await inspector.connect();
});

type Row = Record<string, unknown>;
const look = async (sql: string, values: unknown[] = []) => (await inspector.query<Row>(sql, values)).rows;

test('sessions and locks tell for whom a request waits, and for what', async () => {
  const { data } = await api.as('alice')(
    'mutation { createTask(input: { task: { title: "Plant" } }) { task { id } } }',
  );
  const { id } = data.createTask.task as { id: string };
  await api.database.admin.query('begin');
  await api.database.admin.query('select from app_public.tasks where id = $1 for update', [id]);
  const { rows } = await api.database.admin.query<{ pid: number }>('select pg_backend_pid() as pid');
  const holder = rows[0]!.pid;

  const waiting = api.as('alice')(
    `mutation { updateTask(input: { id: "${id}", patch: { completed: true } }) { task { id } } }`,
  );
  let sessions: Row[] = [];
  while (sessions.length === 0) {
    await sleep(20);
    sessions = await look('select * from admin.sessions where subject is not null and blocked_by is not null');
  }
  const locks = await look('select * from admin.locks where not granted');
  await api.database.admin.query('commit');
  await waiting;

  expect(sessions).toEqual([
    expect.objectContaining({
      login: 'hedgerow_test_api',
      application: 'hedgerow',
      subject: 'alice',
      state: 'active',
      waits_for: 'Lock: transactionid',
      blocked_by: [holder],
    }),
  ]);
  expect(locks).toEqual([
    expect.objectContaining({
      pid: sessions[0]!['pid'],
      subject: 'alice',
      kind: 'transactionid',
      blocked_by: [holder],
    }),
  ]);
  expect(locks[0]!['waiting_since']).toBeInstanceOf(Date);
  expect(await look('select from admin.sessions where subject is not null')).toEqual([]);
});

test('an index that does the work of another, and one that nobody uses, are remarked on', async () => {
  await api.database.admin.query(
    `create index tasks_owner_again on app_public.tasks (owner_id);
     create index tasks_due_never on app_public.tasks (due_at)`,
  );

  const health = await look(
    `select index, remark from admin.index_health where "table" = 'tasks' and remark <> '' order by index`,
  );
  await api.database.admin.query('drop index app_public.tasks_owner_again, app_public.tasks_due_never');

  expect(health).toEqual(
    expect.arrayContaining([
      { index: 'tasks_due_never', remark: 'never used' },
      { index: 'tasks_owner_again', remark: 'never used; begins with the columns of tasks_pkey' },
    ]),
  );
});

test('the growth of a table is what was written to it', async () => {
  const written = async () =>
    (
      await look(`select inserted::int, total_bytes > 0 as has_size from admin.table_growth where "table" = 'tasks'`)
    )[0]!;
  await api.database.admin.query('select pg_stat_force_next_flush()');
  const before = await written();

  await api.database.admin.query(
    `insert into app_public.tasks (owner_id, title) select 'alice', 'x' from generate_series(1, 7);
     select pg_stat_force_next_flush()`,
  );

  expect(await written()).toEqual({ inserted: (before['inserted'] as number) + 7, has_size: true });
});

test('statements are counted where pg_stat_statements is; elsewhere there is a notice that says what to do', async () => {
  const installed = "select from pg_extension where extname = 'pg_stat_statements'";
  const notices: string[] = [];
  inspector.on('notice', ({ message }) => notices.push(message!));
  if ((await look(installed)).length > 0) {
    await api.as('alice')('{ tasks { totalCount } }');
    const found = await look(
      `select calls > 0 as counted, total_ms > 0 as timed, share > 0 and share < 1 as shared from admin.slow_statements
       where role = 'hedgerow_visitor' and query like '%app_public%tasks%' limit 1`,
    );
    expect(found).toEqual([{ counted: true, timed: true, shared: true }]);
    await api.database.admin.query('drop extension pg_stat_statements');
  }

  expect(await look('select from admin.slow_statements')).toEqual([]);
  expect(notices).toEqual(['pg_stat_statements is not installed, so there are no statements to show.']);
});
