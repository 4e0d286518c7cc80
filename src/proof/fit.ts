/** Whether a configuration is about this database: a schema or role that is not there would be found faultless. */
import type { ClientBase } from 'pg';
import { OperatorError } from '../errors.ts';
import type { ProofConfig } from './config.ts';

/** @throws OperatorError with every schema and role that is not there, or that the client may not become */
export async function assertFits(
  client: ClientBase,
  {
    schemas,
    visitors,
    inspectors,
    logins,
    impersonate,
  }: Pick<ProofConfig, 'schemas' | 'visitors' | 'inspectors' | 'logins' | 'impersonate'>,
): Promise<void> {
  const requesting = new Set([...visitors, impersonate().role]);
  const { rows } = await client.query<{ fault: string }>(
    `select format('There is no schema %s.', name) as fault
     from unnest($1::text[]) as name where name not in (select nspname from pg_catalog.pg_namespace)
     union all
     select format('There is no role %s.', name)
     from unnest($2::text[] || $3::text[]) as name where name not in (select rolname from pg_catalog.pg_roles)
     union all
     select format('%s may not become %s: run this as a superuser, or as a member of that role.', current_user, rolname)
     from pg_catalog.pg_roles where rolname = any ($2) and not pg_catalog.pg_has_role(oid, 'member')`,
    [schemas, [...requesting], [...inspectors, ...logins].filter((role) => !requesting.has(role))],
  );
  if (rows.length > 0) {
    throw new OperatorError(
      `The configuration does not fit the database:\n${rows.map(({ fault }) => `  ${fault}`).join('\n')}`,
    );
  }
}
