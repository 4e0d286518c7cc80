/** The commands beside `serve`, as processes. C-03, C-50, C-51 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { useDatabase } from '../support/database.ts';
import { run } from '../support/hedgerow.ts';
import { testSecret } from '../support/tokens.ts';

const database = useDatabase();
const environment = () => ({
  DATABASE_URL: database.apiUrl,
  HEDGEROW_OWNER_URL: database.ownerUrl,
  HEDGEROW_INSPECTOR_URL: database.inspectorUrl,
  BETTER_AUTH_SECRET: testSecret,
});
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-commands-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(['serve', 'bootstrap', 'migrate', 'migration', 'seed', 'token', 'psql', 'schema', 'admin', 'audit'])(
  '%s explains itself',
  async (command) => {
    const { code, stdout } = await run([command, '--help']);

    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: hedgerow ${command}`));
  },
);

describe('token', () => {
  test('prints a token with the claims that were asked for, and nothing else', async () => {
    const { code, stdout } = await run(
      ['token', 'auth0|alice', '--email', 'a@example.com', '--name', 'Alice', '--lifetime', '60'],
      environment(),
    );

    const { sub, email, name, iat, exp } = decodeJwt(stdout.trim());
    expect(code).toBe(0);
    expect({ sub, email, name }).toEqual({ sub: 'auth0|alice', email: 'a@example.com', name: 'Alice' });
    expect(exp! - iat!).toBe(60);
  });

  test.each([
    ['in production', ['token', 'alice'], { NODE_ENV: 'production' }, /NODE_ENV is production/],
    [
      'where an issuer makes them',
      ['token', 'alice'],
      { HEDGEROW_JWKS_URL: 'https://id.example.com/jwks', BETTER_AUTH_SECRET: '' },
      /from that issuer/,
    ],
    ['for an empty subject', ['token', ''], {}, /1 to 255 characters/],
    ['for a lifetime that is none', ['token', 'alice', '--lifetime', '0'], {}, /whole number of seconds/],
    ['for nobody', ['token'], {}, /missing required argument 'sub'/],
  ])('is refused %s', async (_when, args, env, message) => {
    const { code, stdout, stderr } = await run(args, { ...environment(), ...env });

    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});

// C-51
describe('seed', () => {
  const titles = async () =>
    (await database.admin.query("select owner_id || ': ' || title as line from app_public.tasks order by 1")).rows;

  test('makes known users with tasks, once, and prints their tokens', async () => {
    const first = await run(['seed'], environment());
    const seeded = await titles();
    const second = await run(['seed'], environment());

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(seeded).toHaveLength(5);
    expect(await titles()).toEqual(seeded);
    const tokens = first.stdout.split('\n').filter((line) => line.startsWith('ey'));
    expect(tokens.map((token) => decodeJwt(token).sub)).toEqual(['alice', 'bob']);
  });

  test('with --reset makes them as they were', async () => {
    await run(['seed'], environment());
    const seeded = await titles();
    await database.admin.query(
      "delete from app_public.tasks where owner_id = 'bob'; update app_public.tasks set title = 'changed'",
    );

    const { code } = await run(['seed', '--reset'], environment());

    expect(code).toBe(0);
    expect(await titles()).toEqual(seeded);
  });

  test('is refused in production', async () => {
    const { code, stderr } = await run(['seed'], { ...environment(), NODE_ENV: 'production' });

    expect(code).toBe(1);
    expect(stderr).toMatch(/Refusing to seed/);
  });
});

test('migrate says what it did, and may be repeated', async () => {
  const { code, stdout } = await run(['migrate'], environment());

  expect(code).toBe(0);
  expect(stdout).toMatch(/Already up to date/);
});

// C-50
test('migration writes migrations: it is graphile-migrate on the configured database', async () => {
  const { code, stdout } = await run(['migration', '--', 'status'], {
    ...environment(),
    HEDGEROW_ADMIN_URL: database.adminUrl,
  });

  expect(code).toBe(0);
  expect(stdout).toMatch(/Up to date/);
});

test('schema prints the GraphQL schema', async () => {
  const { code, stdout } = await run(['schema'], environment());

  expect(code).toBe(0);
  expect(stdout).toMatch(/^type Query /m);
});

describe('psql', () => {
  /** In the place of psql, which a machine may not have: shows what it is called with. */
  async function withPsqlThatShows(args: string[]) {
    const psql = join(folder, 'psql');
    await writeFile(psql, '#!/bin/sh\nprintf "%s\\n" "$PGOPTIONS" "$@"\n');
    await chmod(psql, 0o755);
    return run(args, { ...environment(), PATH: folder });
  }

  const sub = "o'brien \\ the 100%";

  test.each([
    [['--as', sub], 'apiUrl', 'hedgerow_visitor', sub, "o'brien \\ the 100%%"],
    [['--admin'], 'inspectorUrl', 'hedgerow_test_inspector', null, 'admin'],
    [['--admin', '--as', sub], 'inspectorUrl', 'hedgerow_test_inspector', sub, "admin as o'brien \\ the 100%%"],
    [[], 'ownerUrl', 'hedgerow_test_owner', null, 'owner'],
  ] as const)('%j is who it says, at the prompt too', async (flags, login, role, subject, prompt) => {
    const { stdout } = await withPsqlThatShows(['psql', ...flags, '--', '-c', 'select 1']);
    const [options, url, ...rest] = stdout.replace(/\n$/, '').split('\n');

    const client = new pg.Client({ connectionString: database[login], options });
    await client.connect();
    const { rows } = await client.query(
      `/* outside the fence: hedgerow psql is the user for its whole session */
       select current_user as role, nullif(current_setting('jwt.claims.sub', true), '') as sub`,
    );
    await client.end();

    expect(rows).toEqual([{ role, sub: subject }]);
    expect(new URL(url!)).toMatchObject({ username: new URL(database[login]).username, password: '' });
    expect(rest).toContain(`PROMPT1=${prompt}@%/%R%x%# `);
    expect(rest).toContain('select 1');
  });

  test('without psql says where to get it', async () => {
    const { code, stderr } = await run(['psql'], { ...environment(), PATH: '/nowhere' });

    expect(code).toBe(1);
    expect(stderr).toMatch(/psql is not installed/);
  });
});

test('a .env file in the current folder is read, and the environment comes before it', async () => {
  await writeFile(join(folder, '.env'), `BETTER_AUTH_SECRET=${testSecret}\nHEDGEROW_ISSUER=https://id.example.com\n`);

  const fromFile = await run(['token', 'alice'], {}, folder);
  const overridden = await run(['token', 'alice'], { HEDGEROW_ISSUER: 'https://other.example.com' }, folder);

  expect(decodeJwt(fromFile.stdout.trim()).iss).toBe('https://id.example.com');
  expect(decodeJwt(overridden.stdout.trim()).iss).toBe('https://other.example.com');
});
