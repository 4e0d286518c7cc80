/**
 * What goes through the pool of the API: connections taken, statements sent, and for whom PostgreSQL takes each transaction: it is
 * asked at the end of each flight (src/database/flight.ts), within the same transaction.
 */
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
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((asked: string | Partial<Flight>, ...rest: unknown[]) => {
      watch.statements += 1;
      const isFlight = typeof asked === 'object' && asked.submit !== undefined;
      return query(isFlight ? askingWho(asked as Flight, (who) => watch.who.push(who)) : asked, ...rest);
    }) as typeof client.query;
  });
  return watch;
}

type Connection = Record<'parse' | 'bind' | 'describe' | 'execute' | 'sync', (message?: object) => void>;
type Flight = {
  submit(connection: Connection): void;
  handleRowDescription(message: object): void;
  handleDataRow(message: { fields: string[] }): void;
  handleCommandComplete(message: object): void;
};

/** The flight with one more statement before its end. */
function askingWho(flight: Flight, tell: (who: Who) => void): Flight {
  // The settings, and what the request is about.
  let toCome = 2;
  return {
    ...flight,
    submit(connection) {
      const sync = connection.sync.bind(connection);
      const asking = {
        sync() {
          connection.parse({ name: '', text: whoAmI });
          connection.bind({ statement: '', values: [`{${others.join()}}`] });
          connection.execute({});
          sync();
        },
      };
      flight.submit(Object.assign(Object.create(connection) as Connection, asking));
    },
    handleDataRow(message) {
      if (toCome > 0) return flight.handleDataRow(message);
      const [role, login, sub, otherClaims] = message.fields as [string, string, string, string];
      tell({ role, login, sub, otherClaims: otherClaims.slice(1, -1).split(',').filter(Boolean) });
    },
    handleCommandComplete(message) {
      toCome -= 1;
      if (toCome >= 0) flight.handleCommandComplete(message);
    },
  };
}
