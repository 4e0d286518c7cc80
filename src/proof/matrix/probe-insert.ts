/** Whether a row can be made: one's own, and one in the other's name. */
import type { Actor, Outcome } from './outcome.ts';
import { canForge } from './derive.ts';
import { note, type Probe } from './found.ts';
import { attempt, isConstraint, isRefusal, literal, quoted, withoutTriggers } from './stage.ts';
import type { Subject } from './subject.ts';

/**
 * Only columns that are granted are named: the column in question, those that a row cannot do without, and those that say whose it is. Where
 * none of the last may be set, nobody can be named but by the default, and there is no second try.
 */
export async function probeInsert(given: Probe, actor: Actor, subject: Subject, column: string): Promise<Outcome> {
  const { facts, rules } = given;
  const { relation, own, other, base } = subject;
  const { role } = actor.identity;
  const keys = rules.keys(base!);
  const columns = relation.columns
    .filter(({ name }) => !facts.of(relation.name).fixed.includes(name))
    .filter(
      ({ name, notNull, ...rest }) =>
        name === column || keys.includes(name) || (notNull && rest.default === null && !rest.identity),
    )
    .map(({ name }) => name)
    .filter((name) => name === column || facts.may(role, relation.name, 'insert', name));
  const first = await insert(given, actor, subject, columns, own!);
  if (first !== 'allowed' || other === null || !canForge(facts, rules, role, relation.name, keys)) {
    return first === 'allowed' ? 'own rows' : first;
  }
  return (await insert(given, actor, subject, columns, other)) === 'allowed' ? 'allowed' : 'own rows';
}

async function insert(
  given: Probe,
  actor: Actor,
  { relation }: Subject,
  columns: string[],
  values: Record<string, string | null>,
): Promise<'allowed' | 'filtered' | 'refused'> {
  const sql = `insert into ${relation.name} (${columns.map(quoted).join(', ')}) values (${columns.map((name) => literal(values[name]!)).join(', ')})`;
  const first = await attempt(given.stage, actor.identity, sql);
  if (first.error === null) return first.count > 0 ? 'allowed' : 'filtered';
  if (isRefusal(first.error)) return 'refused';
  // A trigger may have been before the policies; a constraint comes after them, unless it is one of a row that a trigger writes.
  const { error } = await attempt(given.stage, actor.identity, sql, { prepare: withoutTriggers });
  if (error === null || isConstraint(error)) return 'allowed';
  if (!isRefusal(error) && error.code !== '44000') note(given, relation, `insert by ${actor.name}`, error);
  return 'refused';
}
