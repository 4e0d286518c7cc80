/** `hedgerow bootstrap`: roles and database, given an administrator's URL. */
import { parseConfig } from '../config.ts';
import { type BootstrapUrls, bootstrap as bootstrapDatabase, loginsOf } from '../database/bootstrap.ts';
import { openDatabase } from '../database/open.ts';
import { commandLine } from './command-line.ts';
import type { Environment } from './environment.ts';

export async function bootstrap(env: Environment): Promise<void> {
  const config = parseConfig(env, 'bootstrap');
  const database = await openDatabase(config);
  try {
    const urls = database as BootstrapUrls;
    // Opening an embedded database has done it already.
    if (config.database.kind === 'external') await bootstrapDatabase(urls);
    const { owner, api, auth, inspector } = loginsOf(urls);
    process.stdout.write(
      `Ready: ${[
        `the database ${owner.database}`,
        `its owner ${owner.user}`,
        `the API's login ${api.user}`,
        ...(auth ? [`the keeper of accounts ${auth.user}`] : []),
        ...(inspector ? [`the login that looks ${inspector.user}`] : []),
      ].join(', ')}.\n`,
    );
    process.stdout.write(`Next: ${commandLine(env, 'migrate')}\n`);
  } finally {
    await database.release();
  }
}
