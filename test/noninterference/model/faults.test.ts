/** The model can fail: each of these faults is planted in the database, found, and told in a few calls. C-21, C-25, C-27, C-31, T-03 */
import { pino } from 'pino';
import { useApi } from '../../support/api.ts';
import { explore, tell } from './explore.ts';
import { faults } from './faults.ts';

const api = useApi({ log: pino({ level: 'silent' }) });

/** Calls that a person still likes to read. MODEL_TELL=1 prints them. */
const longestTold = 8;

/** Commands that put back all policies and functions as they are now. */
async function restoration(): Promise<string> {
  const { rows } = await api.database.admin.query(`
    select pg_get_functiondef(oid) as command
    from pg_proc
    where pronamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace, 'app_private'::regnamespace)
    union all
    select concat(
      format('alter policy %I on %I.%I', policyname, schemaname, tablename),
      ' using (' || qual || ')', ' with check (' || with_check || ')'
    )
    from pg_policies`);
  return rows.map(({ command }) => command as string).join(';\n');
}

const found: string[] = [];

test.each(faults)(
  'it is found: $what',
  async ({ what, plant, mend, among, races }) => {
    const { admin } = api.database;
    const asItIs = await restoration();

    await admin.query(plant);
    const { failure } = await explore(api, { seed: 1, runs: 120, longest: 30, shrinks: 80, among, races });
    await admin.query([asItIs, mend].filter(Boolean).join(';\n'));

    expect(failure).toBeDefined();
    if (process.env.MODEL_TELL) console.log(tell(failure!));
    expect(failure!.calls.length).toBeLessThanOrEqual(longestTold);
    found.push(what);
  },
  120_000,
);

test('nothing is found when the faults are mended', async () => {
  const { failure } = await explore(api, { seed: 1, runs: 10, longest: 60 });

  if (failure) throw new Error(tell(failure));
});

afterAll(() => {
  const rest = faults.filter(({ what }) => !found.includes(what)).map(({ what }) => `not found: ${what}`);
  console.log([...rest, `${found.length} of ${faults.length} planted faults were found`].join('\n'));
});
