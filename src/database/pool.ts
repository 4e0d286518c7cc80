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
 * A pool that outlives its connections: a dead one is dropped and replaced by the next request. The caller ends it.
 */
export function createPool({ url, size, acquireTimeoutMs }: PoolOptions, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: acquireTimeoutMs,
    application_name: 'hedgerow',
    keepAlive: true,
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost')),
  );
  return pool;
}
