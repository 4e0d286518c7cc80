/** Every command of `hedgerow policies` as a process, on schemas that are not Hedgerow's; each leaves everything as it was. C-03, C-30, C-31 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';
import { readAllAccess } from '../support/access.ts';
import { run, start } from '../support/hedgerow.ts';
import { createShape, type Shape, type ShapeDatabase } from '../support/proof-schemas.ts';

// Nothing but Node can be found: the commands need no psql.
const environment = { NODE_ENV: 'development', PATH: dirname(process.execPath) };
const root = join(import.meta.dirname, '../..');

/** What is asked about each shape, and what is planted in it. */
const asked = {
  teams: {
    alice: 'a11ce000-0000-4000-8000-000000000000',
    bob: 'b0b00000-0000-4000-8000-000000000000',
    row: ['public.notes', 'a11ce000-0000-4000-8000-00000000000e'],
    mutant: 'public.notes select_owner: using true',
    policy: 'create policy select_owner on public.notes',
    widened: ['public.documents', 'select_public'],
  },
  studio: {
    alice: 'alice',
    bob: 'bob',
    row: ['app.bookings', 'a11ce000-0000-4000-8000-0000000000b1'],
    mutant: 'app.bookings select_owner: using true',
    policy: 'create policy select_owner on app.bookings',
    widened: ['app.bookings', 'select_owner'],
  },
} as const;

async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(url);
  await client.connect();
  return use(client).finally(() => client.end());
}

/** Throw-away databases whose command has ended. */
const orphans = async (client: pg.Client): Promise<string[]> =>
  (
    await client.query<{ datname: string }>(
      `select datname from pg_database where datname ~ '^hedgerow_proof_'
       and split_part(datname, '_', 3)::int not in (select pid from pg_stat_activity)
       -- Another test makes this one, and may run at the same time.
       and datname <> 'hedgerow_proof_1_leftover'`,
    )
  ).rows.map(({ datname }) => datname);

describe.each(['teams', 'studio'] as const)('%s', (shape: Shape) => {
  const { alice, bob, row, mutant, policy, widened } = asked[shape];
  let database: ShapeDatabase;
  let roles: string[];

  beforeAll(async () => {
    database = await createShape(shape, `${shape}_elsewhere`);
    const { visitors, logins } = JSON.parse(await readFile(join(database.folder, 'config.json'), 'utf8'));
    roles = [...visitors, ...logins];
  });
  afterAll(() => database.drop());

  const meant = () => ['--config', join(database.folder, 'config.json'), '--database', database.url];
  const policies = (command: string, ...args: string[]) =>
    run(['policies', command, ...args, ...meant()], environment, root);

  /** All that a command could have changed: what decides access, the rows, the numbers that come next, the roles, what lies about. */
  const state = () =>
    withClient(database.url, async (client) => {
      const access = await readAllAccess(client);
      const content: Record<string, unknown> = {};
      for (const { name } of access.relations) {
        content[name] = (await client.query(`select to_jsonb(t) as it from ${name} as t order by 1`)).rows;
      }
      const known = await client.query('select * from pg_roles where rolname = any ($1) order by rolname', [roles]);
      const members = await client.query(
        `select roleid::regrole::text, member::regrole::text from pg_auth_members
         where roleid::regrole::text = any ($1) or member::regrole::text = any ($1) order by 1, 2`,
        [roles],
      );
      return { access, content, roles: known.rows, members: members.rows, orphans: await orphans(client) };
    });

  /** Runs one, and sees that nothing has come of it but what it says. */
  async function leavingNothing(command: string, ...args: string[]) {
    const before = await state();

    const ended = await policies(command, ...args);

    expect(await state()).toEqual({ ...before, orphans: [] });
    expect(ended.stderr).toBe('');
    return ended;
  }

  test('test: all scenes hold', async () => {
    const { code, stdout } = await leavingNothing('test');

    expect([code, stdout]).toEqual([0, expect.stringMatching(/^(\d+) of \1 scenes hold, in \d+ files\.$/m)]);
  });

  test('lint: there is nothing to find', async () => {
    const { code, stdout } = await leavingNothing('lint', '--json');

    expect([code, JSON.parse(stdout)]).toEqual([0, { findings: [], accepted: [], stale: [] }]);
  });

  test('matrix: what was found by trying is what the catalog says', async () => {
    const { code, stdout } = await leavingNothing('matrix', '--json');

    const { relations, findings } = JSON.parse(stdout);
    expect([code, findings]).toEqual([0, []]);
    expect(relations.map(({ name }: { name: string }) => name)).toContain(row[0]);
  }, 120_000);

  test('matrix --check: a page that is not there is told, not a crash', async () => {
    const { code, stderr } = await policies('matrix', '--check');

    expect([code, stderr]).toEqual([1, expect.stringMatching(/^There is no \S*README\.md\. Make it: /)]);
  }, 120_000);

  test('mutate: the suite notices', async () => {
    const { code, stdout } = await leavingNothing('mutate', '--only', mutant, '--json');

    const { score, mutants } = JSON.parse(stdout);
    expect([code, score]).toEqual([0, { killed: 1, survived: 0, equivalent: 0 }]);
    expect(mutants[0]).toMatchObject({ id: mutant, verdict: 'killed' });
  }, 120_000);

  test('snapshot: of the database, where nothing is built', async () => {
    const { code, stdout } = await leavingNothing('snapshot');

    expect([code, stdout]).toEqual([0, expect.stringContaining(policy)]);
  });

  test('diff: a fault that was planted has widened access', async () => {
    const faulty = await createShape(shape, `${shape}_faulty`);
    const fault = await readPsqlFile(join(faulty.folder, 'faults/0004_always_true.sql'));
    await withClient(faulty.url, (client) => client.query(fault));

    const same = await leavingNothing('diff', database.url);
    const wider = await leavingNothing('diff', database.url, faulty.url, '--json', '--exit-code');
    await faulty.drop();

    expect([same.code, same.stdout]).toEqual([0, 'Nothing differs in who may do what.\n']);
    expect(wider.code).toBe(1);
    expect(JSON.parse(wider.stdout)).toEqual([
      expect.objectContaining({
        direction: 'widened',
        object: widened[0],
        what: `The policy ${widened[1]} allows more rows to be seen or touched.`,
      }),
    ]);
  }, 120_000);

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while a schema is built leaves nothing', async (signal, exitCode) => {
    const before = await state();
    const started = join(await mkdtemp(join(tmpdir(), 'hedgerow-build-')), 'started');
    const script = `require('fs').writeFileSync('${started}', ''); setTimeout(() => {}, 5000)`;
    const built = ['--build', `"${process.execPath}" -e "${script}"`];
    const running = start(['policies', 'snapshot', ...meant(), ...built], environment, root);
    while (!existsSync(started)) await new Promise((done) => setTimeout(done, 20));

    running.process.kill(signal);
    const { code, stderr } = await running.ended;

    expect([code, stderr]).toEqual([exitCode, '']);
    expect(await state()).toEqual({ ...before, orphans: [] });
  });

  // The last: the suites make rows of their own, and these stay.
  test('explain: the owner sees the row, and another user does not', async () => {
    const rows = await readPsqlFile(join(database.folder, 'rows.sql'));
    await withClient(database.url, (client) => client.query(rows));

    const hers = await leavingNothing('explain', '--as', alice, ...row);
    const his = await leavingNothing('explain', '--as', bob, ...row);

    expect(hers.stdout).toMatch(/^visible$/m);
    expect(his.stdout).toMatch(/^hidden: /m);
  }, 120_000);
});
