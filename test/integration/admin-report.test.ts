/** The figures of the report, read from a database that is filled by hand. C-04 */
import pg from 'pg';
import { readFigures } from '../../src/admin/report/read/figures.ts';
import { printHtmlReport } from '../../src/admin/report/html/page.ts';
import { onDatabase } from '../../src/database/url.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
let inspector: pg.Client;

/** Alice has two open tasks, one done and one in the trash, bob one that was done a day later, mallory none. Times are what they are set to. */
const scene = `
  begin;
  set local session_replication_role = replica;
  insert into app_public.users (id, name, email, created_at, updated_at) values
    ('alice', 'Alice', 'alice@example.com', '2026-01-05 23:59:59+00', '2026-01-05 23:59:59+00'),
    ('bob', 'Bob', null, '2026-01-06 00:00:00+00', now() - interval '8 days'),
    ('mallory', null, null, '2026-01-06 12:00:00+00', now());
  insert into app_public.tasks (owner_id, title, completed, completed_at, deleted_at, created_at, updated_at) values
    ('alice', 'a', false, null, null, '2026-02-01', now() - interval '6 days'),
    ('alice', 'b', false, null, null, '2026-02-01', '2026-02-01'),
    ('alice', 'c', true, '2026-02-03', null, '2026-02-01', '2026-02-03'),
    ('alice', 'd', true, '2026-02-03', '2026-02-04', '2026-02-02', '2026-02-04'),
    ('bob', 'e', true, '2026-02-03', null, '2026-02-02', '2026-02-03');
  commit;
`;

beforeAll(async () => {
  await database.admin.query(scene);
  await database.admin.query('select pg_stat_force_next_flush()');
});
beforeEach(async () => {
  inspector = new pg.Client(database.inspectorUrl);
  await inspector.connect();
});
afterEach(() => inspector.end());

test('users, tasks and days are counted as they are, days in UTC', async () => {
  await inspector.query("set time zone 'Asia/Tokyo'");
  const figures = await readFigures(inspector);

  expect(figures.totals).toEqual({
    users: 3,
    activeInWeek: 2,
    activeInMonth: 3,
    openTasks: 2,
    completedTasks: 2,
    trashedTasks: 1,
  });
  expect(figures.topUsers.map(({ bytes: _bytes, lastActiveAt: _at, ...user }) => user)).toEqual([
    { id: 'alice', name: 'Alice', email: 'alice@example.com', openTasks: 2, completedTasks: 1, trashedTasks: 1 },
    { id: 'bob', name: 'Bob', email: null, openTasks: 0, completedTasks: 1, trashedTasks: 0 },
    { id: 'mallory', name: null, email: null, openTasks: 0, completedTasks: 0, trashedTasks: 0 },
  ]);
  for (const { bytes, lastActiveAt } of figures.topUsers) {
    expect(bytes).toBeGreaterThan(0);
    expect(Date.now() - lastActiveAt.getTime()).toBeLessThan(9 * 86_400_000);
  }
  expect(figures.arrivals).toEqual([
    { day: '2026-01-05', users: 1 },
    { day: '2026-01-06', users: 2 },
  ]);
  expect(figures.taskDays).toEqual([
    { day: '2026-02-01', created: 3, completed: 0, trashed: 0 },
    { day: '2026-02-02', created: 2, completed: 0, trashed: 0 },
    { day: '2026-02-03', created: 0, completed: 3, trashed: 0 },
    { day: '2026-02-04', created: 0, completed: 0, trashed: 1 },
  ]);
});

test('tables, migrations and the place are what the server says', async () => {
  const { tables, migrations, place } = await readFigures(inspector);

  const { rows } = await database.admin.query(
    "select pg_total_relation_size('app_public.tasks')::int as total, pg_indexes_size('app_public.tasks')::int as indexes, pg_database_size(current_database())::int as size",
  );
  const [{ total, indexes, size }] = rows as any;
  const tasks = tables.find(({ name }) => name === 'app_public.tasks');
  expect(tasks).toMatchObject({ inserted: 5, updated: 0, deleted: 0, rowBytes: total - indexes, indexBytes: indexes });
  const sizes = tables.map(({ rowBytes, indexBytes }) => rowBytes + indexBytes);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  expect(migrations.newest).toBeGreaterThanOrEqual(15);
  expect(place.bytes).toBe(size);
  expect(place.at.getTime()).toBeLessThanOrEqual(Date.now());
});

test('the figures are of one moment: what is committed meanwhile is in none', async () => {
  const meanwhile = new Proxy(inspector, {
    get: (target, name) =>
      name !== 'query'
        ? Reflect.get(target, name)
        : async (...args: [string]) => {
            const answer = await target.query(...args);
            if (args[0].includes('admin.users') && args[0].includes('materialized')) {
              await database.admin.query("insert into app_public.users (id, name) values ('nobody-yet', 'Late')");
            }
            return answer;
          },
  });

  const figures = await readFigures(meanwhile);
  const { rowCount } = await database.admin.query("delete from app_public.users where id = 'nobody-yet'");

  expect(rowCount).toBe(1);
  expect(figures.totals.users).toBe(3);
  expect(figures.arrivals.map(({ users }) => users)).toEqual([1, 2]);
});

test('it writes nothing, and lets go of its transaction', async () => {
  const asked: string[] = [];
  const listening = new Proxy(inspector, {
    get: (target, name) =>
      name !== 'query'
        ? Reflect.get(target, name)
        : (...args: [string]) => (asked.push(args[0]), target.query(...args)),
  });

  await readFigures(listening);

  expect([asked[0], asked.at(-1)]).toEqual(['begin transaction isolation level repeatable read read only', 'rollback']);
});

test('statements are there where something counts them', async () => {
  // The first reading makes more than enough to show.
  await readFigures(inspector);
  const { rowCount } = await database.admin.query("select from pg_extension where extname = 'pg_stat_statements'");

  const { statements } = await readFigures(inspector);

  if (rowCount === 0) expect(statements).toBeNull();
  else {
    expect(statements).toHaveLength(10);
    const times = statements!.map(({ totalMs }) => totalMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    for (const { calls, share, query } of statements!) {
      expect([calls > 0, share > 0, query !== '']).toEqual([true, true, true]);
    }
  }
});

test('statements are none where nothing counts them', async () => {
  await database.admin.query('drop extension if exists pg_stat_statements');

  const { statements } = await readFigures(inspector);

  expect(statements).toBeNull();
});

test('it tells who waits, who holds a transaction open, and what an index lacks', async () => {
  const [holder, waiter] = [new pg.Client(database.adminUrl), new pg.Client(database.adminUrl)];
  await Promise.all([holder.connect(), waiter.connect()]);
  await database.admin.query('create index z_broken_idx on app_public.tasks (title)');
  await database.admin.query(
    "update pg_index set indisvalid = false where indexrelid = 'app_public.z_broken_idx'::regclass",
  );
  await holder.query('begin; lock table app_public.tasks in exclusive mode');
  const waiting = waiter.query('begin; lock table app_public.tasks in row exclusive mode; rollback');

  let figures = await readFigures(inspector);
  while (figures.waitingLocks.length === 0) figures = await readFigures(inspector);
  await holder.query('rollback');
  await waiting;
  await database.admin.query('drop index app_public.z_broken_idx');
  const after = await readFigures(inspector);
  await Promise.all([holder.end(), waiter.end()]);

  const { pid: holding } = figures.idleSessions[0]!;
  expect(figures.idleSessions).toEqual([
    {
      pid: expect.any(Number),
      login: new URL(database.adminUrl).username,
      application: '',
      state: 'idle in transaction',
      transactionMs: expect.any(Number),
      query: 'begin; lock table app_public.tasks in exclusive mode',
    },
  ]);
  expect(figures.waitingLocks).toEqual([
    {
      pid: expect.any(Number),
      login: new URL(database.adminUrl).username,
      object: 'app_public.tasks',
      blockedBy: [holding],
      waitingMs: expect.any(Number),
      query: 'begin; lock table app_public.tasks in row exclusive mode; rollback',
    },
  ]);
  expect(figures.indexes[0]).toMatchObject({
    name: 'app_public.z_broken_idx',
    table: 'app_public.tasks',
    remark: expect.stringMatching(/^invalid: reindex it; never used/),
  });
  expect([after.waitingLocks, after.idleSessions]).toEqual([[], []]);
  expect(after.indexes.map(({ name }) => name)).not.toContain('app_public.z_broken_idx');
});

test('the page shows the figures', async () => {
  const figures = await readFigures(inspector);

  const html = printHtmlReport({
    ...figures,
    release: { version: '1', newestMigration: figures.migrations.newest!, score: null },
  });

  expect(html).toContain('<dt>users <small>2 wrote in the last 7 days</small></dt><dd>3</dd>');
  expect(html).toContain('<desc id="users-description">3 users, the first from 2026-01-05.</desc>');
  expect(html).toContain(
    '<desc id="states-description">Open: 2 tasks; Completed: 2 tasks; In the trash: 1 task.</desc>',
  );
});

test('a role that may not look is told what to do', async () => {
  const client = new pg.Client(database.adminUrl);
  await client.connect();
  await client.query('set role hedgerow_visitor');

  const refused = readFigures(client).finally(() => client.end());

  await expect(refused).rejects.toThrow(
    /^The login of HEDGEROW_INSPECTOR_URL may not look \(permission denied for .*\)\. Run "hedgerow bootstrap"/,
  );
});

test('a database without the views is told', async () => {
  const client = new pg.Client(onDatabase(database.adminUrl, 'postgres'));
  await client.connect();

  const refused = readFigures(client).finally(() => client.end());

  await expect(refused).rejects.toThrow(
    'The database lacks what administrators look with (relation "admin.users" does not exist). Run "hedgerow migrate".',
  );
});

test('a reading that takes too long is told', async () => {
  const impatient = new pg.Client({ connectionString: database.inspectorUrl, options: '-c statement_timeout=300' });
  await impatient.connect();
  await database.admin.query('begin; lock table app_public.users in access exclusive mode');

  const refused = readFigures(impatient).finally(() =>
    Promise.all([impatient.end(), database.admin.query('rollback')]),
  );

  await expect(refused).rejects.toThrow(
    /^Reading the figures was stopped \(canceling statement due to statement timeout/,
  );
});
