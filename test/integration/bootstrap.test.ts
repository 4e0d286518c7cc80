/** Bootstrap: roles and database from nothing, and mending what differs. C-15, C-30, C-50 */
import pg from 'pg';
import { pino } from 'pino';
import { authSelfTest } from '../../src/accounts/self-test.ts';
import { migrateAccounts } from '../../src/accounts/tables.ts';
import { bootstrap } from '../../src/database/bootstrap.ts';
import { connect } from '../../src/database/connect.ts';
import { migrate } from '../../src/database/migrations.ts';
import { createPool } from '../../src/database/pool.ts';
import { selfTest } from '../../src/database/self-test.ts';
import { onDatabase } from '../../src/database/url.ts';
import { testAdminUrl } from '../support/servers.ts';

/** Roles and a database of this file's own: they are made and altered at will. */
const database = 'hedgerow_bootstrap';
const owner = { user: 'hedgerow_bootstrap owner', password: "it's a \\ secret@/:%" };
const api = { user: 'hedgerow_bootstrap_api', password: 'p' };
const auth = { user: 'hedgerow_bootstrap "auth"', password: 'k' };
const inspector = { user: 'hedgerow_bootstrap inspector', password: 'l' };
const inspectorUrl = onDatabase(testAdminUrl(), database, inspector);
const authUrl = onDatabase(testAdminUrl(), database, auth);
const urls = {
  adminUrl: testAdminUrl(),
  ownerUrl: onDatabase(testAdminUrl(), database, owner),
  apiUrl: onDatabase(testAdminUrl(), database, api),
};
let admin: pg.Client;

beforeAll(async () => {
  admin = await connect(testAdminUrl(), 'TEST_ADMIN_URL');
  await clean();
});
afterAll(async () => {
  await clean();
  await admin.end();
});

async function clean(): Promise<void> {
  await admin.query(`drop database if exists ${database} with (force)`);
  for (const role of [owner.user, api.user, auth.user, inspector.user])
    await admin.query(`drop role if exists ${pg.escapeIdentifier(role)}`);
}

async function passesSelfTest(): Promise<void> {
  const pool = createPool({ url: urls.apiUrl, size: 1, acquireTimeoutMs: 5000 }, pino({ level: 'silent' }));
  await selfTest(pool).finally(() => pool.end());
}

test('from nothing: bootstrap, migrate, and the self-test passes', async () => {
  await bootstrap(urls);
  await migrate(urls.ownerUrl);

  await expect(passesSelfTest()).resolves.toBeUndefined();
});

test('it may be repeated, and changes nothing then', async () => {
  await bootstrap(urls);
  await bootstrap(urls);

  await expect(passesSelfTest()).resolves.toBeUndefined();
});

test('two at once take turns', async () => {
  await expect(Promise.all([bootstrap(urls), bootstrap(urls), bootstrap(urls)])).resolves.toHaveLength(3);
});

test('roles that were given too much are brought back', async () => {
  await admin.query(`alter role ${api.user} superuser bypassrls createrole inherit password 'other'`);
  await admin.query(`grant pg_read_all_data to ${api.user}`);

  await bootstrap(urls);

  await expect(passesSelfTest()).resolves.toBeUndefined();
});

test('strangers cannot connect to the database', async () => {
  await admin.query("drop role if exists hedgerow_stranger; create role hedgerow_stranger login password 'p'");
  const stranger = onDatabase(testAdminUrl(), database, { user: 'hedgerow_stranger', password: 'p' });

  const refused = connect(stranger, 'DATABASE_URL');

  await expect(refused).rejects.toThrow(/may not connect/);
  await admin.query('drop role hedgerow_stranger');
});

test.each([
  ['two databases', { ...urls, apiUrl: onDatabase(urls.apiUrl, 'another') }, /must be one/],
  ['one role for owner and API', { ...urls, apiUrl: urls.ownerUrl }, /both name the role/],
  ['no role', { ...urls, apiUrl: 'postgres://127.0.0.1/x' }, /DATABASE_URL must name a role/],
])('%s are refused before anything is made', async (_what, given, message) => {
  await expect(bootstrap(given)).rejects.toThrow(message);
});

test('a database that belongs to somebody else is left alone', async () => {
  await admin.query('drop database if exists hedgerow_foreign; ');
  await admin.query('create database hedgerow_foreign template template0');
  const foreign = {
    ...urls,
    ownerUrl: onDatabase(urls.ownerUrl, 'hedgerow_foreign'),
    apiUrl: onDatabase(urls.apiUrl, 'hedgerow_foreign'),
  };

  await expect(bootstrap(foreign)).rejects.toThrow(/belongs to the role/);

  await admin.query('drop database hedgerow_foreign');
});

describe('with a role that keeps accounts', () => {
  async function authPassesSelfTest(): Promise<void> {
    const pool = createPool({ url: authUrl, size: 1, acquireTimeoutMs: 5000 }, pino({ level: 'silent' }));
    await authSelfTest(pool).finally(() => pool.end());
  }

  test('its schema and its tables are made, which may be repeated and done at once', async () => {
    const lines: string[] = [];

    await Promise.all([bootstrap({ ...urls, authUrl }), bootstrap({ ...urls, authUrl })]);
    await expect(authPassesSelfTest()).rejects.toThrow(/Run "hedgerow migrate"/);
    await Promise.all([migrateAccounts(authUrl, (line) => lines.push(line)), migrateAccounts(authUrl)]);
    await migrateAccounts(authUrl, (line) => lines.push(line));

    expect(lines.join('\n')).toMatch(/Made in the schema auth: table users; .*index|The schema auth is up to date/);
    expect(lines.at(-1)).toBe('hedgerow: The schema auth is up to date');
    await expect(authPassesSelfTest()).resolves.toBeUndefined();
    await expect(passesSelfTest()).resolves.toBeUndefined();
  });

  test('a role that was given too much is brought back', async () => {
    const name = pg.escapeIdentifier(auth.user);
    await admin.query(`alter role ${name} superuser bypassrls createrole; grant pg_read_all_data to ${name}`);
    await admin.query(`alter role ${name} set search_path = public`);

    await bootstrap({ ...urls, authUrl });

    await expect(authPassesSelfTest()).resolves.toBeUndefined();
  });

  test('a schema of somebody else is left alone', async () => {
    const inside = await connect(onDatabase(testAdminUrl(), database), 'TEST_ADMIN_URL');
    await inside.query(`alter schema auth owner to ${pg.escapeIdentifier(owner.user)}`);

    await expect(bootstrap({ ...urls, authUrl })).rejects.toThrow(/schema auth belongs to the role/);
    await expect(migrateAccounts(authUrl)).rejects.toThrow(/does not own the schema auth/);

    await inside.query(`alter schema auth owner to ${pg.escapeIdentifier(auth.user)}`);
    await inside.end();
  });

  test.each([
    ['the role of the API', onDatabase(urls.apiUrl, database), /both name the role/],
    ['the owner', onDatabase(urls.ownerUrl, database), /both name the role/],
    ['another database', onDatabase(authUrl, 'another'), /must be one/],
  ])('it cannot be %s', async (_what, given, message) => {
    await expect(bootstrap({ ...urls, authUrl: given })).rejects.toThrow(message);
  });
});

describe('with a login that looks', () => {
  const name = pg.escapeIdentifier(inspector.user);

  test('it looks, and writes nothing', async () => {
    await bootstrap({ ...urls, inspectorUrl });
    await migrate(urls.ownerUrl);
    const client = await connect(inspectorUrl, 'HEDGEROW_INSPECTOR_URL');

    await expect(client.query('select * from users')).resolves.toMatchObject({ rows: [] });
    await expect(client.query('delete from app_public.tasks')).rejects.toMatchObject({ code: '25006' });
    await client.end();
  });

  test('one that was given too much, or has lost its settings, is brought back', async () => {
    await admin.query(`alter role ${name} superuser bypassrls; grant hedgerow_visitor, pg_write_all_data to ${name}`);
    await admin.query(`alter role ${name} reset all`);

    await bootstrap({ ...urls, inspectorUrl });

    const { rows: attributes } = await admin.query(
      `select rolsuper, rolbypassrls, rolconfig,
         array(select roleid::regrole::text from pg_auth_members where member = role.oid) as member_of
       from pg_roles as role where rolname = $1`,
      [inspector.user],
    );
    expect(attributes).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolconfig: [
          'default_transaction_read_only=on',
          'statement_timeout=30s',
          'idle_in_transaction_session_timeout=5min',
          'search_path=admin, app_public',
        ],
        member_of: ['hedgerow_admin'],
      },
    ]);
  });

  test('it cannot be the role of the API', async () => {
    await expect(bootstrap({ ...urls, inspectorUrl: urls.apiUrl })).rejects.toThrow(/both name the role/);
  });
});

test('an administrator who is no superuser can do it too', async () => {
  await clean();
  await admin.query(
    "drop role if exists hedgerow_helper; create role hedgerow_helper login createrole createdb password 'p'",
  );
  // The fixed roles are there already, made by a superuser; on PostgreSQL 16 and later one must be their administrator to grant them.
  await admin.query('grant hedgerow_visitor, hedgerow_historian, hedgerow_admin to hedgerow_helper with admin option');
  const adminUrl = onDatabase(testAdminUrl(), 'postgres', { user: 'hedgerow_helper', password: 'p' });

  await bootstrap({ ...urls, authUrl, inspectorUrl, adminUrl });
  await migrate(urls.ownerUrl);
  await migrateAccounts(authUrl);

  await expect(passesSelfTest()).resolves.toBeUndefined();
  await clean();
  await admin.query('drop owned by hedgerow_helper; drop role hedgerow_helper');
});

describe('a connection that fails says why, and does not show the password', () => {
  test.each([
    [
      'a wrong password',
      () => onDatabase(urls.apiUrl, database, { ...api, password: 'hunter2' }),
      /password .* is wrong/,
    ],
    ['a missing database', () => onDatabase(testAdminUrl(), 'hedgerow_nowhere'), /does not exist/],
    ['a server that is not there', () => 'postgres://api:hunter2@127.0.0.1:1/hedgerow', /No PostgreSQL answers/],
    [
      'a host that is not known',
      () => 'postgres://api:hunter2@nowhere.invalid/hedgerow',
      /host .* is not known|Cannot connect/,
    ],
  ])('%s', async (_what, url, message) => {
    await bootstrap(urls);

    const error = await connect(url(), 'DATABASE_URL').catch((thrown: unknown) => thrown as Error);

    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain('DATABASE_URL');
    expect((error as Error).message).not.toContain('hunter2');
  });
});
