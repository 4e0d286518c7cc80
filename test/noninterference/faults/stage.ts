/** The API on a pool of one connection, which goes through a wire that can be struck at every step. */
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setImmediate as oneTurn } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { createChanges } from '../../../src/database/changes.ts';
import { createPool } from '../../../src/database/pool.ts';
import { appOptions, listen, tokenOf } from '../../support/api.ts';
import { cloneTemplate, plantedPrefix } from '../../support/database.ts';
import { openWire, passThrough, type Step, type Wire } from './wire.ts';

/** What goes over HTTP: a GraphQL document as a body for /graphql, or a request to a route. */
export type Ask = { method: string; path: string; body?: object };

/** What came of it: `code` is that of the first error; status 0 when nobody was there any more to hear it. */
export type Answer = { status: number; code?: string; data?: any; text: string };

export type Stage = {
  wire: Wire;
  pool: pg.Pool;
  /** A superuser, by another way. */
  admin: pg.Client;
  ask(sub: string, ask: Ask): Promise<Answer>;
  /** Hangs up the request that is being answered, and waits until the server knows. */
  hangUp(): Promise<void>;
  /** Waits until the pool lends nothing and no backend of it is at work. */
  quiet(): Promise<void>;
  /** The steps of what is done in the meantime. */
  stepsOf(work: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
};

/**
 * Opens it, on a database of this test file's own.
 * @param spoil makes every connection of the pool a worse one
 */
export async function openStage(spoil?: (client: pg.PoolClient) => void): Promise<Stage> {
  const clone = await cloneTemplate(spoil && `${plantedPrefix}${process.env.JEST_WORKER_ID}`);
  const admin = new pg.Client(clone.adminUrl);
  await admin.connect();
  const log = pino({ level: 'silent' });
  const { port } = new URL(clone.apiUrl);
  const wire = await openWire(Number(port));
  const pool = createPool(
    { url: clone.apiUrl.replace(`:${port}/`, `:${wire.port}/`), size: 1, acquireTimeoutMs: 5_000 },
    log,
  );
  if (spoil) pool.on('connect', spoil);
  const changes = createChanges({ url: clone.apiUrl }, log);
  const app = await createApp(appOptions({ pool, changes, log }));
  const { url, server, close } = await listen(app);
  let answering: ServerResponse;
  let caller: AbortController;
  server.prependListener('request', (_request, response) => (answering = response));

  const until = async (what: () => boolean | Promise<boolean>) => {
    for (const end = Date.now() + 10_000; !(await what()); await oneTurn()) {
      if (Date.now() > end) throw new Error('The pool does not come to rest.');
    }
  };

  return {
    wire,
    pool,
    admin,
    async ask(sub, { method, path, body }) {
      caller = new AbortController();
      try {
        const response = await fetch(url + path, {
          method,
          headers: { authorization: `Bearer ${tokenOf(sub)}`, ...(body && { 'content-type': 'application/json' }) },
          body: body && JSON.stringify(body),
          signal: caller.signal,
        });
        const text = await response.text();
        const { data, error, errors } = text === '' ? ({} as any) : JSON.parse(text);
        return { status: response.status, code: error?.code ?? errors?.[0].extensions.code, data, text };
      } catch (error) {
        if (!caller.signal.aborted) throw error;
        return { status: 0, text: '' };
      }
    },
    async hangUp() {
      const closed = once(answering, 'close');
      caller.abort();
      await closed;
    },
    async quiet() {
      await until(() => pool.idleCount === pool.totalCount && pool.waitingCount === 0);
      await until(async () => {
        const { rowCount } = await admin.query(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'active'`,
        );
        return rowCount === 0;
      });
    },
    async stepsOf(work) {
      const steps: string[] = [];
      wire.onStep = (step: Step) => {
        steps.push(step.text);
        return passThrough(step);
      };
      await work();
      wire.onStep = undefined;
      return steps;
    },
    async close() {
      await close();
      await app.release();
      await changes.release();
      await pool.end();
      await wire.close();
      await admin.end();
      await clone.drop();
    },
  };
}
