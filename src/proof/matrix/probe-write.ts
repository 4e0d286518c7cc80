/** Which rows an update or a delete reaches: those that are not where they were, seen by the superuser. */
import type { Actor, Outcome } from './outcome.ts';
import { note, outcomeOf, type Probe } from './found.ts';
import { isRow, keySql } from './row.ts';
import { attempt, isConstraint, isRefusal, isRefusedRow, literal, quoted, withoutTriggers, type Try } from './stage.ts';
import { grantSelect, type Subject } from './subject.ts';

/** Deletes all. A foreign key or a trigger may object after a row was reached: then once more without them. */
export async function probeDelete(given: Probe, actor: Actor, subject: Subject): Promise<Outcome> {
  const sql = `delete from ${subject.relation.name}`;
  let tried = await write(given, actor, subject, sql);
  if (tried.error !== null && !isRefusal(tried.error)) tried = await write(given, actor, subject, sql, withoutTriggers);
  if (tried.error === null) return outcomeOf(actor, given.rows.get(subject.base!)!, tried.measured!);
  if (!isRefusal(tried.error)) note(given, subject.relation, `delete by ${actor.name}`, tried.error);
  return 'refused';
}

/**
 * Sets the column of all rows to the value that the first user's has. Where that ends in an error which is no lack of a privilege (the value
 * is there already, a trigger objects, the check refuses one of the rows), each row is set to what it has. A column that says whose a row is
 * must not take the other's value: a row that was given away is the other's.
 */
export async function probeUpdate(given: Probe, actor: Actor, subject: Subject, column: string): Promise<Outcome> {
  const { relation, base, own, other } = subject;
  const rows = given.rows.get(base!)!;
  const set = (value: string | null) => `update ${relation.name} set ${quoted(column)} = ${literal(value)}`;
  const first = await write(given, actor, subject, set(own![column]!));
  if (isRefusal(first.error) && !isRefusedRow(first.error)) return 'refused';
  const reached = first.error === null ? first.measured! : await rowByRow(given, actor, subject, column);
  if (reached === 'refused') return reached;
  const outcome = outcomeOf(actor, rows, reached);
  if (outcome !== 'own rows' || !given.rules.keys(base!).includes(column)) return outcome;
  if (other === null || other[column] === own![column]) return outcome;
  const away = await write(given, actor, subject, set(other[column]!), withoutTriggers);
  const isAway = away.error === null ? away.measured!.length > 0 : isConstraint(away.error);
  return isAway ? 'allowed' : outcome;
}

/** Each row for itself. Naming it takes a right to select, which is lent. */
async function rowByRow(given: Probe, actor: Actor, subject: Subject, column: string): Promise<string[] | 'refused'> {
  const { relation, base } = subject;
  const rows = given.rows.get(base!)!.all;
  const name = quoted(column);
  const lent = grantSelect(relation, actor.identity.role);
  const reached = new Set<string>();
  let isRefused = false;
  // A view has no row identity, and is tried as a whole.
  for (const key of relation.name === base ? rows : ['']) {
    const sql = `update ${relation.name} set ${name} = ${name} where ${key === '' ? 'true' : isRow([key])}`;
    let tried = await write(given, actor, subject, sql, lent);
    if (tried.error !== null && !isRefusal(tried.error)) {
      tried = await write(given, actor, subject, sql, `${lent}; ${withoutTriggers}`);
    }
    for (const one of tried.measured ?? []) reached.add(one);
    if (isRefusal(tried.error)) isRefused = true;
    else if (isConstraint(tried.error)) reached.add(key);
    else if (tried.error !== null) note(given, relation, `update of ${column} by ${actor.name}`, tried.error);
  }
  return reached.size === 0 && isRefused ? 'refused' : [...reached];
}

/** Runs it; measured are the rows of the table that are not where they were. */
const write = (
  { stage, rows }: Probe,
  { identity }: Actor,
  { base }: Subject,
  sql: string,
  prepare?: string,
): Promise<Try<string[]>> => {
  const { all } = rows.get(base!)!;
  const measure = async () => {
    const left = await stage.client.query<{ key: string }>(`select ${keySql} as key from ${base!} where ${isRow(all)}`);
    return all.filter((key) => !left.rows.some((row) => row.key === key));
  };
  return attempt(stage, identity, sql, { prepare, measure });
};
