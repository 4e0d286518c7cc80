/** The committed migrations: where they are, which is the newest, and running them (with graphile-migrate). */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';
import { OperatorError } from '../errors.ts';
import { connect } from './connect.ts';
import type { FencedTransaction } from './fence.ts';
import { fixedRoles } from './roles.ts';
import { nobody } from './settings.ts';

/** Both src/database/ and, in the package, dist/database/ lie two levels below the folder that holds migrations/. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The file name of the newest committed migration, such as `000005-tasks.sql`. */
export async function newestMigration(): Promise<string> {
  const files = await readdir(`${migrationsFolder}/committed`);
  return files
    .filter((file) => /^\d+.*\.sql$/.test(file))
    .sort()
    .at(-1)!;
}

/** Held while migrations run, so that two at once take turns: graphile-migrate itself fails the second. Any constant will do. */
const migrationLock = 7_216_530_902;

/**
 * Runs the committed migrations that have not run yet, each in a transaction of its own.
 * @param onProgress is given one line for each step
 * @param folder holds `committed/`: another one than this code's own for the schema of another revision
 * @throws OperatorError when the owner cannot connect, or a role is missing that a migration names
 */
export async function migrate(
  ownerUrl: string,
  onProgress: (line: string) => void = () => {},
  folder: string = migrationsFolder,
): Promise<void> {
  // Servers look at the folder only, and have no use for the rest.
  const { default: graphileMigrate } = await import('graphile-migrate');
  const { clearAllPools } = await import('graphile-migrate/dist/pgReal.js');
  const logger = new graphileMigrate.Logger(() => (level, message) => {
    if ((level as string) !== 'debug') onProgress(message);
  });
  const turn = await connect(ownerUrl, 'HEDGEROW_OWNER_URL');
  try {
    await assertRoles(turn);
    await turn.query('select pg_advisory_lock($1)', [migrationLock]);
    await graphileMigrate.migrate({ connectionString: ownerUrl, migrationsFolder: folder, logger });
  } finally {
    // It keeps its connections for a while, and ends the whole process when one of them is lost meanwhile.
    clearAllPools();
    await turn.end();
  }
}

/** A new version may bring a role with it, which the owner may not make. @throws OperatorError when one is missing */
export async function assertRoles(owner: ClientBase, roles: readonly string[] = fixedRoles): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where name not in (select rolname from pg_roles)',
    [roles],
  );
  if (rows.length === 0) return;
  const missing = rows.map(({ name }) => name).join(' and ');
  throw new OperatorError(
    `This version needs the ${rows.length === 1 ? 'role' : 'roles'} ${missing}. Run "hedgerow bootstrap" first, with HEDGEROW_ADMIN_URL: it makes what is missing, and may be repeated.`,
  );
}

/**
 * Whether the database lacks migrations that this code was written for: undefined when it is up to date (or ahead, as in the middle of
 * a roll-out), otherwise a sentence that says what to do. Any other failure to ask is thrown as it is.
 */
export async function missingMigrations(withTransaction: FencedTransaction): Promise<string | undefined> {
  const newest = await newestMigration();
  const applied = await newestApplied(withTransaction);
  if (applied !== null && applied >= newest) return undefined;
  const state =
    applied === null ? 'no migration has run yet' : `the last that ran is ${applied}, the newest is ${newest}`;
  return `The schema is behind: ${state}. Run "hedgerow migrate".`;
}

async function newestApplied(withTransaction: FencedTransaction): Promise<string | null> {
  try {
    const { rows } = await withTransaction(nobody, (client) =>
      client.query<{ filename: string | null }>({ text: 'select app_hidden.latest_migration() as filename' }),
    );
    return rows[0]!.filename;
  } catch (error) {
    // The schema or the function is not there: the very first migrations make them.
    if (['3F000', '42883'].includes((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}
