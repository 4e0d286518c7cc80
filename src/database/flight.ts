/**
 * One flight to PostgreSQL: the settings of a request and one statement go out together, and are one transaction, because in the extended
 * protocol everything up to Sync is. No `begin`, no `commit`, one round trip. PostgreSQL skips the statement when the settings fail.
 */
import pg from 'pg';
import type { TransactionSettings } from './settings.ts';

export type Statement = {
  text: string;
  values?: readonly unknown[];
  /** Rows as arrays instead of objects. */
  arrayMode?: boolean;
};

/** As much of pg's connection, result and messages as is needed here; its types leave them out. */
type Connection = NodeJS.EventEmitter & {
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly unknown[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
  stream: { cork(): void; uncork(): void };
};
type Result = Omit<pg.QueryResult, 'fields'> & {
  addFields(fields: unknown): void;
  parseRow(fields: unknown): pg.QueryResultRow;
  addRow(row: pg.QueryResultRow): void;
  addCommandComplete(message: object): void;
};
const internals = pg as unknown as {
  Result: new (rowMode?: 'array') => Result;
  utils: { prepareValue(value: unknown): unknown };
};

/**
 * Runs the statement with the settings, in a transaction of its own.
 * @param client one that the pool has lent, outside any transaction, where it is afterwards again
 * @param isPrepared whether PostgreSQL keeps what it is sent, to be run again by name
 * @returns what the statement gives, once it is committed
 * @throws what PostgreSQL refuses, or the loss of the connection: nothing is done then, unless it was lost at the very end
 */
export function fly<Row>(
  client: pg.PoolClient,
  settings: TransactionSettings,
  { text, values = [], arrayMode }: Statement,
  isPrepared: boolean,
): Promise<{ rows: Row[]; rowCount: number | null }> {
  // Before anything is sent, because it may throw.
  const given = values.map(internals.utils.prepareValue);
  const steps = [
    { ...planned(client, settingsText(settings), isPrepared), values: Object.values(settings), isDescribed: false },
    { ...planned(client, text, isPrepared), values: given, isDescribed: true },
  ];
  return new Promise((resolve, reject) => {
    const result = new internals.Result(arrayMode ? 'array' : undefined);
    let settingsAreMade = false;
    let failure: Error | undefined;

    client.query({
      submit(connection: Connection) {
        connection.stream.cork();
        forgetOldest(client, connection);
        for (const step of steps) send(connection, step);
        connection.sync();
        connection.stream.uncork();
      },
      // The settings are not described: a description is of the statement.
      handleRowDescription({ fields }: { fields: unknown }) {
        settingsAreMade = true;
        result.addFields(fields);
      },
      handleDataRow({ fields }: { fields: unknown }) {
        if (!settingsAreMade) return;
        try {
          result.addRow(result.parseRow(fields));
        } catch (error) {
          failure = error as Error;
        }
      },
      handleCommandComplete(message: object) {
        if (settingsAreMade) result.addCommandComplete(message);
        settingsAreMade = true;
      },
      handleEmptyQuery() {},
      handleReadyForQuery() {
        for (const { plan } of steps) plan.isKept = true;
        if (failure) reject(failure);
        else resolve(result as { rows: Row[]; rowCount: number | null });
      },
      handleError(error: Error, connection: Connection) {
        if (!(error instanceof pg.DatabaseError)) return reject(error);
        // The connection goes back to the pool when PostgreSQL has said that it is ready, or when it is gone.
        const settle = () => {
          connection.off('readyForQuery', settle);
          connection.off('end', settle);
          reject(error);
        };
        connection.on('readyForQuery', settle);
        connection.on('end', settle);
      },
    } as unknown as pg.Submittable);
  });
}

type Step = { text: string; plan: Plan; values: readonly unknown[]; isDescribed: boolean };

/** Sends a statement, without Sync. */
function send(connection: Connection, { text, plan, values, isDescribed }: Step): void {
  const { name, isKept } = plan;
  if (!isKept) {
    // An earlier flight may have come as far as this, and no further.
    if (name !== '') connection.close({ type: 'S', name });
    connection.parse({ name, text });
  }
  connection.bind({ statement: name, values });
  if (isDescribed) connection.describe({ type: 'P' });
  connection.execute({});
}

/** A statement that PostgreSQL has parsed, or is to; without a name it is forgotten with the next one. */
type Plan = { name: string; isKept: boolean };

/** How many statements a connection keeps, besides those of the flight that is sent: as many as @dataplan/pg has it keep. */
const mostKept = 100;

/** What each connection keeps, by its text; what was used last comes last. */
const plansOf = new WeakMap<pg.PoolClient, Map<string, Plan>>();
let lastNumber = 0;

function planned(client: pg.PoolClient, text: string, isPrepared: boolean): { text: string; plan: Plan } {
  if (!isPrepared) return { text, plan: { name: '', isKept: false } };
  const plans = plansOf.get(client) ?? new Map<string, Plan>();
  plansOf.set(client, plans);
  const plan = plans.get(text) ?? { name: `hedgerow_${(lastNumber += 1)}`, isKept: false };
  plans.delete(text);
  plans.set(text, plan);
  return { text, plan };
}

function forgetOldest(client: pg.PoolClient, connection: Connection): void {
  const plans = plansOf.get(client);
  if (!plans) return;
  for (const [text, { name }] of plans) {
    if (plans.size <= mostKept) return;
    connection.close({ type: 'S', name });
    plans.delete(text);
  }
}

const settingsTexts = new Map<string, string>();

/** `select set_config('role', $1, true), …`. One text for each set of names, of which there are few: they are our own, never a caller's. */
function settingsText(settings: TransactionSettings): string {
  const names = Object.keys(settings);
  const key = names.join();
  const known = settingsTexts.get(key);
  if (known !== undefined) return known;
  const calls = names.map((name, index) => `set_config(${pg.escapeLiteral(name)}, $${index + 1}, true)`);
  const text = `select ${calls.join(', ')}`;
  settingsTexts.set(key, text);
  return text;
}
