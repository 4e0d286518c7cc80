/** Under row-level security every hot query is one scan of the owner's part of one index. C-31, C-56 */
import { fencedTransactions } from '../../src/database/fence.ts';
import { settingsFor } from '../../src/database/settings.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const settings = settingsFor({ sub: 'user-7', expiresAt: 0 }, { statementMs: 0, lockMs: 0, idleInTransactionMs: 0 });

beforeAll(async () => {
  // As a superuser, whom the policies do not bind; 200 users with 100 tasks each are enough for a sequential scan to be dearer.
  await database.admin.query(
    `insert into app_public.users (id) select 'user-' || number from generate_series(1, 200) as number;
     insert into app_public.tasks (owner_id, title, completed)
       select 'user-' || owner, 'Task ' || number, number % 3 = 0
       from generate_series(1, 100) as number, generate_series(1, 200) as owner;
     analyze app_public.tasks`,
  );
}, 60_000);

type Plan = { 'Node Type': string; 'Index Name'?: string; 'Index Cond'?: string; Filter?: string; Plans?: Plan[] };

async function explain(text: string): Promise<Plan> {
  const { rows } = await fencedTransactions(database.pool)(settings, (client) =>
    client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({ text: `explain (format json) ${text}` }),
  );
  return rows[0]!['QUERY PLAN'][0].Plan;
}

/** The nodes that read a table or an index. */
function scans(plan: Plan): Plan[] {
  return [...(plan['Node Type'].includes('Scan') ? [plan] : []), ...(plan.Plans ?? []).flatMap(scans)];
}

const id = "'01890000-0000-7000-8000-000000000000'::uuid";

test.each([
  ['the newest 20', 'select * from app_public.tasks order by owner_id desc, id desc limit 20'],
  [
    'the next page',
    `select * from app_public.tasks where (owner_id, id) < ('user-7', ${id}) order by owner_id desc, id desc limit 20`,
  ],
  ['one task', `select * from app_public.tasks where id = ${id}`],
  ['a count', 'select count(*) from app_public.tasks'],
  ['a filtered list', 'select * from app_public.tasks where completed order by owner_id desc, id desc limit 20'],
  ['a change', `update app_public.tasks set completed = true where id = ${id}`],
  ['a delete', `delete from app_public.tasks where id = ${id}`],
])('%s reads nobody else’s rows', async (_what, query) => {
  const plan = await explain(query);

  for (const scan of scans(plan).filter((node) => node['Node Type'] !== 'Bitmap Heap Scan')) {
    expect(scan).toMatchObject({ 'Index Name': 'tasks_pkey', 'Index Cond': expect.stringContaining('owner_id = ') });
  }
  expect(scans(plan)).not.toHaveLength(0);
});

test('a list comes out of the index in order, without a sort', async () => {
  const plan = await explain('select * from app_public.tasks order by owner_id desc, id desc limit 20');

  expect(JSON.stringify(plan)).not.toContain('"Sort');
});

test('ids made one after another are in that order', async () => {
  const { rows } = await database.admin.query<{ sorted: boolean }>(
    `select array_agg(id order by number) = array_agg(id order by id) as sorted
     from (select number, app_hidden.new_id() as id from generate_series(1, 2000) as number) as made`,
  );

  expect(rows).toEqual([{ sorted: true }]);
});

test('an id is a UUID of version 7 that holds the time', async () => {
  const { rows } = await database.admin.query<{ id: string }>('select app_hidden.new_id() as id');

  const { id } = rows[0]!;
  const milliseconds = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Math.abs(milliseconds - Date.now())).toBeLessThan(60_000);
});
