/** `hedgerow audit prune`, as a process: what is too old goes by the month, and nothing goes unasked. C-36 */
import { useDatabase } from '../support/database.ts';
import { run } from '../support/hedgerow.ts';

const database = useDatabase();
const prune = (...args: string[]) =>
  run(['audit', 'prune', ...args], { HEDGEROW_OWNER_URL: database.ownerUrl, HEDGEROW_HISTORY_MONTHS: '6' });

/** The first of the month so many months ago, as the names of tables have it. */
const monthAgo = (months: number): { label: string; table: string; time: string } => {
  const now = new Date();
  const label = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
  return { label, table: `task_history_${label.replace('-', '_')}`, time: `${label}-01T00:00:00Z` };
};

/** A month that was made in its time, with one entry. */
async function writeIn(months: number): Promise<void> {
  const { time } = monthAgo(months);
  await database.admin.query('select app_private.make_history_month($1)', [time]);
  await enter(time);
}

const enter = (time: string) =>
  database.admin.query(
    `insert into app_public.task_history (owner_id, created_at, task_id, action, version, changes)
     values ('alice', $1, gen_random_uuid(), 'insert', 1, '{}')`,
    [time],
  );

const entries = async () => {
  const { rows } = await database.admin.query<{ month: string }>(
    "select to_char(created_at at time zone 'UTC', 'YYYY-MM') as month from app_public.task_history order by 1",
  );
  return rows.map(({ month }) => month);
};

beforeEach(async () => {
  await database.admin.query("select app_private.drop_history_months(now() + interval '100 months')");
  await database.admin.query('select app_private.make_history_months()');
});

test('it drops the months that were over that long ago, and keeps the others', async () => {
  for (const months of [9, 8, 7, 6]) await writeIn(months);
  await enter(monthAgo(0).time);

  const { code, stdout } = await prune('--older-than', '7months', '--yes');

  expect([code, stdout]).toEqual([0, `Dropped: ${monthAgo(9).label}, ${monthAgo(8).label}.\n`]);
  expect(await entries()).toEqual([7, 6, 0].map((months) => monthAgo(months).label));
});

test('without --older-than, HEDGEROW_HISTORY_MONTHS counts', async () => {
  for (const months of [8, 7, 6]) await writeIn(months);

  const { code, stdout } = await prune('--yes');

  expect([code, stdout]).toEqual([0, `Dropped: ${monthAgo(8).label}, ${monthAgo(7).label}.\n`]);
  expect(await entries()).toEqual([monthAgo(6).label]);
});

test('without --yes and somebody to ask, nothing is dropped', async () => {
  await writeIn(9);

  const { code, stderr } = await prune();

  expect(code).toBe(1);
  expect(stderr).toContain(`Drop the history of ${monthAgo(9).label}, for good? There is nobody to ask: add --yes.`);
  expect(await entries()).toEqual([monthAgo(9).label]);
});

test('where nothing is old, it says so and asks nothing', async () => {
  await enter(monthAgo(0).time);

  const { code, stdout } = await prune();

  expect([code, stdout]).toEqual([0, 'There is no month that was over 6 months ago.\n']);
  expect(await entries()).toEqual([monthAgo(0).label]);
});

test('it makes the months to come, as migrate does', async () => {
  const { table } = monthAgo(-3);
  await database.admin.query(`drop table app_history.${table}`);

  const { stdout } = await prune();
  const { rows } = await database.admin.query('select to_regclass($1) is not null as there', [`app_history.${table}`]);

  expect(stdout).toContain('Made: tables for a month to come.\n');
  expect(rows).toEqual([{ there: true }]);

  await database.admin.query(`drop table app_history.${table}`);
  const migrated = await run(['migrate'], { HEDGEROW_OWNER_URL: database.ownerUrl });
  const again = await database.admin.query('select to_regclass($1) is not null as there', [`app_history.${table}`]);

  expect([migrated.code, again.rows]).toEqual([0, [{ there: true }]]);
});

test('while somebody holds the history, it says so and drops nothing', async () => {
  await writeIn(9);
  await database.admin.query('begin; lock table app_public.task_history in access share mode');

  const { code, stderr } = await prune('--yes');
  await database.admin.query('rollback');

  expect(code).toBe(1);
  expect(stderr).toContain('The history is in use');
  expect(await entries()).toEqual([monthAgo(9).label]);
}, 20_000);

test.each(['0months', 'twelve', '12days', '-1', ''])('--older-than %p is refused', async (given) => {
  await writeIn(9);

  const { code, stderr } = await prune('--older-than', given, '--yes');

  expect(code).toBe(1);
  expect(stderr).toContain('It must be a number of months, such as 12months.');
  expect(await entries()).toEqual([monthAgo(9).label]);
});
