/**
 * One flight to PostgreSQL: the settings of a request and one statement go out together, and are one transaction, because in the extended
 * protocol everything up to Sync is. No `begin`, no `commit`, one round trip. PostgreSQL skips the statement when the settings fail.
 */
import { hash } from 'node:crypto';
import pg from 'pg';
import type { TransactionSettings } from './settings.ts';

export type Statement = {
  text: string;
  values?: readonly unknown[];
  /** Rows as arrays instead of objects. */
  arrayMode?: boolean;
};

/** As much of pg's connection and messages as is needed here; its types leave them out. */
type Connection = NodeJS.EventEmitter & {
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: readonly unknown[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
  stream: { cork(): void; uncork(): void };
};
type Field = { name: string; dataTypeID: number };
const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): unknown } }).utils;

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
  const given = values.map(prepareValue);
  const first = planned(client, settingsText(settings), isPrepared);
  const second = planned(client, text, isPrepared);
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    let rowCount: number | null = null;
    let settingsAreMade = false;
    let failure: Error | undefined;

    client.query({
      submit(connection: Connection) {
        connection.stream.cork();
        forgetOldest(client, connection);
        send(connection, first, Object.values(settings));
        send(connection, second, given, !second.isKept);
        connection.sync();
        connection.stream.uncork();
      },
      // The settings are not described: a description is of the statement.
      handleRowDescription({ fields }: { fields: Field[] }) {
        second.columns = fields.map(({ name, dataTypeID }) => ({
          name,
          parse: pg.types.getTypeParser(dataTypeID) as Column['parse'],
        }));
      },
      handleDataRow({ fields }: { fields: (string | null)[] }) {
        if (!settingsAreMade || failure) return;
        try {
          rows.push(toRow<Row>(second.columns!, fields, arrayMode));
        } catch (error) {
          failure = error as Error;
        }
      },
      handleCommandComplete({ text: tag }: { text: string }) {
        if (settingsAreMade) rowCount = countOf(tag);
        settingsAreMade = true;
      },
      handleEmptyQuery() {},
      handleReadyForQuery() {
        first.isKept = second.isKept = isPrepared;
        if (failure) reject(failure);
        else resolve({ rows, rowCount });
      },
      handleError(error: Error, connection: Connection) {
        if (!(error instanceof pg.DatabaseError)) return reject(error);
        // How far it came is not known, and a plan that does not fit a changed table never will: next time they are parsed anew.
        first.isKept = second.isKept = false;
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

/** Sends a statement, without Sync. */
function send(connection: Connection, plan: Plan, values: readonly unknown[], isDescribed = false): void {
  const { name, text, isKept } = plan;
  if (!isKept) {
    if (name !== '') connection.close({ type: 'S', name });
    connection.parse({ name, text });
  }
  connection.bind({ statement: name, values });
  if (isDescribed) connection.describe({ type: 'P' });
  connection.execute({});
}

function toRow<Row>(columns: readonly Column[], fields: readonly (string | null)[], asArray = false): Row {
  const values = fields.map((field, index) => (field === null ? null : columns[index]!.parse(field)));
  return (asArray ? values : Object.fromEntries(columns.map(({ name }, index) => [name, values[index]]))) as Row;
}

/** How many rows a statement was about, from what PostgreSQL says of it, such as `INSERT 0 1`. */
const countOf = (tag: string): number | null => {
  const [count] = /\d+$/.exec(tag) ?? [];
  return count === undefined ? null : Number(count);
};

/** A column of what a statement gives. */
type Column = { name: string; parse: (text: string) => unknown };

/** A statement that PostgreSQL has parsed, or is to. */
type Plan = {
  text: string;
  /** Without a name it is forgotten with the next one. */
  name: string;
  isKept: boolean;
  /** They do not change: PostgreSQL refuses a plan that would have others. */
  columns?: Column[];
};

/** How many statements a connection keeps, besides those of the flight that is sent: as many as @dataplan/pg has it keep. */
const mostKept = 100;

/** What each connection keeps, by its text; what was used last comes last. */
const plansOf = new WeakMap<pg.PoolClient, Map<string, Plan>>();

function planned(client: pg.PoolClient, text: string, isPrepared: boolean): Plan {
  if (!isPrepared) return { text, name: '', isKept: false };
  const plans = plansOf.get(client) ?? new Map<string, Plan>();
  plansOf.set(client, plans);
  const plan = plans.get(text) ?? { text, name: nameOf(text), isKept: false };
  plans.delete(text);
  plans.set(text, plan);
  return plan;
}

/** The same text has the same name everywhere: behind a pooler that mixes connections up, a name never means another statement. */
const nameOf = (text: string): string => `hedgerow_${hash('sha256', text).slice(0, 32)}`;

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
