/** All that decides access in a database, for tests that compare before and after. */
import type pg from 'pg';
import { type Access, readAccess } from '../../src/proof/diff/access.ts';

/** Of every schema that is not PostgreSQL's own, in an order that does not depend on how PostgreSQL looks for it this time. */
export async function readAllAccess(client: pg.Client): Promise<Access> {
  const { rows } = await client.query<{ nspname: string }>(
    "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
  );
  const access = await readAccess(
    client,
    rows.map(({ nspname }) => nspname),
  );
  for (const found of Object.values(access)) {
    if (Array.isArray(found)) found.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  return access;
}
