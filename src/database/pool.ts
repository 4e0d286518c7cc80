/** The pool of API connections. */
import pg from 'pg';
import type { Logger } from 'pino';

export type PoolOptions = {
  /** The API's login. */
  url: string;
  /** Connections at the most. */
  size: number;
  /** How long a request waits for a free connection, in milliseconds. */
  acquireTimeoutMs: number;
};

/**
 * A pool that outlives its connections: a dead one is dropped and replaced by the next request, and so is one that is given back in the
 * middle of a transaction. The caller ends it.
 */
export function createPool({ url, size, acquireTimeoutMs }: PoolOptions, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: acquireTimeoutMs,
    application_name: 'hedgerow',
    keepAlive: true,
    // The pool waits for it, which its type does not say.
    onConnect: settle as (client: pg.ClientBase) => void,
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost')),
  );
  pool.on('release', (_error, client) => {
    // The pool looks whether the connection is ending after it has told of this.
    if (!isAtRest(client)) client.end().catch(() => {});
  });
  return pool;
}

/**
 * Optimizing what is compiled pays for queries of seconds: here it would take longer than the query, wherever the planner expects many rows. And
 * points in time come as timestamps.ts reads them, whatever the database is set to.
 */
const settle = (client: pg.ClientBase) =>
  client.query(`select set_config('jit_optimize_above_cost', '-1', false), set_config('datestyle', 'ISO', false)`);

/**
 * Whether no transaction is open, nor may be. After an error the one who asked goes on before the server has said how the transaction
 * stands, so what is known then is of the time before.
 */
function isAtRest(client: pg.PoolClient): boolean {
  const { readyForQuery } = client as pg.PoolClient & { readyForQuery?: boolean };
  return readyForQuery !== false && client.getTransactionStatus() === 'I';
}
