/** Which rows come back. Each column is really asked for; which rows they are is then found with a right to see all columns. */
import type { Actor, Outcome } from './outcome.ts';
import { note, outcomeOf, type Probe } from './found.ts';
import { attempt, isRefusal, quoted } from './stage.ts';
import { readContents, readVisible, type Subject } from './subject.ts';

/** Null when a view shows none of the rows to anybody. */
export async function probeSelect(
  given: Probe,
  actor: Actor,
  subject: Subject,
  column: string,
): Promise<Outcome | null> {
  const { relation } = subject;
  const { error } = await attempt(
    given.stage,
    actor.identity,
    `select count(*) from (select ${quoted(column)} from ${relation.name} offset 0) as shown`,
  );
  if (error !== null) {
    if (!isRefusal(error)) note(given, relation, `select by ${actor.name}`, error);
    return 'refused';
  }
  if (relation.kind !== 'table') return probeView(given, actor, subject);
  const rows = given.rows.get(relation.name);
  if (rows === undefined) return null;
  return outcomeOf(actor, rows, (await readVisible(given.stage, relation, actor, rows.all)) ?? []);
}

/** Rows of a view have no identity but what they show: all is as many of each as anybody is shown. */
async function probeView({ stage }: Probe, actor: Actor, { relation, contents }: Subject): Promise<Outcome | null> {
  const shown = await readContents(stage, relation, actor.identity.role, actor.identity);
  const known = [...new Set([...contents.flat(), ...shown])];
  if (known.length === 0) return null;
  if (shown.length === 0) return 'filtered';
  const count = (list: string[], text: string) => list.filter((one) => one === text).length;
  const isAll = known.every((text) => contents.every((list) => count(shown, text) >= count(list, text)));
  return isAll ? 'allowed' : 'own rows';
}
