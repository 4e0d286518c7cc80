/** `hedgerow migrate`: runs the committed migrations that have not run yet, as the owner. */
import { parseConfig } from '../config.ts';
import { migrate as runMigrations } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import type { Environment } from './environment.ts';

export async function migrate(env: Environment): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'migrate'));
  try {
    await runMigrations(database.ownerUrl!, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await database.release();
  }
}
