/** Connections that LISTEN, as one of each server process does. */
import { addressOf, lockClass } from '../../src/database/changes.ts';
import { connect } from '../../src/database/connect.ts';
import { channelOf, type Variant } from './variants.ts';

export type Listeners = {
  /** Process ids of the server's side of these connections. */
  pids: number[];
  /** Notifications that have arrived so far, on all connections together. */
  received(): number;
  stop(): Promise<void>;
};

/** Opens connections that each listen to all the given users, in the way that suits the variant. */
export async function listen(
  apiUrl: string,
  variant: Variant,
  subs: readonly string[],
  connections: number,
): Promise<Listeners> {
  let received = 0;
  const clients = await Promise.all(Array.from({ length: connections }, () => connect(apiUrl, 'the bench')));
  const pids = await Promise.all(
    clients.map(async (client) => {
      client.on('notification', () => (received += 1));
      for (const channel of new Set(subs.map((sub) => channelOf(variant, sub)))) {
        await client.query(`listen ${client.escapeIdentifier(channel)}`);
      }
      if (variant === 'e') {
        const buckets = subs.map((sub) => addressOf(sub).bucket);
        await client.query('select pg_advisory_lock_shared($1, bucket) from unnest($2::int[]) as bucket', [
          lockClass,
          buckets,
        ]);
      }
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      return rows[0]!.pid;
    }),
  );
  return {
    pids,
    received: () => received,
    stop: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
