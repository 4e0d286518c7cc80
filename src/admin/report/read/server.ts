/** The server: where the figures come from, statements, sessions, locks, migrations. */
import type { ClientBase } from 'pg';

export type Place = { database: string; postgres: string; bytes: number; at: Date };

export type Statement = {
  query: string;
  role: string;
  calls: number;
  totalMs: number;
  meanMs: number;
  maxMs: number;
  /** Of the time of all statements, from 0 to 1. */
  share: number;
};

export type WaitingLock = {
  pid: number;
  login: string;
  object: string | null;
  /** The processes that it waits for. */
  blockedBy: number[];
  waitingMs: number | null;
  query: string;
};

export type IdleSession = {
  pid: number;
  login: string;
  application: string;
  state: string;
  transactionMs: number;
  query: string;
};

/** `newest` is the number of the last that ran. */
export type Migrations = { newest: number | null; appliedAt: Date | null };

/** How many statements the report shows, and how much of each text is read. */
const statements = 10;
const textLength = 2000;

/** The database, and the moment: that at which the transaction began. */
export async function readPlace(client: ClientBase): Promise<Place> {
  const { rows } = await client.query<Place>(
    `select
       current_database() as database,
       split_part(current_setting('server_version'), ' ', 1) as postgres,
       pg_database_size(current_database())::float8 as bytes,
       now() as at`,
  );
  return rows[0]!;
}

/** What took the most time in all; null where pg_stat_statements is not installed. */
export async function readStatements(client: ClientBase): Promise<Statement[] | null> {
  const { rowCount } = await client.query("select from pg_catalog.pg_extension where extname = 'pg_stat_statements'");
  if (rowCount === 0) return null;
  const { rows } = await client.query<Statement>(
    `select
       left(statement.query, $2) as query,
       statement.role,
       statement.calls::float8 as calls,
       statement.total_ms as "totalMs",
       statement.mean_ms as "meanMs",
       statement.max_ms as "maxMs",
       coalesce(statement.share, 0) as share
     from admin.slow_statements as statement
     order by statement.total_ms desc, statement.query
     limit $1`,
    [statements, textLength],
  );
  return rows;
}

/** Who waits for a lock, the longest wait first. */
export async function readWaitingLocks(client: ClientBase): Promise<WaitingLock[]> {
  const { rows } = await client.query<WaitingLock>(
    `select
       lock.pid,
       lock.login,
       lock.object,
       coalesce(lock.blocked_by, '{}') as "blockedBy",
       extract(epoch from clock_timestamp() - lock.waiting_since)::float8 * 1000 as "waitingMs",
       left(lock.query, $1) as query
     from admin.locks as lock
     where not lock.granted
     order by lock.waiting_since, lock.pid`,
    [textLength],
  );
  return rows;
}

/** Who holds a transaction open and does nothing in it, the oldest first. */
export async function readIdleSessions(client: ClientBase): Promise<IdleSession[]> {
  const { rows } = await client.query<IdleSession>(
    `select
       session.pid,
       session.login,
       session.application,
       session.state,
       extract(epoch from clock_timestamp() - session.transaction_at)::float8 * 1000 as "transactionMs",
       left(session.query, $1) as query
     from admin.sessions as session
     where session.state like 'idle in transaction%'
     order by session.transaction_at, session.pid`,
    [textLength],
  );
  return rows;
}

/** What has run on this database. */
export async function readMigrations(client: ClientBase): Promise<Migrations> {
  const { rows } = await client.query<Migrations>(
    `select
       max(migration.number) as newest,
       max(migration.applied_at) as "appliedAt"
     from admin.migrations as migration`,
  );
  return rows[0]!;
}
