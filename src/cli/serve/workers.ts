/** So many workers, kept serving: one that dies is replaced, after a pause that grows while they go on dying. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Serving } from './here.ts';
import { type Launched, launch } from './launch.ts';
import type { Orders } from './messages.ts';
import { nextPause } from './pause.ts';

/** How much longer than its requests a worker may take to stop, in milliseconds, before it is killed. */
const graceMs = 5_000;

/**
 * Starts them; resolves when all serve.
 * @param stopTimeoutMs how long a worker's running requests may go on after `stop`
 * @throws the first error that a worker has at start; none is left running then
 */
export async function startWorkers(
  count: number,
  orders: Orders,
  { stopTimeoutMs, log }: { stopTimeoutMs: number; log: Logger },
): Promise<Serving> {
  const alive = new Set<Launched>();
  const stopping = new AbortController();
  /** Where those that live listen. At port 0, cluster gives whoever joins them the port that the system chose for the first. */
  let { port } = orders;

  const add = () => {
    const worker = launch({ ...orders, port });
    alive.add(worker);
    void worker.ended.then(() => alive.delete(worker));
    return worker;
  };
  const killAll = () => alive.forEach((worker) => worker.kill());
  // However this process ends, but by SIGKILL; then they notice themselves.
  process.once('exit', killAll);

  const first = Array.from({ length: count }, add);
  const served = await Promise.all(first.map(({ serves }) => serves)).catch(async (error: unknown) => {
    killAll();
    await Promise.all(first.map(({ ended }) => ended));
    process.off('exit', killAll);
    throw error;
  });
  const { url, documents } = served[0]!;
  const kept = first.map((worker) =>
    keep(
      worker,
      () => {
        if (alive.size === 0) port = Number(new URL(url).port);
        return add();
      },
      stopping.signal,
      log,
    ),
  );

  return {
    url,
    documents,
    async stop() {
      stopping.abort();
      alive.forEach((worker) => worker.stop());
      const impatience = setTimeout(() => {
        for (const worker of alive) {
          log.warn({ worker: worker.pid }, 'a worker did not stop in time and is killed');
          worker.kill();
        }
      }, stopTimeoutMs + graceMs);
      await Promise.all(kept);
      clearTimeout(impatience);
      process.off('exit', killAll);
    },
  };
}

/** Replaces the worker, and the one that replaces it, until `stopping`; resolves when the last has ended. */
async function keep(worker: Launched, replace: () => Launched, stopping: AbortSignal, log: Logger): Promise<void> {
  let pauseMs: number | undefined;
  for (;;) {
    const since = Date.now();
    const ending = await worker.ended;
    if (stopping.aborted) return;
    pauseMs = nextPause(pauseMs, Date.now() - since);
    log.error({ worker: worker.pid, ...ending, pauseMs }, 'a worker ended, and is replaced after a pause');
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
    if (stopping.aborted) return;
    worker = replace();
    const { pid, serves } = worker;
    serves.then(
      () => log.info({ worker: pid }, 'a worker serves in its place'),
      (error: Error) => log.error({ worker: pid, reason: error.message }, 'a worker could not start'),
    );
  }
}
