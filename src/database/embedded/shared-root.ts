/** The folder, by default /var/lib/hedgerow, for what root's account must reach and cannot reach in a private home folder. */
import { chmod, mkdir } from 'node:fs/promises';

/** Makes the folder; others may list it, each thing in it has its own mode. Errors of the file system pass through. */
export async function makeSharedRoot(sharedRoot: string): Promise<void> {
  await mkdir(sharedRoot, { recursive: true });
  // Said again for a umask of 077, as hardened machines give to root.
  await chmod(sharedRoot, 0o755);
}
