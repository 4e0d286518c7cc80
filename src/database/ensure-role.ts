/** Roles: made, or brought back to what they must be. What is asked of the server is asked as an administrator. */
import pg from 'pg';
import { OperatorError } from '../errors.ts';

/** Creates a role or brings its attributes back to what they must be. The password is set when the URL carries one. */
export async function ensureRole(admin: pg.Client, role: string, attributes: string, password?: string): Promise<void> {
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

/** Leaves `role` a member of no others than those `kept`. */
export async function leaveMemberships(admin: pg.Client, role: string, kept: string[]): Promise<void> {
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
}

/** Makes `role` a member of `kept` and of nothing else. */
export async function keepMembership(admin: pg.Client, role: string, kept: string): Promise<void> {
  await leaveMemberships(admin, role, [kept]);
  await admin.query(`grant ${pg.escapeIdentifier(kept)} to ${pg.escapeIdentifier(role)}`);
}

/** Only a member may give something to a role, unless superuser. */
export async function becomeMember(admin: pg.Client, role: string): Promise<void> {
  if (!(await isSuperuser(admin))) await admin.query(`grant ${pg.escapeIdentifier(role)} to current_user`);
}

/** Whether the one who is connected is bound by nothing. */
export async function isSuperuser(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  return rows[0]!.rolsuper;
}
