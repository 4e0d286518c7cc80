/** Serving in several processes (HEDGEROW_WORKERS): this one has the database and the workers, and serves nothing itself. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { openGeneratedSecret } from '../../auth/generated-secret.ts';
import type { Config } from '../../config.ts';
import type { OpenDatabase } from '../../database/open.ts';
import { waitForDatabase } from '../../database/wait.ts';
import { OperatorError } from '../../errors.ts';
import type { Environment } from '../environment.ts';
import type { Serving } from './here.ts';
import { startWorkers } from './workers.ts';

/**
 * Starts the workers and waits until all serve. What they would each find out, or be refused for, is looked at first.
 * @throws OperatorError when the database or the address will not do, as when one process serves
 */
export async function serveOverCores(
  env: Environment,
  config: Config,
  { apiUrl, listenUrl, authUrl }: OpenDatabase,
  log: Logger,
): Promise<Serving> {
  const { workers, port, tokenKeys, dataDir, startTimeoutMs, stopTimeoutMs } = config;
  if (!cluster.isPrimary) {
    throw new OperatorError(
      `HEDGEROW_WORKERS is ${workers}, but another program runs this process as a worker of its own. Unset it, or start hedgerow by itself.`,
    );
  }
  warnOfCounts(config, log);
  const secret = tokenKeys.kind === 'generated' ? await openGeneratedSecret(dataDir) : undefined;
  await waitForDatabase(apiUrl!, 'DATABASE_URL', startTimeoutMs, log);
  return startWorkers(workers, { env, port, secret, database: { apiUrl, listenUrl, authUrl } }, { stopTimeoutMs, log });
}

function warnOfCounts({ workers, rateLimits }: Config, log: Logger): void {
  if (rateLimits.store === 'postgres' || (rateLimits.perUser === 0 && rateLimits.perAddress === 0)) return;
  log.warn(
    { workers },
    'each worker counts requests for itself, so that up to so many times the limits get through: set HEDGEROW_RATE_LIMIT_STORE=postgres to count together',
  );
}
