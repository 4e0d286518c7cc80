/** `hedgerow migrate`: runs the committed migrations that have not run yet, as the owner. */
import { parseConfig } from '../config.ts';
import { connect } from '../database/connect.ts';
import { migrate as runMigrations } from '../database/migrations.ts';
import { openDatabase } from '../database/open.ts';
import type { Environment } from './environment.ts';

export async function migrate(env: Environment): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'migrate'));
  try {
    const ownerUrl = database.ownerUrl!;
    // For a connection that fails, in words.
    await (await connect(ownerUrl, 'HEDGEROW_OWNER_URL')).end();
    await runMigrations(ownerUrl, (line) => process.stdout.write(`${line}\n`));
  } finally {
    await database.release();
  }
}
