/** The committed migrations: where they are, which is the newest, and running them (with graphile-migrate). */
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import graphileMigrate from 'graphile-migrate';
import type { FencedTransaction } from './fence.ts';
import { nobody } from './settings.ts';

/** Both src/database/ and, in the package, dist/database/ lie two levels below the folder that holds migrations/. */
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The file name of the newest committed migration, such as `000005-tasks.sql`. */
export async function newestMigration(): Promise<string> {
  const files = await readdir(`${migrationsFolder}/committed`);
  return files
    .filter((file) => /^\d+.*\.sql$/.test(file))
    .sort()
    .at(-1)!;
}

/**
 * Runs the committed migrations that have not run yet, each in a transaction of its own. An advisory lock makes two at once take turns.
 * @param onProgress is given one line for each step
 */
export async function migrate(ownerUrl: string, onProgress: (line: string) => void = () => {}): Promise<void> {
  const logger = new graphileMigrate.Logger(() => (level, message) => {
    if (level !== 'debug') onProgress(message);
  });
  await graphileMigrate.migrate({ connectionString: ownerUrl, migrationsFolder, logger });
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
