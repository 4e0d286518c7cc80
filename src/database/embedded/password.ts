/** The superuser's password: random, made once, kept in the data folder for the user who runs hedgerow. */
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { readIfThere, writePrivately } from './private-file.ts';

/** Where the password of a data folder lies. */
export const passwordFile = (dataDir: string): string => join(dataDir, 'superuser-password');

/**
 * The password of the cluster; makes one when there is no cluster yet. OperatorError when there is a cluster and its password is
 * gone: nobody could sign in any more.
 */
export async function keepPassword(dataDir: string, clusterDir: string, clusterExists: boolean): Promise<string> {
  const path = passwordFile(dataDir);
  const kept = (await readIfThere(path))?.trim();
  if (kept) {
    // A copied or checked-out folder may have lost the mode.
    await chmod(path, 0o600);
    return kept;
  }
  if (clusterExists) {
    throw new OperatorError(
      `The password of the database in ${clusterDir} is gone: ${path} is missing or empty. Put the file back, or remove ` +
        `${clusterDir} to begin with an empty database.`,
    );
  }
  // 32 bytes as base64url need no escaping in a URL.
  const password = randomBytes(32).toString('base64url');
  await writePrivately(path, `${password}\n`);
  return password;
}
