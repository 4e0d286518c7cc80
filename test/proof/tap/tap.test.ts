/** pgTAP files without psql: read, run in a transaction that is rolled back, reported scene by scene. C-03 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPsqlFile } from '../../../src/proof/tap/psql-file.ts';
import { holds, runTap } from '../../../src/proof/tap/run.ts';
import { onCopies, printFile, readSuite, runSuite, type FileReport } from '../../../src/proof/tap/suite.ts';
import { openSource } from '../../../src/proof/source.ts';
import { useDatabase } from '../../support/database.ts';
import { testAdminUrl } from '../../support/servers.ts';

const database = useDatabase();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-tap-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text);
  return join(folder, name);
};
const inTap = (body: string) =>
  `begin;\nset local search_path = tap, pg_catalog;\n${body}\nselect * from finish();\nrollback;\n`;

describe('a psql file', () => {
  test('includes others, and loses what only dresses the output', async () => {
    await write('scene.sql', '\\set ON_ERROR_STOP on\nselect 1;');
    const file = await write(
      'a.test.sql',
      `\\ir scene.sql\n\\pset format unaligned\n\\i ${join(folder, 'scene.sql')}\nselect 2;`,
    );

    expect(await readPsqlFile(file)).toBe('\nselect 1;\n\n\nselect 1;\nselect 2;');
  });

  test.each(['\\gset', '\\if true', '\\set owner alice', '\\copy t from stdin', '\\o out.txt'])(
    '%s would change what it means, and is refused with its place',
    async (command) => {
      const file = await write('a.test.sql', `select 1;\n${command}`);

      await expect(readPsqlFile(file)).rejects.toThrow(/a\.test\.sql:2: \\\w+ is a command of psql/);
    },
  );

  test('one that is not there is told by name', async () => {
    await expect(readPsqlFile(join(folder, 'missing.sql'))).rejects.toThrow(/missing\.sql cannot be read/);
    await expect(readSuite([join(folder, '*.test.sql')])).rejects.toThrow(/No pgTAP file matches .*\*\.test\.sql/);
  });
});

describe('a run', () => {
  test('tells scene by scene, with what was there and what was wanted', async () => {
    const report = await runTap(
      database.admin,
      inTap(
        "select plan(3);\nselect ok(true, 'fine');\nselect is(1, 2, 'one is two');\nselect todo('later', 1);\nselect ok(false, 'announced');",
      ),
    );

    expect(report.scenes.map(({ held, text }) => [held, text])).toEqual([
      [true, 'fine'],
      [false, 'one is two'],
      [true, expect.stringMatching(/^announced # TODO/)],
    ]);
    expect(report.scenes[1]!.diagnosis.join('\n')).toMatch(/have: 1[\s\S]*want: 2/);
    expect(report.faults).toEqual([]);
    expect(holds(report)).toBe(false);
  });

  test.each([
    ['a plan that is not kept', "select plan(2);\nselect ok(true, 'one');", /planned 2 assertions, ran 1/],
    ['no plan', 'select 1;', /planned no assertions, ran 0/],
    ['an error', "select plan(1);\nselect nonsense('x');", /ERROR 42883: [\s\S]*in: select nonsense/],
  ])('%s is a fault', async (_what, body, fault) => {
    const report = await runTap(database.admin, `begin;\nset local search_path = tap, pg_catalog;\n${body}\nrollback;`);

    expect(report.faults).toContainEqual(expect.stringMatching(fault));
    expect(holds(report)).toBe(false);
  });

  test('leaves nothing: neither rows, nor a role, nor settings', async () => {
    await runTap(
      database.admin,
      inTap(
        "select plan(1);\ninsert into app_public.users (id) values ('left');\nset search_path = app_public;\nselect tap.ok(true, 'x');\nset role hedgerow_visitor;\nselect tap.set_nothing();",
      ),
    );

    const { rows } = await database.admin.query(
      "select current_user = session_user as back, current_setting('search_path') as path, (select count(*)::int from app_public.users) as users",
    );
    expect(rows).toEqual([{ back: true, path: '"$user", public', users: 0 }]);
  });

  test('what is to be run before is part of the transaction, and its failure is thrown', async () => {
    const sql = inTap("select plan(1);\nselect is((select count(*)::int from app_public.users), 1, 'one user');");

    const report = await runTap(database.admin, sql, "insert into app_public.users (id) values ('before')");

    expect(report.scenes).toEqual([{ held: true, text: 'one user', diagnosis: [] }]);
    await expect(runTap(database.admin, sql, 'nonsense')).rejects.toMatchObject({ code: '42601' });
    expect((await database.admin.query('select from app_public.users')).rowCount).toBe(0);
  });
});

describe('a suite', () => {
  const build = async () => {};

  test('reports each file in their order, whichever ends first, and whether all hold', async () => {
    await write(
      'a.test.sql',
      'begin; create extension pgtap; select plan(1); do $$ begin perform pg_sleep(1); end $$; select ok(true, $$a$$); rollback;',
    );
    await write('b.test.sql', 'begin; create extension pgtap; select plan(1); select ok(false, $$b$$); rollback;');
    const files = await readSuite([join(folder, '*.test.sql')]);
    const source = await openSource(testAdminUrl(), build);
    const reports: FileReport[] = [];

    const held = await runSuite(source, files, 2, (report) => reports.push(report));
    await source.release();

    const [a, b] = reports.map(printFile);
    expect(held).toBe(false);
    expect(a).toMatch(/^a\.test\.sql: 1 of 1 hold \(\d+ ms\)\n {2}✓ a$/);
    expect(b).toMatch(/^b\.test\.sql: 0 of 1 hold \(\d+ ms\)\n {2}✗ b\n {6}Failed test/);
  });

  test('a copy that something was committed to is not used again', async () => {
    const source = await openSource(testAdminUrl(), build);
    const seen: number[] = [];

    await onCopies(source, 1, [['first', 'second'], ['third']], async (client) => {
      seen.push(
        (await client.query("select count(*)::int as n from pg_class where relname = 'left_behind'")).rows[0].n,
      );
      return runTap(client, 'begin; create table public.left_behind (); commit;');
    });
    await source.release();

    expect(seen).toEqual([0, 0, 0]);
  });
});
