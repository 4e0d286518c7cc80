/** One made-up row: what its columns are given, and what is tried next when a constraint complains. */
import pg from 'pg';
import { OperatorError } from '../../errors.ts';
import { candidatesFor, fitting, readTypes, type ColumnType } from './candidates.ts';
import type { Facts, ForeignKey } from './facts.ts';
import { readKeys, readRow } from './row.ts';
import { literal, quoted, withoutTriggers, type Stage } from './stage.ts';

export type Maker = {
  place: number;
  sub: string;
  values: Map<string, string | null>;
  /** The rows that there were before this user's, by table. */
  before: Map<string, string[]>;
};

/** Inserts one row; whenever a constraint complains, the next candidates for its columns are tried. */
export async function fill(stage: Stage, facts: Facts, table: string, maker: Maker): Promise<void> {
  const { client } = stage;
  const types = await readTypes(client, table);
  const choices = await choose(stage, facts, table, maker, types);
  const at = new Map<string, number>();
  let prepare = '';
  for (let tries = 0; ; tries++) {
    const names = [...choices.keys()];
    const values = names.map((name) => literal(choices.get(name)![at.get(name) ?? 0]!));
    await client.query(`savepoint row; ${prepare}`);
    try {
      await client.query(
        names.length === 0
          ? `insert into ${table} default values`
          : `insert into ${table} (${names.map(quoted).join(', ')}) values (${values.join(', ')})`,
      );
      await client.query('set local session_replication_role = origin; release savepoint row');
      return;
    } catch (error) {
      await client.query('rollback to savepoint row; release savepoint row');
      if (!(error instanceof pg.DatabaseError)) throw error;
      // A trigger has a rule of its own, such as that nobody who has left comes back. The row is wanted all the same.
      if (prepare === '' && !/^2[23]/.test(error.code ?? '')) {
        prepare = withoutTriggers;
        continue;
      }
      const columns = blamed(facts, table, error, types, choices);
      // One that was left to its default, or to be null, has its turn when a constraint complains of it.
      const added = columns.filter((column) => !choices.has(column));
      for (const column of added) {
        choices.set(column, await fitCandidates(stage, types.get(column)!, column, maker.place));
      }
      const goesOn = added.length > 0 || advance(columns, choices, at);
      if (tries === 300 || !goesOn || columns.some((column) => choices.get(column)!.length === 0)) {
        throw explain(table, columns, error);
      }
    }
  }
}

/** The columns whose values an error is about. */
function blamed(
  facts: Facts,
  table: string,
  error: pg.DatabaseError,
  types: Map<string, unknown>,
  choices: Map<string, string[]>,
): string[] {
  if (error.column !== undefined && error.column !== '' && types.has(error.column)) return [error.column];
  const constraint = facts.catalog.constraints.find(({ table: of, name }) => of === table && name === error.constraint);
  const columns = (constraint?.columns ?? []).filter((column) => !facts.of(table).fixed.includes(column));
  const open = columns.filter((column) => (choices.get(column)?.length ?? 2) > 1);
  return open.length > 0 ? open : columns.length > 0 ? columns : [...choices.keys()];
}

/** The next combination of candidates of these columns, as an odometer counts; false when there is none. */
function advance(columns: string[], choices: Map<string, string[]>, at: Map<string, number>): boolean {
  for (const column of columns) {
    const next = (at.get(column) ?? 0) + 1;
    if (next < choices.get(column)!.length) {
      at.set(column, next);
      return true;
    }
    at.set(column, 0);
  }
  return false;
}

/** What each column may be given, the likeliest first; columns that may be left out are. */
async function choose(
  stage: Stage,
  facts: Facts,
  table: string,
  { place, sub, values, before }: Maker,
  types: Map<string, ColumnType>,
): Promise<Map<string, string[]>> {
  const { fixed } = facts.of(table);
  const primaryKey = facts.catalog.constraints.find(({ table: of, type }) => of === table && type === 'primary key');
  const choices = new Map<string, string[]>();
  for (const column of facts.relation(table).columns) {
    if (fixed.includes(column.name)) continue;
    const type = types.get(column.name)!;
    const claim = values.get(`${table} ${column.name}`);
    const claimed = claim == null ? [] : await fitting(stage.client, type.declared, [claim]);
    const isName =
      primaryKey?.columns.length === 1 && primaryKey.columns[0] === column.name && 'SU'.includes(type.category);
    if (claimed.length > 0) choices.set(column.name, claimed);
    else if (column.notNull && column.default === null && !column.identity) {
      const its = await fitCandidates(stage, type, column.name, place, isName ? [sub] : []);
      if (its.length > 0) choices.set(column.name, its);
    }
  }
  for (const key of facts.foreignKeys.filter((foreignKey) => foreignKey.table === table)) {
    for (const [column, value] of await referred(stage, key, place, before)) {
      if (!values.get(`${table} ${column}`) && !fixed.includes(column)) choices.set(column, [value]);
    }
  }
  return choices;
}

/** @param first what is to be tried before the others */
const fitCandidates = (
  { client }: Stage,
  type: ColumnType,
  column: string,
  place: number,
  first: string[] = [],
): Promise<string[]> => fitting(client, type.declared, [...first, ...candidatesFor(type, column, place)]);

/** The values of the row that this user's is to refer to: one that was made for the user, or one that there is. */
async function referred(stage: Stage, key: ForeignKey, place: number, before: Map<string, string[]>) {
  const keys = await readKeys(stage, key.target);
  const own = keys.filter((row) => !before.get(key.target)?.includes(row));
  const row = own[0] ?? keys[place % Math.max(keys.length, 1)];
  if (row === undefined || key.target === key.table) return [];
  const values = await readRow(stage, key.target, row, key.targetColumns);
  return key.columns.flatMap((column, index) => {
    const value = values[key.targetColumns[index]!];
    return value == null ? [] : [[column, value] as const];
  });
}

function explain(table: string, columns: string[], { code, message }: pg.DatabaseError): OperatorError {
  const place = columns.length === 0 ? table : `${table} (${columns.join(', ')})`;
  return new OperatorError(
    `No row could be made up for ${place}: ${message} (${code}). Write SQL that makes rows of both users, and name its file in the configuration: "rows".`,
  );
}
