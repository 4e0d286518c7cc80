/**
 * The self-test at start. The policies hold only if the roles and grants round them are right, so the server looks before it serves,
 * through the API's own login, and refuses with a list of what is wrong.
 */
import type { Pool } from 'pg';
import { OperatorError } from '../errors.ts';
import { fencedTransactions } from './fence.ts';
import { missingMigrations } from './migrations.ts';
import { visitorRole } from './roles.ts';

/** A query for what no login of ours may do; `roles` is a list in SQL. */
export const excessivePowers = (roles: string): string =>
  `select pg_catalog.format('The role %I %s. Take it away, or run "hedgerow bootstrap".', role.rolname, power.words) as fault
   from pg_catalog.pg_roles as role
   cross join lateral (values
     (role.rolsuper, 'is a superuser'),
     (role.rolbypassrls, 'may bypass row-level security'),
     (role.rolcreaterole, 'may create roles'),
     (role.rolcreatedb, 'may create databases'),
     (role.rolreplication, 'may replicate')
   ) as power (has, words)
   where role.rolname in (${roles})
   and power.has`;

/** Each query yields one row, with a column `fault`, for everything that is wrong. `$1` is the visitor. */
const checks = [
  // The login role and the visitor have no power of their own.
  excessivePowers('session_user, $1::name'),

  `select pg_catalog.format('The role %I owns objects: an owner is not bound by grants. Give them to the role of HEDGEROW_OWNER_URL.', role.rolname) as fault
   from pg_catalog.pg_roles as role
   where role.rolname in (session_user, $1::name)
   and exists (
     select from pg_catalog.pg_shdepend as dependency
     where dependency.refclassid = 'pg_catalog.pg_authid'::regclass
     and dependency.refobjid = role.oid
     and dependency.deptype = 'o'
   )`,

  // Rights must come by "set role", in a transaction that says who is asking, and not by merely being logged in.
  `select pg_catalog.format('The login role %I inherits the rights of %I. Run: alter role %1$I noinherit; revoke %2$I from %1$I; grant %2$I to %1$I;', session_user, role.rolname) as fault
   from pg_catalog.pg_roles as role
   where role.rolname <> session_user
   and pg_catalog.pg_has_role(session_user, role.oid, 'usage')`,

  `select pg_catalog.format('The login role %I can become %I. It may become %I only. Run: revoke %2$I from %1$I;', session_user, role.rolname, $1::name) as fault
   from pg_catalog.pg_roles as role
   where role.rolname not in (session_user, $1::name)
   and pg_catalog.pg_has_role(session_user, role.oid, 'member')`,

  `select pg_catalog.format('The login role %I cannot become %I. Run "hedgerow bootstrap".', session_user, $1::name) as fault
   where not exists (
     select from pg_catalog.pg_roles as role
     where role.rolname = $1::name
     and pg_catalog.pg_has_role(session_user, role.oid, 'member')
   )`,

  `select pg_catalog.format('jwt.claims.sub has a default for this login or database: every request without a user would be that user. Reset it with "alter role … reset" or "alter database … reset".') as fault
   where nullif(pg_catalog.current_setting('jwt.claims.sub', true), '') is not null`,

  // The tables.
  `select pg_catalog.format('Row-level security is %s on the table %s. Run: %s', state.words, class.oid::regclass, pg_catalog.format(state.remedy, class.oid::regclass)) as fault
   from pg_catalog.pg_class as class
   cross join lateral (values
     (class.relrowsecurity, 'off', 'alter table %s enable row level security;'),
     (class.relforcerowsecurity, 'not forced', 'alter table %s force row level security;')
   ) as state (holds, words, remedy)
   where class.relnamespace in (pg_catalog.to_regnamespace('app_public'), pg_catalog.to_regnamespace('app_hidden'))
   and class.relkind in ('r', 'p')
   and not state.holds`,

  `select pg_catalog.format('The view %s runs with its owner''s rights. Run: alter view %1$s set (security_invoker = true);', class.oid::regclass) as fault
   from pg_catalog.pg_class as class
   where class.relnamespace in (pg_catalog.to_regnamespace('app_public'), pg_catalog.to_regnamespace('app_hidden'))
   and class.relkind = 'v'
   and not coalesce(class.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,

  `select pg_catalog.format('The role %I may truncate the table %s: truncate ignores row-level security. Run: revoke truncate on table %2$s from %1$I, public;', $1::name, class.oid::regclass) as fault
   from pg_catalog.pg_class as class
   where class.relnamespace in (pg_catalog.to_regnamespace('app_public'), pg_catalog.to_regnamespace('app_hidden'))
   and class.relkind in ('r', 'p')
   and exists (select from pg_catalog.pg_roles where rolname = $1::name)
   and pg_catalog.has_table_privilege($1::name, class.oid, 'truncate')`,

  // Keys lead with the owner, so the owner column is the first of the primary key.
  `select pg_catalog.format('The role %I may %s the owner column %I of the table %s. Grant %2$s by column, without it.', $1::name, privilege.name, attribute.attname, class.oid::regclass) as fault
   from pg_catalog.pg_class as class
   join pg_catalog.pg_constraint as con on con.conrelid = class.oid and con.contype = 'p'
   join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum = con.conkey[1]
   cross join (values ('insert'), ('update')) as privilege (name)
   where class.relnamespace in (pg_catalog.to_regnamespace('app_public'), pg_catalog.to_regnamespace('app_hidden'))
   and exists (select from pg_catalog.pg_roles where rolname = $1::name)
   and pg_catalog.has_column_privilege($1::name, class.oid, attribute.attnum, privilege.name)`,
];

/**
 * Looks at roles, grants and migrations.
 * @param pool logs in as the API does
 * @throws OperatorError that lists every fault and its remedy
 */
export async function selfTest(pool: Pool): Promise<void> {
  const faults = await faultsOf(pool, checks);
  // This question is asked as the visitor, so the roles must be right first.
  if (faults.length === 0) {
    const missing = await missingMigrations(fencedTransactions(pool));
    if (missing !== undefined) faults.push(missing);
  }
  refuse(faults);
}

/** What each of the queries finds; `$1` is the visitor. */
export async function faultsOf(pool: Pool, queries: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const text of queries) {
    const { rows } = await pool.query<{ fault: string }>(text, text.includes('$1') ? [visitorRole] : []);
    faults.push(...rows.map(({ fault }) => fault));
  }
  return faults;
}

/** @throws OperatorError that lists the faults, if there are any */
export function refuse(faults: string[]): void {
  if (faults.length === 0) return;
  const list = faults.map((fault) => `  - ${fault}`).join('\n');
  throw new OperatorError(`Refusing to serve, because the database is not as it has to be:\n${list}`);
}
