/**
 * The fence: the one place where a transaction is opened for the API. It refuses to run, before it takes a connection, unless the
 * settings make the transaction the visitor's and say who is asking. So a mistake anywhere above it ends in an error, never in rows.
 */
import type { PgClient, WithPgClient } from 'postgraphile/@dataplan/pg';
import { createWithPgClient, makePgService, type NodePostgresPgClient } from 'postgraphile/@dataplan/pg/adaptors/pg';
import type { Pool } from 'pg';
import { fly, type Statement } from './flight.ts';
import { visitorRole } from './roles.ts';
import { nobody, type TransactionSettings } from './settings.ts';
import { readTimestampsAsText } from './timestamps.ts';

/**
 * Gives a callback the way to the database under the given settings. Each `query` is a transaction of its own; several statements that belong together
 * go through `withTransaction`.
 */
export type FencedTransaction = WithPgClient;

/** Thrown when a transaction would run without an identity: a defect of the server, answered as INTERNAL. */
export class UnfencedError extends Error {
  override name = 'UnfencedError';
}

/** @throws UnfencedError unless `settings` sets the visitor's role and a subject ('' is nobody) */
export function assertFenced(settings: unknown): void {
  // A promise in the place of settings is refused here too: it has neither property.
  const { role, 'jwt.claims.sub': sub } = (settings ?? {}) as Record<string, unknown>;
  if (role !== visitorRole) throw new UnfencedError(`A transaction must run as ${visitorRole}.`);
  if (typeof sub !== 'string') throw new UnfencedError('A transaction must set jwt.claims.sub.');
}

/** Puts the fence round anything that runs transactions on a pool. */
export function fence(withPgClient: FencedTransaction): FencedTransaction {
  const fenced: FencedTransaction = async (settings, callback) => {
    assertFenced(settings);
    return withPgClient(settings, callback);
  };
  fenced.release = () => withPgClient.release?.();
  return fenced;
}

export type FenceOptions = {
  /** Whether connections keep statements that come again: not through a pooler that knows nothing of them. */
  prepare: boolean;
};

/** The fenced way to the pool's database: for the API's operations, health checks and the like. */
export function fencedTransactions(pool: Pool, { prepare }: FenceOptions = { prepare: false }): FencedTransaction {
  readTimestampsAsText();
  const inTransaction = createWithPgClient({ pool });
  const clientFor = (settings: TransactionSettings): PgClient => ({
    async query<Row>(statement: Statement) {
      const client = await pool.connect();
      try {
        return { ...(await fly<Row>(client, settings, statement, prepare)), notices: [] };
      } finally {
        client.release();
      }
    },
    withTransaction: (callback) => inTransaction(settings, (client) => callback(client as never)),
  });
  return fence(async (settings, callback) => callback(clientFor(settings as TransactionSettings)));
}

/** PostGraphile's service for the pool, from which it builds a schema, with the fence round every client that it hands out. */
export function fencedPgService(pool: Pool): GraphileConfig.PgServiceConfiguration<'@dataplan/pg/adaptors/pg'> {
  const service = makePgService({
    pool,
    schemas: ['app_public'],
    pgSettingsForIntrospection: nobody,
    // changes.ts listens, on a connection of its own.
    pubsub: false,
  });
  return {
    ...service,
    adaptor: {
      ...service.adaptor,
      createWithPgClient: () => fencedTransactions(pool) as WithPgClient<NodePostgresPgClient>,
    },
  };
}
