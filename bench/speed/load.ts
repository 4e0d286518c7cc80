/** The process that sends the load: its processor time is not the server's. ./loader.ts starts it, and tells it what to do. */
import { type Connections, type Load, openConnections } from './connections.ts';
import { closedLoop, openLoop, type Outcome } from './loops.ts';

/** How much is sent: a number of requests, or so many a second for some seconds. */
export type Amount = { requests: number } | { rate: number; seconds: number };

export type Order = { open: Load } | { send: Amount } | { close: true };

/** The outcome of what was sent; of other orders nothing. */
export type Reply = { outcome?: Outcome } | { failed: string };

let open: { connections: Connections; count: number } | undefined;

async function obey(order: Order): Promise<Reply> {
  if ('open' in order) {
    open = { connections: await openConnections(order.open), count: order.open.connections };
    return {};
  }
  const { connections, count } = open!;
  if ('close' in order) {
    await connections.close();
    return {};
  }
  const amount = order.send;
  return {
    outcome:
      'rate' in amount
        ? await openLoop(connections.send, count, amount.rate, amount.seconds)
        : await closedLoop(connections.send, count, amount.requests),
  };
}

process.on('message', (order: Order) => {
  void obey(order)
    .catch((error: Error): Reply => ({ failed: error.message }))
    .then((reply) => process.send!(reply));
});
process.once('disconnect', () => process.exit());
