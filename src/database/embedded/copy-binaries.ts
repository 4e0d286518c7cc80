/** Copies PostgreSQL's programs to where root's account can run them, once for every version and machine. */
import { cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { withLock } from './lock.ts';
import { runAs } from './run-as.ts';
import { makeSharedRoot } from './shared-root.ts';

/**
 * Takes the package's `native` folder and its version; gives `<sharedRoot>/postgresql-<version>`, complete and readable by all.
 * OperatorError when it cannot be copied.
 */
export async function copyBinaries(native: string, version: string, sharedRoot: string): Promise<string> {
  const copy = join(sharedRoot, `postgresql-${version}`);
  try {
    await makeSharedRoot(sharedRoot);
    return await withLock(sharedRoot, async () => {
      // The final name is only ever given to a complete copy.
      if (await stat(copy).catch(() => undefined)) return copy;
      await removeHalfCopies(sharedRoot);
      const draft = `${copy}.partial`;
      await cp(native, draft, { recursive: true, verbatimSymlinks: true });
      // An install under umask 077 left the files closed to others; and all must be on disk before the name says so.
      const { code, output } = await runAs(undefined, '/bin/sh', ['-c', 'chmod -R go=rX "$1" && sync', 'sh', draft]);
      if (code !== 0) throw new Error(output);
      await rename(draft, copy);
      return copy;
    });
  } catch (cause) {
    if (cause instanceof OperatorError) throw cause;
    throw new OperatorError(
      `The account that runs PostgreSQL for root cannot reach ${native}, and copying it to ${copy} failed: ` +
        `${(cause as Error).message}. Move the checkout to where every user may read it, run hedgerow as an ordinary user, or ` +
        'set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/** Under the lock nobody copies: what is half-finished now was left by a killed process. */
async function removeHalfCopies(sharedRoot: string): Promise<void> {
  for (const name of await readdir(sharedRoot)) {
    if (name.endsWith('.partial')) await rm(join(sharedRoot, name), { recursive: true, force: true });
  }
}
