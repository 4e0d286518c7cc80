/** The side of the bench that has the load sent, by a process of its own (./load.ts). */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Load } from './connections.ts';
import type { Amount, Order, Reply } from './load.ts';
import type { Outcome } from './loops.ts';

export type Loader = {
  /** Opens the connections of a load. */
  open(load: Load): Promise<void>;
  /** Sends over the open connections. */
  send(amount: Amount): Promise<Outcome>;
  close(): Promise<void>;
  /** Ends the process. */
  stop(): void;
};

export function startLoader(): Loader {
  const child = fork(join(import.meta.dirname, 'load.ts'));
  const ask = (order: Order): Promise<Outcome | undefined> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error('The process that sends the load has ended.'));
      child.once('exit', ended);
      child.once('message', (reply: Reply) => {
        child.off('exit', ended);
        if ('failed' in reply) reject(new Error(reply.failed));
        else resolve(reply.outcome);
      });
      child.send(order);
    });
  return {
    open: async (load) => void (await ask({ open: load })),
    send: async (amount) => (await ask({ send: amount }))!,
    close: async () => void (await ask({ close: true })),
    stop: () => void (child.connected && child.disconnect()),
  };
}
