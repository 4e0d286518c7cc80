/** `hedgerow migration`: graphile-migrate on the configured database, for those who write migrations. Its settings are in .gmrc. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { onDatabase, readDatabaseUrl } from '../database/url.ts';
import type { Environment } from './environment.ts';

/**
 * Runs graphile-migrate as the owner, with a shadow database beside the real one.
 * @param args are handed on, such as `commit --message "tasks have tags"`
 * @returns its exit code
 */
export async function migration(env: Environment, args: string[]): Promise<number> {
  const database = await openDatabase(parseConfig(env, 'migration'));
  try {
    const ownerUrl = database.ownerUrl!;
    const shadow = `${readDatabaseUrl(ownerUrl, 'HEDGEROW_OWNER_URL').database}_shadow`;
    const cli = createRequire(import.meta.url).resolve('graphile-migrate/dist/cli.js');
    const child = spawn(process.execPath, [cli, ...args], {
      stdio: 'inherit',
      env: {
        ...env,
        DATABASE_URL: ownerUrl,
        SHADOW_DATABASE_URL: onDatabase(ownerUrl, shadow),
        ROOT_DATABASE_URL: database.adminUrl,
      },
    });
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    await database.release();
  }
}
