/** What goes through the pool of the API: connections taken, statements sent, and for whom PostgreSQL takes each transaction. */
import type { Pool, PoolClient } from 'pg';

/** As PostgreSQL sees it, at the end of a transaction and inside of it. */
export type Who = { role: string; login: string; sub: string; otherClaims: string[] };

export type PoolWatch = {
  /** Connections taken from the pool since the last reset. */
  acquired: number;
  /** Statements sent since the last reset. */
  statements: number;
  /** One for each transaction since the last reset that was committed. */
  who: Who[];
  reset(): void;
};

/** Settings that a transaction of the visitor has no business to have. */
const others = ['role', 'owner_id', 'is_admin', 'scope', 'iss', 'aud', 'exp'].map((name) => `jwt.claims.${name}`);

const whoAmI = `
  select current_user as role, session_user as login, current_setting('jwt.claims.sub') as sub,
    array(select name from unnest($1::text[]) name where current_setting(name, true) <> '') as "otherClaims"`;

export function watchPool(pool: Pool): PoolWatch {
  const watch: PoolWatch = {
    acquired: 0,
    statements: 0,
    who: [],
    reset: () => Object.assign(watch, { acquired: 0, statements: 0, who: [] }),
  };
  const watched = new WeakSet<PoolClient>();

  pool.on('acquire', (client) => {
    watch.acquired += 1;
    if (watched.has(client)) return;
    watched.add(client);
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<{ rows: Who[] }>;
    client.query = (async (...args: unknown[]) => {
      watch.statements += 1;
      if ((args[0] as { text?: string }).text === 'commit') watch.who.push(...(await query(whoAmI, [others])).rows);
      return query(...args);
    }) as typeof client.query;
  });
  return watch;
}
