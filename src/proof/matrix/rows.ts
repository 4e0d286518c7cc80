/**
 * Rows for the prober: those of the configuration's file and, in tables that are still empty then, rows made up, one for each of the two users.
 * Made by the superuser with the claims of the user, so that defaults such as `auth.uid()` say whose they are.
 */
import { readFile } from 'node:fs/promises';
import type { Identity, ProofConfig } from '../config.ts';
import { OperatorError } from '../../errors.ts';
import { stepOutSql } from '../impersonate.ts';
import { parseSync } from '../parser.ts';
import { claimColumns, evaluate } from './claims.ts';
import type { Facts } from './facts.ts';
import { fill } from './fill.ts';
import { readKeys } from './row.ts';
import type { Stage } from './stage.ts';

/** The rows of the stage in a table: keys (`keySql` of row.ts). Whose they are is known of those that were made up. */
export type Rows = { all: string[]; own: string[] | null; others: string[] | null };

/**
 * Makes the rows of all tables of these schemas, and of those that these refer to.
 * @returns what is there afterwards, by table
 * @throws OperatorError when the file does not do, or a table cannot be filled
 */
export async function makeRows(stage: Stage, facts: Facts, config: ProofConfig): Promise<Map<string, Rows>> {
  if (config.rows !== undefined) await runFile(stage, config.rows);
  const tables = inOrder(facts, config.schemas);
  const given = new Set<string>();
  for (const table of tables) if ((await readKeys(stage, table)).length > 0) given.add(table);

  const claims = claimColumns(facts);
  const after: Map<string, string[]>[] = [];
  for (const [place, sub] of config.users.entries()) {
    const identity = config.impersonate(sub);
    const values = await evaluate(stage, claims, identity);
    await claim(stage, identity.settings);
    const before = after.at(-1) ?? new Map<string, string[]>();
    for (const table of tables.filter((name) => !given.has(name))) {
      const news = (await readKeys(stage, table)).filter((key) => !before.get(table)?.includes(key));
      // A trigger may have made it already.
      if (news.length > 0) continue;
      await fill(stage, facts, table, { place, sub, values, before });
    }
    const keys = new Map<string, string[]>();
    for (const table of tables) keys.set(table, await readKeys(stage, table));
    after.push(keys);
  }
  await stage.client.query('set constraints all immediate');
  const { settings } = config.impersonate(config.users[0]);
  await claim(stage, Object.fromEntries(Object.keys(settings).map((key) => [key, ''])));
  const result = new Map<string, Rows>();
  for (const table of tables) {
    const all = await readKeys(stage, table);
    const first = after[0]!.get(table)!;
    const known = !given.has(table);
    result.set(table, {
      all,
      own: known ? all.filter((key) => first.includes(key)) : null,
      others: known ? all.filter((key) => !first.includes(key)) : null,
    });
  }
  return result;
}

/** The claims for the rest of the transaction, or until the next. */
async function claim({ client }: Stage, settings: Identity['settings']): Promise<void> {
  for (const [key, value] of Object.entries(settings))
    await client.query('select set_config($1, $2, true)', [key, value]);
}

async function runFile({ client, transaction }: Stage, file: string): Promise<void> {
  const sql = await readFile(file, 'utf8').catch((error: Error) => {
    throw new OperatorError(`The file of "rows" cannot be read: ${error.message}`);
  });
  try {
    // What commits would leave behind what is to be rolled back.
    if (parseSync(sql).stmts?.some(({ stmt }) => stmt && 'TransactionStmt' in stmt)) {
      throw new OperatorError(`${file} begins or ends a transaction. Leave that out: the prober runs it in its own.`);
    }
    await client.query(sql);
    await client.query(stepOutSql);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${file}, which makes the rows to probe with, fails: ${(error as Error).message}`);
  }
  const { rows } = await client.query<{ id: string }>(
    'select pg_catalog.pg_current_xact_id()::pg_catalog.xid::text as id',
  );
  if (rows[0]!.id !== transaction) throw new OperatorError(`${file} ends the transaction that it is run in.`);
}

/** Tables that are referred to come first; where they go round in a circle, somewhere in it. */
function inOrder(facts: Facts, schemas: readonly string[]): string[] {
  const ordered: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    // The ways that a row cannot do without go first.
    const keys = facts.foreignKeys
      .filter(({ table }) => table === name)
      .sort((a, b) => Number(b.required) - Number(a.required));
    for (const { target } of keys) visit(target);
    ordered.push(name);
  };
  const tables = facts.catalog.relations.filter(({ schema, kind }) => kind === 'table' && schemas.includes(schema));
  // Users and the like before notes that nothing refers to: triggers of these may look at those.
  const isTarget = (name: string) => Number(facts.foreignKeys.some(({ target }) => target === name));
  for (const { name } of tables.sort((a, b) => isTarget(b.name) - isTarget(a.name))) visit(name);
  // A partition has what its whole has; rows of its own cannot be made without knowing its bounds.
  return ordered.filter((name) => !facts.of(name).partition);
}
