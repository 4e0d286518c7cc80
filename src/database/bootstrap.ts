/** Makes the roles and the database, given an administrator's connection. May be repeated: it mends what differs. */
import pg from 'pg';
import { OperatorError } from '../errors.ts';
import { connect } from './connect.ts';
import { authSchema, historianRole, visitorRole } from './roles.ts';
import { onDatabase, readDatabaseUrl } from './url.ts';

export type BootstrapUrls = {
  /** An administrator: a superuser, or a role that may create roles and databases. */
  adminUrl: string;
  /** Names the role that owns the schema, its password, and the database. */
  ownerUrl: string;
  /** Names the API's login role and its password. */
  apiUrl: string;
  /** Names the role that keeps accounts, and its password; absent where people sign in elsewhere. */
  authUrl?: string;
};

/** Held on the administrator's connection, so that two bootstraps at once take turns. Any constant will do. */
const bootstrapLock = 7_216_530_901;

/**
 * Creates or mends, in one go: the visitor, the historian, the owner (migrates; no superuser, no BYPASSRLS), the API's login role (NOINHERIT, no
 * right but to become the visitor), the database with nothing open to PUBLIC and, when asked for, the role that keeps accounts in a schema of its own.
 * @throws OperatorError when the URLs contradict each other or the administrator may not do it
 */
export async function bootstrap({ adminUrl, ownerUrl, apiUrl, authUrl }: BootstrapUrls): Promise<void> {
  const owner = readDatabaseUrl(ownerUrl, 'HEDGEROW_OWNER_URL');
  const api = readDatabaseUrl(apiUrl, 'DATABASE_URL');
  const auth = authUrl === undefined ? undefined : readDatabaseUrl(authUrl, 'HEDGEROW_AUTH_DATABASE_URL');
  assertApart([
    { variable: 'HEDGEROW_OWNER_URL', ...owner },
    { variable: 'DATABASE_URL', ...api },
    ...(auth ? [{ variable: 'HEDGEROW_AUTH_DATABASE_URL', ...auth }] : []),
  ]);

  const admin = await connect(adminUrl, 'HEDGEROW_ADMIN_URL');
  try {
    await admin.query('select pg_advisory_lock($1)', [bootstrapLock]);
    await ensureRole(admin, visitorRole, 'nologin inherit');
    await ensureRole(admin, historianRole, 'nologin noinherit');
    await leaveMemberships(admin, historianRole, []);
    await ensureRole(admin, owner.user, 'login inherit', owner.password);
    // Who gives a function to a role has to be a member of it.
    await admin.query(`grant ${historianRole} to ${pg.escapeIdentifier(owner.user)}`);
    await ensureRole(admin, api.user, 'login noinherit', api.password);
    await leaveMemberships(admin, api.user, [visitorRole]);
    if (auth) {
      await ensureRole(admin, auth.user, 'login noinherit', auth.password);
      await leaveMemberships(admin, auth.user, []);
    }
    await ensureDatabase(admin, owner.database, owner.user);
    await openRoom(onDatabase(adminUrl, owner.database), owner.database, api.user, auth?.user);
  } catch (error) {
    throw explain(error);
  } finally {
    await admin.end();
  }
}

/** Inside the database: nothing is open to PUBLIC, the logins may connect, and the keeper of accounts has a schema. */
async function openRoom(url: string, database: string, apiUser: string, authUser?: string): Promise<void> {
  const inside = await connect(url, 'HEDGEROW_ADMIN_URL');
  const name = pg.escapeIdentifier(database);
  try {
    await inside.query(`revoke all on database ${name} from public`);
    await inside.query(`grant connect on database ${name} to ${pg.escapeIdentifier(apiUser)}`);
    await inside.query('revoke all on schema public from public');
    if (authUser !== undefined) await ensureAuthSchema(inside, authUser, name);
  } finally {
    await inside.end();
  }
}

/** Creates a role or brings its attributes back to what they must be. The password is set when the URL carries one. */
async function ensureRole(admin: pg.Client, role: string, attributes: string, password?: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`create role ${name}`);

  // Only a superuser may even mention these attributes; elsewhere they are off unless a superuser turned them on.
  const { rows } = await admin.query<{ superuser: boolean; excessive: boolean }>(
    `select
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       rolsuper or rolbypassrls or rolreplication as excessive
     from pg_roles where rolname = $1`,
    [role],
  );
  if (rows[0]!.superuser) await admin.query(`alter role ${name} nosuperuser nobypassrls noreplication`);
  else if (rows[0]!.excessive) {
    throw new OperatorError(
      `The role ${role} is a superuser or may bypass row-level security, and the administrator of HEDGEROW_ADMIN_URL may not change that. Use another role.`,
    );
  }
  await admin.query(`alter role ${name} ${attributes} nocreatedb nocreaterole`);
  if (password !== undefined) await admin.query(`alter role ${name} password ${pg.escapeLiteral(password)}`);
}

/** @throws OperatorError unless all name one database, and each a role of its own */
function assertApart(urls: { variable: string; user: string; database: string }[]): void {
  for (const [index, url] of urls.entries()) {
    for (const other of urls.slice(0, index)) {
      if (url.database !== other.database) {
        throw new OperatorError(
          `${url.variable} names the database ${url.database} and ${other.variable} the database ${other.database}: they must be one.`,
        );
      }
      if (url.user === other.user) {
        throw new OperatorError(
          `${url.variable} and ${other.variable} both name the role ${url.user}. What one may do is kept from the other: give each a role of its own.`,
        );
      }
    }
  }
}

/** Makes `role` a member of the roles `kept` and of nothing else. */
async function leaveMemberships(admin: pg.Client, role: string, kept: string[]): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rows } = await admin.query<{ granted: string }>(
    `select granted.rolname as granted
     from pg_auth_members as membership
     join pg_roles as granted on granted.oid = membership.roleid
     join pg_roles as member on member.oid = membership.member
     where member.rolname = $1 and granted.rolname <> all ($2)`,
    [role, kept],
  );
  for (const { granted } of rows) await admin.query(`revoke ${pg.escapeIdentifier(granted)} from ${name}`);
  for (const one of kept) await admin.query(`grant ${pg.escapeIdentifier(one)} to ${name}`);
}

/**
 * The room of the role that keeps accounts: it owns the schema, finds its tables there without naming it, and has no right to anything
 * else.
 */
async function ensureAuthSchema(inside: pg.Client, role: string, database: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rows } = await inside.query<{ owner: string }>(
    'select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1',
    [authSchema],
  );
  if (rows[0] && rows[0].owner !== role) {
    throw new OperatorError(
      `The schema ${authSchema} belongs to the role ${rows[0].owner}, not to ${role}. Give it to that role, or name ${rows[0].owner} in HEDGEROW_AUTH_DATABASE_URL.`,
    );
  }
  if (!rows[0]) {
    await becomeMember(inside, role);
    await inside.query(`create schema ${authSchema} authorization ${name}`);
  }
  await inside.query(`grant connect on database ${database} to ${name}`);
  await inside.query(`alter role ${name} set search_path = ${authSchema}`);
  await inside.query(
    `comment on schema ${authSchema} is 'Accounts, sessions and signing keys of the embedded identity provider: no API role may look in.'`,
  );
}

/** Only a member may give something to a role, unless superuser. */
async function becomeMember(admin: pg.Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  if (!rows[0]!.rolsuper) await admin.query(`grant ${pg.escapeIdentifier(role)} to current_user`);
}

async function ensureDatabase(admin: pg.Client, database: string, owner: string): Promise<void> {
  const { rows } = await admin.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [database],
  );
  if (rows[0]?.owner === owner) return;
  if (rows[0]) {
    throw new OperatorError(
      `The database ${database} belongs to the role ${rows[0].owner}, not to ${owner}. Name another database, or change its owner: alter database ${pg.escapeIdentifier(database)} owner to ${pg.escapeIdentifier(owner)};`,
    );
  }
  await becomeMember(admin, owner);
  await admin.query(
    `create database ${pg.escapeIdentifier(database)} owner ${pg.escapeIdentifier(owner)} encoding 'UTF8' template template0`,
  );
}

function explain(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.code === '42501') {
    return new OperatorError(
      `The role of HEDGEROW_ADMIN_URL may not do this: ${error.message}. It must be a superuser, or have CREATEROLE and CREATEDB.`,
      { cause: error },
    );
  }
  return error;
}
