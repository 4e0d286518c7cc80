/** Makes the roles and the database, given an administrator's connection. May be repeated: it mends what differs. */
import pg from 'pg';
import { OperatorError } from '../errors.ts';
import { connect } from './connect.ts';
import { visitorRole } from './roles.ts';
import { onDatabase, readDatabaseUrl } from './url.ts';

export type BootstrapUrls = {
  /** An administrator: a superuser, or a role that may create roles and databases. */
  adminUrl: string;
  /** Names the role that owns the schema, its password, and the database. */
  ownerUrl: string;
  /** Names the API's login role and its password. */
  apiUrl: string;
};

/** Held on the administrator's connection, so that two bootstraps at once take turns. Any constant will do. */
const bootstrapLock = 7_216_530_901;

/**
 * Creates or mends, in one go: the visitor, the owner (migrates; no superuser, no BYPASSRLS), the API's login role (NOINHERIT, no right
 * but to become the visitor), and the database with nothing open to PUBLIC.
 * @throws OperatorError when the URLs contradict each other or the administrator may not do it
 */
export async function bootstrap({ adminUrl, ownerUrl, apiUrl }: BootstrapUrls): Promise<void> {
  const owner = readDatabaseUrl(ownerUrl, 'HEDGEROW_OWNER_URL');
  const api = readDatabaseUrl(apiUrl, 'DATABASE_URL');
  if (owner.database !== api.database) {
    throw new OperatorError(
      `DATABASE_URL names the database ${api.database} and HEDGEROW_OWNER_URL the database ${owner.database}: they must be one.`,
    );
  }
  if (owner.user === api.user) {
    throw new OperatorError(
      `DATABASE_URL and HEDGEROW_OWNER_URL both name the role ${api.user}. The API must not log in as the owner of the tables: give it a role of its own.`,
    );
  }

  const admin = await connect(adminUrl, 'HEDGEROW_ADMIN_URL');
  try {
    await admin.query('select pg_advisory_lock($1)', [bootstrapLock]);
    await ensureRole(admin, visitorRole, 'nologin inherit');
    await ensureRole(admin, owner.user, 'login inherit', owner.password);
    await ensureRole(admin, api.user, 'login noinherit', api.password);
    await leaveOnlyMembership(admin, api.user, visitorRole);
    await ensureDatabase(admin, owner.database, owner.user);
  } catch (error) {
    throw explain(error);
  } finally {
    await admin.end();
  }

  const inside = await connect(onDatabase(adminUrl, owner.database), 'HEDGEROW_ADMIN_URL');
  try {
    const database = pg.escapeIdentifier(owner.database);
    await inside.query(`revoke all on database ${database} from public`);
    await inside.query(`grant connect on database ${database} to ${pg.escapeIdentifier(api.user)}`);
    await inside.query('revoke all on schema public from public');
  } catch (error) {
    throw explain(error);
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

/** Makes `role` a member of `only` and of nothing else. */
async function leaveOnlyMembership(admin: pg.Client, role: string, only: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  const { rows } = await admin.query<{ granted: string }>(
    `select granted.rolname as granted
     from pg_auth_members as membership
     join pg_roles as granted on granted.oid = membership.roleid
     join pg_roles as member on member.oid = membership.member
     where member.rolname = $1 and granted.rolname <> $2`,
    [role, only],
  );
  for (const { granted } of rows) await admin.query(`revoke ${pg.escapeIdentifier(granted)} from ${name}`);
  await admin.query(`grant ${pg.escapeIdentifier(only)} to ${name}`);
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
  const { rows: who } = await admin.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  // Only a member may give a database to a role, unless superuser.
  if (!who[0]!.rolsuper) await admin.query(`grant ${pg.escapeIdentifier(owner)} to current_user`);
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
