/** The self-test of the role that keeps accounts: it has a room of its own that nobody else may enter, and no way into the others. */
import type { Pool } from 'pg';
import { authSchema } from '../database/roles.ts';
import { excessivePowers, faultsOf, refuse } from '../database/self-test.ts';
import { missingAccountTables } from './tables.ts';

/** Each query yields one row, with a column `fault`, for everything that is wrong. */
const checks = [
  excessivePowers('session_user'),

  `select pg_catalog.format('The role %I, which keeps accounts, can become %I. It may become nobody. Run: revoke %2$I from %1$I;', session_user, role.rolname) as fault
   from pg_catalog.pg_roles as role
   where role.rolname <> session_user
   and pg_catalog.pg_has_role(session_user, role.oid, 'member')`,

  `select pg_catalog.format('The role %I does not own the schema %I, or does not look there first. Run "hedgerow bootstrap".', session_user, '${authSchema}') as fault
   where pg_catalog.current_schema() is distinct from '${authSchema}'
   or not exists (
     select from pg_catalog.pg_namespace
     where nspname = '${authSchema}'
     and nspowner = pg_catalog.quote_ident(session_user)::regrole
   )`,

  `select pg_catalog.format('The role %I may look into the schema %I of accounts. Run: revoke all on schema %2$I from %1$I, public;', role.rolname, '${authSchema}') as fault
   from pg_catalog.pg_roles as role
   where role.rolname <> session_user
   and not role.rolsuper
   and role.rolname !~ '^pg_'
   and exists (select from pg_catalog.pg_namespace where nspname = '${authSchema}')
   and pg_catalog.has_schema_privilege(role.oid, '${authSchema}', 'usage')
   and not pg_catalog.pg_has_role(role.oid, pg_catalog.quote_ident(session_user)::regrole, 'member')`,
];

/**
 * Looks at the role, its schema and its tables.
 * @param pool logs in as that role
 * @throws OperatorError that lists every fault and its remedy
 */
export async function authSelfTest(pool: Pool): Promise<void> {
  const faults = await faultsOf(pool, checks);
  if (faults.length === 0) {
    const missing = await missingAccountTables(pool);
    if (missing !== undefined) faults.push(missing);
  }
  refuse(faults);
}
