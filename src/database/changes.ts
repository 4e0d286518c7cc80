/**
 * Hears of changes of tasks (app_private.tg_tasks__tell): one connection for the process, however many subscriptions. What is heard is a hint,
 * never data: any role can send such a notification, so who is told looks again, as themselves.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { ApiError } from '../errors.ts';
import { createQueue, type Queue } from './queue.ts';

const events = ['created', 'updated', 'deleted'] as const;

/** A task was created, updated (also completed, trashed, restored) or deleted. */
export type Change = { event: (typeof events)[number]; id: string };

export type Changes = {
  /**
   * Changes of the tasks of the user, from the moment at which the promise resolves.
   * @throws UNAVAILABLE at once or later, when changes may have been missed: the connection was lost, or nobody reads them
   */
  subscribe(sub: string): Promise<AsyncIterableIterator<Change>>;
  /** Ends all subscriptions, and the connection. */
  release(): Promise<void>;
};

export type ChangesOptions = {
  /** A login that reaches PostgreSQL itself: a pooler in transaction mode forgets what was listened to. */
  url: string;
  /** How often to see whether the connection still works, and how long to wait for an answer, in milliseconds. */
  heartbeatMs?: number;
};

/** The class of the advisory locks that say "somebody listens", as in the trigger: `hedg` in ASCII. */
export const lockClass = 1_751_475_303;

/** How long a subscription waits for writers who asked before it came whether anybody listens, in milliseconds. */
const lockPatienceMs = 10_000;

/** Where changes of a user's tasks are told: app_hidden.changes_channel and app_hidden.changes_bucket. */
export function addressOf(sub: string): { channel: string; bucket: number } {
  const hash = createHash('sha256').update(sub).digest();
  return { channel: `task_changed:${hash.toString('hex').slice(0, 32)}`, bucket: hash[0]! };
}

type Channel = { ready: Promise<void>; queues: Set<Queue<Change>> };

/** Connects when there is something to listen to. */
export function createChanges({ url, heartbeatMs = 15_000 }: ChangesOptions, log: Logger): Changes {
  const channels = new Map<string, Channel>();
  let connection: Promise<pg.Client> | undefined;
  let isReleased = false;

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'hedgerow changes',
      keepAlive: true,
      connectionTimeoutMillis: heartbeatMs,
      query_timeout: heartbeatMs,
    });
    client.on('notification', ({ channel, payload = '' }) => {
      for (const queue of channels.get(channel)?.queues ?? []) parsePayload(payload).forEach(queue.push);
    });
    let isLost = false;
    const lose = (error: Error) => {
      if (isLost) return;
      isLost = true;
      clearInterval(heartbeat);
      if (isReleased) return;
      connection = undefined;
      log.warn({ reason: error.message }, 'the connection that brings changes was lost');
      endAll(missed());
      // Whether or not the other side is still there to say good-bye to.
      client.end().catch(() => {});
    };
    // A connection that is cut without a word looks as if nothing happened: silence must not pass for it.
    const heartbeat = setInterval(() => void client.query('select 1').catch(lose), heartbeatMs).unref();
    client.on('error', lose);
    client.on('end', () => lose(new Error('PostgreSQL closed it.')));
    await client.connect().catch((error: Error) => {
      lose(error);
      throw error;
    });
    return client;
  }

  /** Nobody who writes from now on finds that nobody listens; who found so before has committed. */
  async function open({ channel, bucket }: ReturnType<typeof addressOf>): Promise<void> {
    const client = await (connection ??= connect());
    for (const end = Date.now() + lockPatienceMs; ; await sleep(20)) {
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock_shared($1, $2) as held', [
        lockClass,
        bucket,
      ]);
      if (rows[0]!.held) break;
      if (Date.now() > end) throw new Error(`Somebody has kept the lock (${lockClass}, ${bucket}) for long.`);
    }
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  }

  async function close({ channel, bucket }: ReturnType<typeof addressOf>, { ready }: Channel): Promise<void> {
    await ready;
    const client = await connection;
    // In the meantime somebody may have come again, and listens.
    if (!client || channels.has(channel)) return void (await unlock(client, bucket));
    await client.query(`unlisten ${client.escapeIdentifier(channel)}`);
    await unlock(client, bucket);
  }

  const unlock = (client: pg.Client | undefined, bucket: number) =>
    client?.query('select pg_advisory_unlock_shared($1, $2)', [lockClass, bucket]);

  function endAll(error?: ApiError): void {
    const queues = [...channels.values()].flatMap((channel) => [...channel.queues]);
    channels.clear();
    queues.forEach((queue) => queue.end(error));
  }

  return {
    async subscribe(sub) {
      const address = addressOf(sub);
      let channel = channels.get(address.channel);
      if (!channel) {
        channel = { ready: open(address), queues: new Set() };
        channels.set(address.channel, channel);
      }
      const { ready, queues } = channel;
      const queue = createQueue<Change>({
        onFull: missed,
        onEnd() {
          queues.delete(queue);
          if (queues.size > 0 || channels.get(address.channel)?.queues !== queues) return;
          channels.delete(address.channel);
          close(address, { ready, queues }).catch(() => {});
        },
      });
      queues.add(queue);
      try {
        await ready;
      } catch (cause) {
        queue.end();
        throw new ApiError('UNAVAILABLE', undefined, { cause });
      }
      return queue.items;
    },

    async release() {
      isReleased = true;
      endAll();
      const client = await connection?.catch(() => undefined);
      await client?.end();
    },
  };
}

const missed = () =>
  new ApiError('UNAVAILABLE', 'Changes may have been missed: subscribe again, then read what is there.');

/** `created id,id`: what the trigger sends. Anything else is somebody's who may notify, and says nothing. */
export function parsePayload(payload: string): Change[] {
  const [event, ids = ''] = payload.split(' ');
  const known = events.find((name) => name === event);
  return known
    ? ids
        .split(',')
        .filter(isUuid)
        .map((id) => ({ event: known, id }))
    : [];
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
