/** All that decides access in a database, for tests that compare before and after. */
import type pg from 'pg';
import { type Access, readAccess } from '../../src/proof/diff/access.ts';

/** Of every schema that is not PostgreSQL's own. */
export async function readAllAccess(client: pg.Client): Promise<Access> {
  const { rows } = await client.query<{ nspname: string }>(
    "select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
  );
  return readAccess(
    client,
    rows.map(({ nspname }) => nspname),
  );
}
