/** `hedgerow schema`: the GraphQL schema, as text, for front ends that generate types from it. */
import { parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { createPool } from '../database/pool.ts';
import { printApiSchema } from '../graphql/print-schema.ts';
import { createLogger } from '../http/request-log.ts';
import type { Environment } from './environment.ts';

export async function schema(env: Environment): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'schema'));
  const pool = createPool({ url: database.apiUrl!, size: 1, acquireTimeoutMs: 10_000 }, createLogger('warn'));
  try {
    process.stdout.write(await printApiSchema(pool));
  } finally {
    await pool.end();
    await database.release();
  }
}
