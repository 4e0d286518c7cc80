/**
 * The fence: the one place where a transaction is opened for the API. It refuses to run, before it takes a connection, unless the
 * settings make the transaction the visitor's and say who is asking. So a mistake anywhere above it ends in an error, never in rows.
 */
import type { WithPgClient } from 'postgraphile/@dataplan/pg';
import { createWithPgClient, makePgService, type NodePostgresPgClient } from 'postgraphile/@dataplan/pg/adaptors/pg';
import type { Pool } from 'pg';
import { visitorRole } from './roles.ts';
import { nobody } from './settings.ts';

/** Runs a callback in a transaction with the given settings; begins, applies them, and commits or rolls back. */
export type FencedTransaction = WithPgClient<NodePostgresPgClient>;

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

/** The fenced way to the pool's database: for health checks and the like. PostGraphile gets the same through `fencedPgService`. */
export function fencedTransactions(pool: Pool): FencedTransaction {
  return fence(createWithPgClient({ pool }));
}

/** PostGraphile's service for the pool, with the fence round every client that it hands out. */
export function fencedPgService(
  pool: Pool,
  pgSettings: (requestContext: Partial<Grafast.RequestContext>) => Record<string, string>,
): GraphileConfig.PgServiceConfiguration<'@dataplan/pg/adaptors/pg'> {
  const service = makePgService({
    pool,
    schemas: ['app_public'],
    pgSettings,
    pgSettingsForIntrospection: nobody,
    // changes.ts listens, on a connection of its own.
    pubsub: false,
  });
  return {
    ...service,
    adaptor: { ...service.adaptor, createWithPgClient: () => fencedTransactions(pool) },
  };
}
