/** A PostgreSQL of a bench's own: the embedded one, with production's durability, migrated, in a folder that goes away with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { bootstrap } from '../../src/database/bootstrap.ts';
import { connect } from '../../src/database/connect.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded/start.ts';
import { migrate } from '../../src/database/migrations.ts';
import { onDatabase } from '../../src/database/url.ts';

export type BenchServer = {
  /** A superuser in the migrated database. */
  admin: pg.Client;
  /** The API's login. */
  apiUrl: string;
};

/** What would run in the middle of a measurement waits until after it: benches vacuum and checkpoint between rounds. */
const settings = { autovacuum: 'off', checkpoint_timeout: '1h', max_wal_size: '8GB', min_wal_size: '1GB' };

const database = 'hedgerow';
const owner = { user: 'hedgerow_owner', password: 'owner-of-the-bench' };
const api = { user: 'hedgerow_authenticator', password: 'login-of-the-bench' };

/**
 * Runs a bench with a server; stops it and removes its data, whatever happens, Ctrl-C included.
 * @param parent a folder on a real disk: on a tmpfs, fsync costs nothing and hides what is to be seen
 */
export async function withServer(parent: string, run: (server: BenchServer) => Promise<void>): Promise<void> {
  const { adminUrl, remove } = await startServer(parent);
  const interrupt = () => void remove().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const ownerUrl = onDatabase(adminUrl, database, owner);
    const apiUrl = onDatabase(adminUrl, database, api);
    await bootstrap({ adminUrl, ownerUrl, apiUrl });
    await migrate(ownerUrl);
    const admin = await connect(onDatabase(adminUrl, database), 'the bench');
    try {
      await run({ admin, apiUrl });
    } finally {
      await admin.end();
    }
  } finally {
    await remove();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function startServer(parent: string): Promise<{ adminUrl: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(join(parent, 'hedgerow-bench-'));
  const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });
  try {
    const { adminUrl, clusterDir, release } = await startEmbeddedPostgres({ dataDir, settings });
    let removing: Promise<void> | undefined;
    const stopAndRemove = async () => {
      await release();
      // As root, the cluster may lie elsewhere than in the data folder.
      await removeFolder(dirname(clusterDir));
      await removeFolder(dataDir);
    };
    return { adminUrl, remove: () => (removing ??= stopAndRemove()) };
  } catch (error) {
    await removeFolder(dataDir);
    throw error;
  }
}
