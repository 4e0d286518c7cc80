/** Makes the roles and the database, given an administrator's connection. May be repeated: it mends what differs. */
import pg from 'pg';
import { OperatorError } from '../errors.ts';
import { connect } from './connect.ts';
import { becomeMember, ensureRole, isSuperuser, keepMembership, leaveMemberships } from './ensure-role.ts';
import { adminRole, authSchema, historianRole, visitorRole } from './roles.ts';
import { type DatabaseUrl, onDatabase, readDatabaseUrl } from './url.ts';

export type BootstrapUrls = {
  /** An administrator: a superuser, or a role that may create roles and databases. */
  adminUrl: string;
  /** Names the role that owns the schema, its password, and the database. */
  ownerUrl: string;
  /** Names the API's login role and its password. */
  apiUrl: string;
  /** Names the role that keeps accounts, and its password; absent where people sign in elsewhere. */
  authUrl?: string;
  /** Names a login with which administrators look, and its password; absent where none is wanted. */
  inspectorUrl?: string;
};

/** What a URL names, and the variable that it came from. */
type Login = DatabaseUrl & { variable: string };

/** The logins that the URLs name. @throws OperatorError when one names no role or no database */
export function loginsOf({ ownerUrl, apiUrl, authUrl, inspectorUrl }: BootstrapUrls) {
  const read = (url: string, variable: string): Login => ({ variable, ...readDatabaseUrl(url, variable) });
  return {
    owner: read(ownerUrl, 'HEDGEROW_OWNER_URL'),
    api: read(apiUrl, 'DATABASE_URL'),
    auth: authUrl === undefined ? undefined : read(authUrl, 'HEDGEROW_AUTH_DATABASE_URL'),
    inspector: inspectorUrl === undefined ? undefined : read(inspectorUrl, 'HEDGEROW_INSPECTOR_URL'),
  };
}

/** Held on the administrator's connection, so that two bootstraps at once take turns. Any constant will do. */
const bootstrapLock = 7_216_530_901;

/**
 * Creates or mends, in one go: the visitor, the historian, the role of administrators who look, the owner (migrates; no superuser, no
 * BYPASSRLS), the API's login role (NOINHERIT, no right but to become the visitor), the database with nothing open to PUBLIC and, when asked
 * for, the role that keeps accounts in a schema of its own and a login that looks.
 * @throws OperatorError when the URLs contradict each other or the administrator may not do it
 */
export async function bootstrap(urls: BootstrapUrls): Promise<void> {
  const { adminUrl } = urls;
  const { owner, api, auth, inspector } = loginsOf(urls);
  assertApart([owner, api, auth, inspector].filter((login) => login !== undefined));

  const admin = await connect(adminUrl, 'HEDGEROW_ADMIN_URL');
  try {
    await admin.query('select pg_advisory_lock($1)', [bootstrapLock]);
    await ensureRole(admin, visitorRole, 'nologin inherit');
    await ensureRole(admin, historianRole, 'nologin noinherit');
    await leaveMemberships(admin, historianRole, []);
    await ensureRole(admin, adminRole, 'nologin inherit');
    await leaveMemberships(admin, adminRole, [statisticsRole]);
    if (await mayGrantStatistics(admin)) await admin.query(`grant ${statisticsRole} to ${adminRole}`);
    await ensureRole(admin, owner.user, 'login inherit', owner.password);
    // Who gives a function to a role has to be a member of it.
    await admin.query(`grant ${historianRole} to ${pg.escapeIdentifier(owner.user)}`);
    await ensureRole(admin, api.user, 'login noinherit', api.password);
    await keepMembership(admin, api.user, visitorRole);
    if (auth) {
      await ensureRole(admin, auth.user, 'login noinherit', auth.password);
      await leaveMemberships(admin, auth.user, []);
    }
    if (inspector) await ensureInspector(admin, inspector);
    await ensureDatabase(admin, owner.database, owner.user);
    await openRoom(onDatabase(adminUrl, owner.database), owner.database, [api.user, inspector?.user], auth?.user);
  } catch (error) {
    throw explain(error);
  } finally {
    await admin.end();
  }
}

/** Inside the database: nothing is open to PUBLIC, the logins may connect, and the keeper of accounts has a schema. */
async function openRoom(
  url: string,
  database: string,
  users: (string | undefined)[],
  authUser?: string,
): Promise<void> {
  const inside = await connect(url, 'HEDGEROW_ADMIN_URL');
  const name = pg.escapeIdentifier(database);
  try {
    await inside.query(`revoke all on database ${name} from public`);
    for (const user of users) {
      if (user !== undefined) await inside.query(`grant connect on database ${name} to ${pg.escapeIdentifier(user)}`);
    }
    await inside.query('revoke all on schema public from public');
    if (await isSuperuser(inside)) {
      await inside.query(largeObjectsForOwners);
      await inside.query(countStatements);
    }
    if (authUser !== undefined) await ensureAuthSchema(inside, authUser, name);
  } finally {
    await inside.end();
  }
}

/** Large objects are in no schema: whoever may connect could store some, in a database where they may not write anything else. */
const largeObjectsForOwners =
  'revoke execute on function pg_catalog.lo_creat(int), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea) from public';

/** The views of administrators show what PostgreSQL counts, where it is set up to: the extension counts only when the server was started with it. */
const countStatements = `
  do $$
  begin
    if current_setting('shared_preload_libraries') ~ '\\mpg_stat_statements\\M' then
      create schema if not exists extensions;
      grant usage on schema extensions to ${adminRole};
      create extension if not exists pg_stat_statements schema extensions;
    end if;
  end
  $$`;

/** Lets a role see what the others are doing. Where it may not be given, the views show less. */
const statisticsRole = 'pg_read_all_stats';

async function mayGrantStatistics(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ may: boolean }>(
    `select rolsuper or pg_has_role('${statisticsRole}', 'member with admin option') as may
     from pg_roles where rolname = current_user`,
  );
  return rows[0]!.may;
}

/**
 * A login for people who look: what it inherits is the whole of its rights. The settings keep one from an accident, such as a query that never
 * ends; who wants to can change them, and cannot write all the same.
 */
async function ensureInspector(admin: pg.Client, { user, password }: DatabaseUrl): Promise<void> {
  await ensureRole(admin, user, 'login inherit', password);
  await keepMembership(admin, user, adminRole);
  const name = pg.escapeIdentifier(user);
  for (const setting of [
    'default_transaction_read_only = on',
    "statement_timeout = '30s'",
    "idle_in_transaction_session_timeout = '5min'",
    'search_path = admin, app_public',
  ]) {
    await admin.query(`alter role ${name} set ${setting}`);
  }
}

/** @throws OperatorError unless all name one database, and each a role of its own */
function assertApart(urls: Login[]): void {
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
