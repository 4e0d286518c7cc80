/** The database of a command: the embedded one, started and made ready, or the one that the configuration names. */
import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import { onDatabase } from './url.ts';

export type OpenDatabase = {
  /** The API's login. Absent when an external database is configured without it; likewise the others. */
  apiUrl?: string;
  /** The same login past a pooler, for what listens, when `apiUrl` goes through one. */
  listenUrl?: string;
  /** The owner of the schema. */
  ownerUrl?: string;
  /** The role that keeps accounts. */
  authUrl?: string;
  /** A login with which administrators look. */
  inspectorUrl?: string;
  /** An administrator. */
  adminUrl?: string;
  /** Where the data lies, for the person at the terminal. */
  description: string;
  /** Something that the person should know about where the data lies. */
  notice?: string;
  /** Lets go of it; the last to leave stops an embedded server. */
  release(): Promise<void>;
};

/** What of it a server needs. */
export type ServerUrls = Pick<OpenDatabase, 'apiUrl' | 'listenUrl' | 'authUrl'>;

const embeddedDatabase = 'hedgerow';

/** Opens the configured database. An embedded one is bootstrapped and migrated on the way, so that every command finds it ready. */
export async function openDatabase(
  config: Pick<Config, 'database' | 'dataDir' | 'usesAuthSchema'>,
): Promise<OpenDatabase> {
  if (config.database.kind === 'external') {
    return { ...config.database, description: 'your own PostgreSQL', release: async () => {} };
  }
  // What a server with a database of its own has no use for is not loaded.
  const { startEmbeddedPostgres } = await import('./embedded/start.ts');
  const { bootstrap } = await import('./bootstrap.ts');
  const { migrate } = await import('./migrations.ts');
  const { adminUrl, clusterDir, notice, release } = await startEmbeddedPostgres({ dataDir: config.dataDir });
  try {
    const urls = {
      adminUrl,
      ownerUrl: onDatabase(adminUrl, embeddedDatabase, embeddedRole(adminUrl, 'hedgerow_owner')),
      apiUrl: onDatabase(adminUrl, embeddedDatabase, embeddedRole(adminUrl, 'hedgerow_authenticator')),
      authUrl: onDatabase(adminUrl, embeddedDatabase, embeddedRole(adminUrl, 'hedgerow_auth')),
      inspectorUrl: onDatabase(adminUrl, embeddedDatabase, embeddedRole(adminUrl, 'hedgerow_inspector')),
    };
    await bootstrap(urls);
    await migrate(urls.ownerUrl);
    // Better Auth takes half a second to load.
    if (config.usesAuthSchema) await (await import('../accounts/tables.ts')).migrateAccounts(urls.authUrl);
    return { ...urls, description: `PostgreSQL 18, embedded, in ${clusterDir}`, notice, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A password for each role, derived from the one that is kept in the data folder. */
function embeddedRole(adminUrl: string, user: string) {
  const { password } = new URL(adminUrl);
  return { user, password: createHash('sha256').update(`${user} ${password}`).digest('hex') };
}
