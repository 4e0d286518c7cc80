/**
 * Before all tests: a PostgreSQL (the embedded one, or the server of TEST_ADMIN_URL), the roles, and one migrated template database
 * with pgTAP, which each test file clones.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrateAccounts } from '../../src/accounts/tables.ts';
import { bootstrap } from '../../src/database/bootstrap.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded/start.ts';
import { migrate } from '../../src/database/migrations.ts';
import { onDatabase } from '../../src/database/url.ts';
import { templateDatabase, testRoles } from '../support/servers.ts';
import { makeScratch } from './scratch.ts';
import { beginTrace, traceSettings } from './trace.ts';

type Release = () => Promise<void>;

const testResults = join(import.meta.dirname, '../../test-results');

export default async function globalSetup(): Promise<void> {
  const scratch = await makeScratch();
  // What tests and commands ask for as a temporary folder lies in it.
  process.env.TMPDIR = scratch;
  const { adminUrl, release } = await openServer(scratch);
  const afterwards = globalThis as { releaseTestServer?: Release; endTrace?: Release };
  process.env.TEST_ADMIN_URL = adminUrl;
  // grafast reads it when it is loaded.
  process.env.GRAPHILE_ENV = 'production';
  // Commands are started some hundred times: each finds what the one before has compiled.
  process.env.NODE_COMPILE_CACHE = join(scratch, 'compiled');
  // Within the project, so that what is exported finds the libraries.
  await mkdir(testResults, { recursive: true });
  const exported = await mkdtemp(join(testResults, 'export-'));
  process.env.TEST_EXPORT = join(exported, 'schema');
  afterwards.releaseTestServer = async () => {
    await release();
    for (const folder of [scratch, exported]) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };

  const admin = new pg.Client(adminUrl);
  await admin.connect();
  // A run that was killed may have left them on a server that stays.
  await admin.query(`drop database if exists ${templateDatabase} with (force)`);
  const ownerUrl = onDatabase(adminUrl, templateDatabase, testRoles.owner);
  const authUrl = onDatabase(adminUrl, templateDatabase, testRoles.auth);
  await bootstrap({
    adminUrl,
    ownerUrl,
    apiUrl: onDatabase(adminUrl, templateDatabase, testRoles.api),
    authUrl,
    inspectorUrl: onDatabase(adminUrl, templateDatabase, testRoles.inspector),
  });
  await migrate(ownerUrl);
  await migrateAccounts(authUrl);
  await admin.end();
  afterwards.endTrace = await beginTrace(adminUrl);

  const template = new pg.Client(onDatabase(adminUrl, templateDatabase));
  await template.connect();
  await template.query('create schema tap; create extension pgtap schema tap');
  await template.end();
}

async function openServer(scratch: string): Promise<{ adminUrl: string; release: Release }> {
  const given = process.env.TEST_ADMIN_URL;
  if (given) return { adminUrl: given, release: async () => {} };

  return startEmbeddedPostgres({
    dataDir: join(scratch, 'server'),
    // Nothing here has to survive a crash.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', ...traceSettings },
  });
}
