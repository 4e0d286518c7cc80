/** `/healthz`: the process lives. `/readyz`: it can serve, for load balancers: the database answers and its schema is up to date. */
import type { Router } from 'express';
import express from 'express';
import type { FencedTransaction } from '../database/fence.ts';
import { missingMigrations } from '../database/migrations.ts';
import { logOf } from './request-log.ts';

/** @param isStopping whether a stop signal has come: not ready then, so that balancers send nothing new */
export function healthRoutes(withTransaction: FencedTransaction, isStopping: () => boolean): Router {
  const routes = express.Router();

  routes.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });

  routes.get('/readyz', async (request, response) => {
    const reason = isStopping()
      ? 'stopping'
      : await reasonNotReady(withTransaction, (error) => logOf(request).warn({ err: error }, 'not ready'));
    response.status(reason === undefined ? 200 : 503);
    response.json(reason === undefined ? { status: 'ready' } : { status: 'unavailable', reason });
  });

  return routes;
}

async function reasonNotReady(
  withTransaction: FencedTransaction,
  onError: (error: unknown) => void,
): Promise<string | undefined> {
  try {
    return (await missingMigrations(withTransaction)) === undefined ? undefined : 'migrations are behind';
  } catch (error) {
    onError(error);
    return 'the database does not answer';
  }
}
