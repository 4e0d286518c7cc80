/** The tables of Better Auth, in the schema of their own role: made and brought up to date by Better Auth's own migrations. */
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import { connect } from '../database/connect.ts';
import { authSchema } from '../database/roles.ts';
import { OperatorError } from '../errors.ts';
import { tableOptions } from './better-auth.ts';

/** Held while tables are made, so that two at once take turns. Any constant will do. */
const tablesLock = 7_216_530_903;

/** What the limiter keeps there: unlogged, because after a crash everybody may start anew. */
const rateLimits = `
  create unlogged table if not exists ${authSchema}.rate_limits (
    key text primary key,
    points integer not null default 0,
    expire bigint
  )`;

/**
 * Makes the tables and columns that are not there yet.
 * @param authUrl logs in as the owner of the schema, which `bootstrap` has made
 * @param onProgress is given one line for each step
 * @throws OperatorError when that role cannot connect or does not own the schema
 */
export async function migrateAccounts(authUrl: string, onProgress: (line: string) => void = () => {}): Promise<void> {
  const turn = await connect(authUrl, 'HEDGEROW_AUTH_DATABASE_URL');
  const pool = new pg.Pool({ connectionString: authUrl, max: 1 });
  try {
    await turn.query('select pg_advisory_lock($1)', [tablesLock]);
    await assertOwnSchema(turn);
    const { toBeCreated, toBeAdded, toBeAddedIndexes, runMigrations } = await getMigrations(tableOptions(pool));
    await runMigrations();
    await turn.query(rateLimits);
    const steps = [
      ...toBeCreated.map(({ table }) => `table ${table}`),
      ...toBeAdded.map(({ table, fields }) => `columns ${Object.keys(fields).join(', ')} of ${table}`),
      ...toBeAddedIndexes.map(({ name }) => `index ${name}`),
    ];
    onProgress(
      steps.length === 0
        ? `hedgerow: The schema ${authSchema} is up to date`
        : `hedgerow: Made in the schema ${authSchema}: ${steps.join('; ')}`,
    );
  } finally {
    await pool.end();
    await turn.end();
  }
}

/** Whether tables or columns are missing: undefined when all are there, otherwise a sentence that says what to do. */
export async function missingAccountTables(pool: pg.Pool): Promise<string | undefined> {
  const { toBeCreated, toBeAdded } = await getMigrations(tableOptions(pool));
  return toBeCreated.length + toBeAdded.length === 0
    ? undefined
    : `The tables of accounts in the schema ${authSchema} are behind. Run "hedgerow migrate".`;
}

async function assertOwnSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string | null; owns: boolean | null }>(
    `select current_schema() as schema,
       (select nspowner = quote_ident(current_user)::regrole from pg_namespace where nspname = $1) as owns`,
    [authSchema],
  );
  if (rows[0]!.schema === authSchema && rows[0]!.owns) return;
  throw new OperatorError(
    `The role of HEDGEROW_AUTH_DATABASE_URL does not own the schema ${authSchema}, or does not look there first. Run "hedgerow bootstrap".`,
  );
}
