/** What is compared: databases, git revisions, the folder as it is. A repository is made for it, in which a schema opens step by step. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { ProofConfig } from '../../../src/proof/config.ts';
import { diff } from '../../../src/proof/diff/diff.ts';
import type { DiffContext } from '../../../src/proof/diff/side.ts';
import { buildByCommand, openSource } from '../../../src/proof/source.ts';
import { useDatabase } from '../../support/database.ts';
import { testAdminUrl } from '../../support/servers.ts';

const database = useDatabase();
let repository: string;
let config: ProofConfig;

const git = (...args: string[]) =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=alice', '-c', 'user.email=alice@example.com', ...args], {
    encoding: 'utf8',
  });

const closed = `create schema desk; create table desk.notes (id int);
alter table desk.notes enable row level security;`;
const openTo = (role: string) => `${closed} grant select on desk.notes to ${role};`;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'hedgerow-tests-'));
  const folder = join(repository, 'policies');
  await mkdir(folder);
  await symlink(join(import.meta.dirname, '../../../node_modules'), join(repository, 'node_modules'));
  git('init', '--quiet');
  await writeFile(join(repository, '.gitignore'), 'node_modules');
  await writeFile(
    join(repository, 'build.mjs'),
    `import { readFileSync } from 'node:fs';
    import pg from 'pg';
    const client = new pg.Client(process.env.DATABASE_URL);
    await client.connect();
    await client.query(readFileSync('schema.sql', 'utf8')).finally(() => client.end());`,
  );
  for (const [message, schema] of [
    ['a table', closed],
    ['open to the visitor', openTo('hedgerow_visitor')],
    ['broken', 'create tabel'],
  ] as const) {
    await writeFile(join(folder, 'schema.sql'), schema);
    git('add', '.');
    git('commit', '--quiet', '-m', message);
  }
  await writeFile(join(folder, 'schema.sql'), openTo('public'));
  config = {
    folder,
    schemas: ['desk'],
    api: ['desk'],
    visitors: ['hedgerow_visitor'],
    inspectors: [],
    logins: ['hedgerow_test_api'],
    impersonate: () => ({ role: 'hedgerow_visitor', settings: {} }),
    users: ['alice', 'bob'],
    apply: [],
    tests: [],
    baseline: 'baseline.json',
  };
});
afterAll(() => rm(repository, { recursive: true }));

const run = async (url: string, sql: string) => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(() => client.end());
};
const build: DiffContext['build'] = (folder) => async (url) =>
  run(url, await readFile(join(folder, 'schema.sql'), 'utf8'));
const told = async (from: string, to?: string, given = build) =>
  (await diff(from, to, { config, serverUrl: testAdminUrl(), build: given, env: process.env })).map(
    ({ direction, what }) => `${direction}: ${what}`,
  );

const temporary = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('hedgerow-diff-'));
const opened = 'widened: hedgerow_visitor may now select desk.notes.';

test('two revisions are built and compared, and leave nothing behind', async () => {
  const before = git('status', '--porcelain');
  const folders = await temporary();

  expect(await told('HEAD~2', 'HEAD~1')).toEqual([opened]);

  expect(await temporary()).toEqual(folders);
  expect(git('status', '--porcelain')).toBe(before);
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('the other side is the folder as it is, unless one is named', async () => {
  expect(await told('HEAD~1')).toEqual([
    'widened: everybody may now select desk.notes.',
    'narrowed: hedgerow_visitor may no longer select desk.notes.',
  ]);
});

test('the command of the configuration builds a revision too, and finds the packages that are installed', async () => {
  const command = (folder: string) => buildByCommand('node ../build.mjs', folder, process.env);
  const given = { config, serverUrl: testAdminUrl(), build: command, env: process.env };

  const changes = await diff('HEAD~2', 'HEAD~1', given);

  expect(changes.map(({ what }) => what)).toEqual(['hedgerow_visitor may now select desk.notes.']);
});

test('a database is compared as it is', async () => {
  await run(database.adminUrl, closed);

  expect(await told(database.adminUrl, 'HEAD~1')).toEqual([
    // Hedgerow's own database has revoked that, of both roles that own functions.
    'widened: everybody will be able to execute functions that are yet to be made, unless it is said then.',
    'widened: everybody will be able to execute functions that are yet to be made, unless it is said then.',
    opened,
  ]);
});

test('two databases are compared in the roles that the API logs in as, too', async () => {
  const source = await openSource(testAdminUrl(), (url) => run(url, closed));
  const [one, other] = [await source.copy(), await source.copy()];
  const name = new URL(other.url).pathname.slice(1);

  await run(other.url, `alter role hedgerow_test_api in database ${name} set row_security = off`);
  const changes = await told(one.url, other.url);
  await source.release();

  expect(changes).toEqual(['changed: hedgerow_test_api starts with other settings.']);
});

test('a database without the schemas is the wrong one', async () => {
  await expect(told(testAdminUrl(), 'HEAD~1')).rejects.toThrow(
    'The database postgres has none of the schemas desk. Is it the right one?',
  );
});

test.each(['no-such-branch', '--all', ''])('%j is no revision', async (revision) => {
  await expect(told(revision)).rejects.toThrow(`There is no revision ${revision} in ${repository}.`);
});

test('a folder that is in no repository has no revisions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-tests-'));

  const failing = diff('HEAD', '.', {
    config: { ...config, folder },
    serverUrl: testAdminUrl(),
    build,
    env: process.env,
  });

  await expect(failing).rejects.toThrow(
    /is in no git repository, so there is no revision HEAD of it: fatal: not a git repository/,
  );
  await rm(folder, { recursive: true });
});

test('a revision that cannot be built says so, and leaves nothing behind', async () => {
  const folders = await temporary();

  await expect(told('HEAD')).rejects.toThrow('The schema of HEAD cannot be built: syntax error at or near "tabel"');

  expect(await temporary()).toEqual(folders);
  const { rows } = await database.admin.query(
    "select datname from pg_database where datname ~ '^hedgerow_proof_' and datname <> 'hedgerow_proof_1_leftover' and split_part(datname, '_', 3)::int not in (select pid from pg_stat_activity)",
  );
  expect(rows).toEqual([]);
});

test('without a build only databases can be compared', async () => {
  const failing = diff('HEAD~1', '.', { config, serverUrl: testAdminUrl(), env: process.env });

  await expect(failing).rejects.toThrow(/its schema is built first: say in the configuration .*"build"/);
});
