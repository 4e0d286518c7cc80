/**
 * `hedgerow worker`: one of the processes of `hedgerow serve`, which starts it and gives it its orders. It stops when it is told to, by a
 * signal, which a terminal sends to all processes at once, and when the one that started it is gone.
 */
import cluster, { type Worker } from 'node:cluster';
import { parseConfig } from '../../config.ts';
import { OperatorError } from '../../errors.ts';
import { openLog } from '../log.ts';
import { nextStopSignal } from '../stop-signal.ts';
import { serveHere, type Serving } from './here.ts';
import type { Orders, ToPrimary, ToWorker } from './messages.ts';

/** Serves until it is to stop; resolves when everything is stopped. */
export async function worker(): Promise<void> {
  const self = cluster.worker;
  if (!self) throw new OperatorError('"hedgerow worker" is for "hedgerow serve" to start. Set HEDGEROW_WORKERS there.');
  // Else Node ends this process at once when the channel closes, whatever requests run.
  self.exitedAfterDisconnect = true;

  let serving: Serving | undefined;
  const stopSignal = nextStopSignal();
  const channel = new Promise<void>((resolve) => {
    // Before it serves there is nothing to finish.
    const stop = () => (serving ? resolve() : process.exit());
    self.on('message', ({ kind }: ToWorker) => kind === 'stop' && stop());
    self.once('disconnect', stop);
  });
  const orders = await ask(self);
  try {
    serving = await serveAs(orders);
  } catch (error) {
    return fail(self, error as Error);
  }
  const { url, documents } = serving;
  tell(self, { kind: 'serving', served: { url, documents } });

  await Promise.race([channel, stopSignal]);
  await serving.stop();
  if (self.isConnected()) process.disconnect();
}

function ask(self: Worker): Promise<Orders> {
  return new Promise((resolve) => {
    self.on('message', (message: ToWorker) => message.kind === 'serve' && resolve(message.orders));
    tell(self, { kind: 'ready' });
  });
}

async function serveAs({ env, port, secret, database }: Orders): Promise<Serving> {
  const config = { ...parseConfig(env, 'serve'), port };
  if (secret !== undefined) config.tokenKeys = { kind: 'secret', secret };
  return serveHere(config, database, await openLog(config));
}

/** The primary prints it, once for all workers. */
function fail(self: Worker, error: Error): void {
  const expected = error instanceof OperatorError;
  tell(self, { kind: 'failed', expected, text: expected ? error.message : (error.stack ?? String(error)) }, () =>
    process.exit(1),
  );
}

function tell(self: Worker, message: ToPrimary, sent: () => void = () => {}): void {
  self.send(message, sent);
}
