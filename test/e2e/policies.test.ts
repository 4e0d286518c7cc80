/** `hedgerow policies` as processes: the examples of each help, exit codes, output for machines. C-03, C-30, C-31, T-05 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useDatabase } from '../support/database.ts';
import { run, start } from '../support/hedgerow.ts';

const root = join(import.meta.dirname, '../..');
const commands = ['test', 'lint', 'matrix', 'mutate', 'explain', 'diff', 'snapshot'];

const database = useDatabase();
const environment = () => ({
  HEDGEROW_ADMIN_URL: database.adminUrl,
  HEDGEROW_OWNER_URL: database.ownerUrl,
  DATABASE_URL: database.apiUrl,
  NODE_ENV: 'development',
});
const policies = (...args: string[]) => run(['policies', ...args], environment(), root);

/** A checkout to play in. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-policies-'));
  await cp(join(root, 'policies'), join(folder, 'policies'), { recursive: true });
  await cp(join(root, 'migrations/committed'), join(folder, 'migrations/committed'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));
const there = (...args: string[]) => run(['policies', ...args], environment(), folder);

beforeAll(() => database.admin.query("insert into app_public.users (id, name) values ('alice', 'Alice')"));

/** The lines of the help that begin with a dollar sign. */
const examples = (
  await Promise.all(
    commands.map(async (command) => {
      const { stdout } = await run(['policies', command, '--help']);
      return [...stdout.matchAll(/^ {2}\$ (.*)$/gm)].map(([, example]) => example!);
    }),
  )
).flat();

test('every command has an example', () => {
  for (const command of commands) {
    expect(examples).toContainEqual(expect.stringMatching(new RegExp(`^npx hedgerow policies ${command}\\b`)));
  }
});

test.each(examples)(
  '%s',
  async (example) => {
    const command = example.replace('npx hedgerow', `"${process.execPath}" src/main.ts`);

    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], {
      cwd: root,
      env: { ...process.env, ...environment() },
      maxBuffer: 2 ** 26,
    });

    expect(stderr).toBe('');
    expect(stdout).toMatch(/\w/);
    // Our own score, and the one that is kept.
    if (command.endsWith('mutate')) {
      const { killed, equivalent } = JSON.parse(await readFile(join(root, 'policies/score.json'), 'utf8'));
      expect(stdout.trim().split('\n').at(-1)).toBe(
        `${killed} of ${killed} mutants killed (100 %), 0 survived, ${equivalent} equivalent.`,
      );
    }
  },
  300_000,
);

describe('test', () => {
  const failing =
    'begin; create extension if not exists pgtap schema tap; set local search_path = tap; select plan(1); select ok(false, $$it fails$$); rollback;';

  test('prints one line a scene, and ends with 1 when one does not hold', async () => {
    const file = join(folder, 'failing.test.sql');
    await writeFile(file, failing);

    const { code, stdout } = await there('test', file, 'policies/identity.test.sql');

    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}✓ a fresh connection is nobody$/m);
    expect(stdout).toMatch(/^ {2}✗ it fails$/m);
    expect(stdout).toMatch(/Not all is well in .*failing\.test\.sql/);
  });

  test('files that make pgTAP and its schema themselves, as under psql, may do so', async () => {
    const file = join(folder, 'plain.test.sql');
    await writeFile(
      file,
      'begin; create schema plain; create extension pgtap schema plain; set local search_path = plain; select plan(1); select ok(true, $$it holds$$); rollback;',
    );
    const flags = ['--schema', 'public', '--visitor', 'pg_monitor', '--setting', 'jwt.claims.sub=$sub'];
    const empty = ['--database', database.adminUrl, '--build', 'true'];

    const { stdout } = await run(
      ['policies', 'test', file, ...empty, ...flags],
      environment(),
      join(folder, 'migrations'),
    );

    expect(stdout).toMatch(/1 of 1 scenes hold, in 1 file/);
  });

  test('a schema that is not there is told', async () => {
    const { code, stderr } = await policies('mutate', '--list', '--schema', 'app_pubic');

    expect([code, stderr]).toEqual([1, expect.stringMatching(/There is no schema app_pubic\./)]);
  });

  test('tells the same as JSON', async () => {
    const { code, stdout } = await policies('test', 'policies/identity.test.sql', '--json');

    const [report] = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report).toMatchObject({ name: 'policies/identity.test.sql', faults: [], committed: false });
    expect(report.scenes).toContainEqual({ held: true, text: 'a fresh connection is nobody', diagnosis: [] });
  });

  test('a policy that is being written is in force before there is a migration of it', async () => {
    const file = join(folder, 'policies/users.policy.sql');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('using (id = app_hidden.current_user_id());', 'using (true);'),
    );

    const { code, stdout } = await there('test');

    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ alice sees herself/);
  });

  test('--watch runs again when a file changes', async () => {
    const file = 'policies/identity.test.sql';
    const good = await readFile(join(folder, file), 'utf8');
    const watching = start(['policies', 'test', '--watch', file], environment(), folder);
    try {
      await watching.says(/Waiting for changes/);
      await writeFile(join(folder, file), failing);
      await watching.says(/identity\.test\.sql has changed[\s\S]*✗ it fails/);
      // While it still runs, or just after: either way it is run again.
      await writeFile(join(folder, file), good);
      await watching.says(/✗ it fails[\s\S]*has changed[\s\S]*scenes hold, in 1 file\.\n\nWaiting for changes/);
    } finally {
      watching.process.kill('SIGINT');
    }

    expect((await watching.ended).code).toBe(130);
  }, 60_000);
});

describe('mutate', () => {
  test('tells scores and verdicts as JSON', async () => {
    const { code, stdout } = await policies('mutate', '--only', 'app_hidden.deleted_users select_owner', '--json');

    const { score, mutants } = JSON.parse(stdout);
    expect([code, score.survived, score.killed]).toEqual([0, 0, mutants.length - score.equivalent]);
    expect(mutants[0]).toMatchObject({
      id: 'app_hidden.deleted_users select_owner: dropped',
      sql: 'drop policy select_owner on app_hidden.deleted_users;',
      verdict: 'killed',
      by: expect.stringMatching(/^policies\/deleted_users\.test\.sql: /),
    });
  });

  test('any command may be the suite; it ends with 1 when a mutant survives', async () => {
    const { code, stdout } = await policies(
      'mutate',
      '--only',
      'deleted_users select_owner: using true',
      '--',
      process.execPath,
      '-e',
      '0',
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^survived {2}app_hidden\.deleted_users select_owner: using true$/m);
    expect(stdout).toMatch(/alter policy select_owner on app_hidden\.deleted_users using \(true\);/);
  });

  test.each([
    [
      'a suite that fails anyway proves nothing',
      ['--only', 'select_owner', '--', process.execPath, '-e', 'process.exit(1)'],
      /The tests fail before anything is broken \(exit code 1\)\. Mend that first: .*node -e process\.exit\(1\), on a copy/,
    ],
    [
      'a command that is not there is told by name',
      ['--only', 'select_owner', '--', 'no-such-command'],
      /no-such-command cannot be run: .*Is it installed/,
    ],
    [
      'there may be nothing to break',
      ['--only', 'no such thing'],
      /There is no mutant whose id contains no such thing/,
    ],
  ])('%s', async (_what, args, message) => {
    const { code, stderr } = await policies('mutate', ...args);

    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });
});

describe('lint', () => {
  test('ends with 1 for what opens rows, and tells it as text, JSON and SARIF', async () => {
    await database.admin.query('alter table app_public.tasks no force row level security');
    const [text, json, sarif] = await Promise.all([
      policies('lint'),
      policies('lint', '--json'),
      policies('lint', '--sarif'),
    ]);
    await database.admin.query('alter table app_public.tasks force row level security');

    expect([text.code, json.code, sarif.code]).toEqual([1, 1, 1]);
    expect(text.stdout).toMatch(/^\w+ +0002_row_security_not_forced {2}app_public\.tasks: /m);
    expect(JSON.parse(json.stdout).findings).toMatchObject([
      { rule: '0002_row_security_not_forced', object: 'app_public.tasks' },
    ]);
    expect(JSON.parse(sarif.stdout).runs[0].results).toMatchObject([{ ruleId: '0002_row_security_not_forced' }]);
  });

  test('is content with our own', async () => {
    const { code, stdout } = await policies('lint');

    expect([code, stdout]).toEqual([0, '0 errors, 0 warnings, 0 notes.\n']);
  });
});

describe('what is committed', () => {
  test.each([
    [
      'matrix',
      'README.md',
      'refused',
      'allowed',
      /The matrix in policies\/README\.md is stale\. Renew it: hedgerow policies matrix --write/,
    ],
    ['snapshot', 'snapshot.sql', 'for select', 'for all', /snapshot\.sql is not what the schema is \(from line \d+\)/],
  ])('%s --check tells what is stale, and --write renews it', async (command, name, from, to, message) => {
    const file = join(folder, 'policies', name);
    const committed = await readFile(file, 'utf8');
    await writeFile(file, committed.replace(from, to));

    const stale = await there(command, '--check');
    const written = await there(command, '--write');

    expect([stale.code, stale.stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(written.code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(committed);
  });

  test('the matrix is a page, too', async () => {
    const page = join(folder, 'matrix.html');

    const { code } = await there('matrix', '--html', page);

    expect(code).toBe(0);
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*app_public\.tasks/i);
  });
});

test('diff tells what two databases differ in, and fails when asked to', async () => {
  await database.admin.query('grant truncate on app_public.tasks to hedgerow_visitor');
  const differing = await policies('diff', 'HEAD', database.adminUrl, '--exit-code');
  const text = await policies('diff', 'HEAD', database.adminUrl);
  await database.admin.query('revoke truncate on app_public.tasks from hedgerow_visitor');

  expect(text.stdout).toMatch(/^app_public\.tasks\n {2}\+ hedgerow_visitor may now truncate app_public\.tasks\.$/m);
  expect([differing.code, text.code]).toEqual([1, 0]);
});

describe('explain', () => {
  test('says which policy hides the row', async () => {
    const { code, stdout } = await policies('explain', '--as', 'bob', 'app_public.users', 'alice');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^hidden: no permissive policy lets it through/m);
    expect(stdout).toMatch(/app_hidden\.current_user_id\(\) = bob/);
  });

  test('wants a database to look at', async () => {
    const config = join(await mkdtemp(join(tmpdir(), 'hedgerow-explain-')), 'config.json');
    await writeFile(
      config,
      JSON.stringify({
        schemas: ['a'],
        visitors: ['b'],
        impersonate: { settings: {} },
        build: 'true',
        database: database.adminUrl,
      }),
    );

    const { code, stderr } = await policies('explain', '--config', config, 'a.t', '1');

    expect([code, stderr]).toEqual([1, expect.stringMatching(/Name the database in which the row is/)]);
  });
});

test('Hedgerow is not built without its migrations', async () => {
  await rm(join(folder, 'migrations'), { recursive: true });

  const { code, stderr } = await there('test');

  expect([code, stderr]).toEqual([1, expect.stringMatching(/There is no migrations\/committed: .*"build"/)]);
});

describe('matrix', () => {
  test('makes the page when there is none, and tells when it is not there to be checked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hedgerow-matrix-'));
    const config = join(folder, 'config.json');
    const empty = { database: database.adminUrl, build: 'true', schemas: ['public'], visitors: ['pg_monitor'] };
    await writeFile(config, JSON.stringify({ ...empty, impersonate: { settings: {} } }));

    const before = await policies('matrix', '--config', config, '--check');
    const written = await policies('matrix', '--config', config, '--write');
    const after = await policies('matrix', '--config', config, '--check');

    expect([before.code, before.stderr]).toEqual([1, expect.stringMatching(/There is no .*README\.md\. Make it: /)]);
    expect([written.code, after.code]).toEqual([0, 0]);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toMatch(/<!-- matrix -->\n\nEvery command was tried/);
    await rm(folder, { recursive: true });
  }, 60_000);
});

test('throw-away databases are not made in production', async () => {
  const { code, stderr } = await run(['policies', 'test'], { ...environment(), NODE_ENV: 'production' }, root);

  expect([code, stderr]).toEqual([1, expect.stringMatching(/NODE_ENV is production/)]);
});
