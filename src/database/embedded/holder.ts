/**
 * Who uses the server: each process holds one connection with a shared advisory lock on it. PostgreSQL itself takes the lock back
 * when a process dies, however it dies, so there is no count that could go wrong.
 */
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export type Holder = {
  /** Gives up the own hold; true when nobody else has one, and so the server may be stopped. */
  leave(): Promise<boolean>;
};

type Session = { client: pg.Client; socket: Socket };

/** The key is the word hedgerow in ASCII. Advisory locks are by database, and nothing else of ours uses `postgres`. */
const key = `x'6865646765726f77'::bigint`;

/** How often, and at what distance, a lost hold is sought again. A crashed server is back after a second or so. */
const attempts = 60;
const distanceMs = 500;

/** Takes a hold on the server behind the URL. Errors of the connection pass through. */
export async function takeHold(adminUrl: string): Promise<Holder> {
  const leaving = new AbortController();
  let regaining = Promise.resolve();
  let held = await lock();

  async function lock(): Promise<Session> {
    const session = await connect(adminUrl);
    await session.client.query(`set idle_session_timeout = 0; select pg_advisory_lock_shared(${key})`);
    // A process that has nothing else to do may end.
    session.socket.unref();
    session.client.once('end', () => {
      if (!leaving.signal.aborted) regaining = regain();
    });
    return session;
  }

  /** When one backend crashes, the server ends all connections and goes on; without our hold, others would stop it. */
  async function regain(): Promise<void> {
    for (let attempt = 0; attempt < attempts && !leaving.signal.aborted; attempt += 1) {
      try {
        await sleep(distanceMs, undefined, { ref: false, signal: leaving.signal });
        held = await lock();
        return;
      } catch {
        // Not yet back, or we are leaving.
      }
    }
  }

  return {
    leave: async () => {
      leaving.abort();
      await regaining;
      held.socket.ref();
      // Asked for on a new connection, since this one may be lost.
      await held.client.query(`select pg_advisory_unlock_shared(${key})`).catch(() => {});
      await held.client.end().catch(() => {});
      return isUnheld(adminUrl);
    },
  };
}

async function isUnheld(adminUrl: string): Promise<boolean> {
  try {
    const { client } = await connect(adminUrl);
    const { rows } = await client.query<{ last: boolean }>(`select pg_try_advisory_lock(${key}) as last`);
    await client.end();
    return rows[0]?.last === true;
  } catch {
    // No server any more: nothing is left to stop.
    return false;
  }
}

async function connect(adminUrl: string): Promise<Session> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: 'hedgerow holder',
    connectionTimeoutMillis: 10_000,
    // Stated, so that a PGSSLMODE in the environment does not ask for what a server on loopback does not have.
    ssl: false,
    stream: () => socket,
  });
  // When the server dies, the caller's own pool tells so; without a listener this connection would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return { client, socket };
}
