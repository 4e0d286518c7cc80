/** `hedgerow migrate`: runs the committed migrations that have not run yet, as the owner; makes the months of the history that are to come; and the tables of accounts, as theirs. */
import { parseConfig } from '../config.ts';
import { makeHistoryMonths } from '../database/history.ts';
import { migrate as runMigrations } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import type { Environment } from './environment.ts';

export async function migrate(env: Environment): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'migrate'));
  const print = (line: string) => process.stdout.write(`${line}\n`);
  try {
    await runMigrations(database.ownerUrl!, print);
    await makeHistoryMonths(database.ownerUrl!);
    if (database.authUrl !== undefined) {
      await (await import('../accounts/tables.ts')).migrateAccounts(database.authUrl, print);
    }
  } finally {
    await database.release();
  }
}
