/** A database for a test file: a clone of the migrated template, dropped afterwards. */
import pg from 'pg';
import { pino } from 'pino';
import { createPool } from '../../src/database/pool.ts';
import { onDatabase } from '../../src/database/url.ts';
import { templateDatabase, testAdminUrl, testRoles } from './servers.ts';

export type TestDatabase = {
  adminUrl: string;
  ownerUrl: string;
  apiUrl: string;
  /** The role that keeps accounts. */
  authUrl: string;
  /** The login with which administrators look. */
  inspectorUrl: string;
  /** A superuser in the database: sees and does everything. For set-up and for control reads. */
  admin: pg.Client;
  /** The API's login. */
  pool: pg.Pool;
};

/** How a database is called in which a test plants something that breaks the fence: what is asked there is not judged (trace/). */
export const plantedPrefix = 'hedgerow_planted_';

/** Clones the template under a name of this worker's; the caller drops it with `drop`. */
export async function cloneTemplate(name = `hedgerow_test_${process.env.JEST_WORKER_ID}`) {
  const server = new pg.Client(testAdminUrl());
  await server.connect();
  await server.query(`drop database if exists ${name} with (force)`);
  await server.query(`create database ${name} template ${templateDatabase} owner ${testRoles.owner.user}`);
  // A clone keeps the template's contents, but the rights on the database itself are its own.
  await server.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to ${[testRoles.api, testRoles.auth, testRoles.inspector].map(({ user }) => user).join(', ')}`,
  );
  return {
    adminUrl: onDatabase(testAdminUrl(), name),
    ownerUrl: onDatabase(testAdminUrl(), name, testRoles.owner),
    apiUrl: onDatabase(testAdminUrl(), name, testRoles.api),
    authUrl: onDatabase(testAdminUrl(), name, testRoles.auth),
    inspectorUrl: onDatabase(testAdminUrl(), name, testRoles.inspector),
    async drop() {
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}

/** Registers set-up and tear-down of a database for the test file; its members are there from `beforeAll` on. */
export function useDatabase(): TestDatabase {
  const database = {} as TestDatabase;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const clone = await cloneTemplate();
    drop = clone.drop;
    const admin = new pg.Client(clone.adminUrl);
    await admin.connect();
    const pool = createPool({ url: clone.apiUrl, size: 10, acquireTimeoutMs: 5_000 }, pino({ level: 'silent' }));
    Object.assign(database, clone, { admin, pool });
  });

  afterAll(async () => {
    await database.pool.end();
    await database.admin.end();
    await drop();
  });

  return database;
}

/**
 * Ends the connections to a test's own database from outside, as a crash or an administrator does. Never those of the whole server: other
 * test files run beside this one.
 * @param which narrows it to an application or a login
 */
export async function endConnections(
  admin: pg.Client,
  which: { application?: string; login?: string } = {},
): Promise<void> {
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
     and application_name = coalesce($1, application_name) and usename = coalesce($2, usename)`,
    [which.application, which.login],
  );
}
