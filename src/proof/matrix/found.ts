/** What the tries have in common: what they are given, and what the rows that were reached amount to. */
import type { Relation } from '../catalog.ts';
import type { Facts } from './facts.ts';
import type { Actor, Outcome } from './outcome.ts';
import type { Rows } from './rows.ts';
import type { Rules } from './rules.ts';
import type { Stage } from './stage.ts';

export type Probe = {
  stage: Stage;
  facts: Facts;
  rules: Rules;
  rows: Map<string, Rows>;
  /** What came to an end in an error that says nothing of who may: told as findings. */
  problems: { relation: string; text: string }[];
};

/** The outcome that these rows amount to. Of rows from a file it is not known whose they are: then all is the other's too. */
export function outcomeOf(actor: Actor, rows: Rows, reached: readonly string[]): Outcome {
  if (reached.length === 0) return 'filtered';
  const isAll = reached.length >= rows.all.length;
  const isOthers = actor.kind === 'user' && rows.others !== null && reached.some((key) => rows.others!.includes(key));
  return isAll || isOthers ? 'allowed' : 'own rows';
}

/** Notes an error that leaves open who may. */
export function note(
  { problems }: Probe,
  relation: Relation,
  what: string,
  error: { code?: string; message: string },
): void {
  problems.push({ relation: relation.name, text: `${what}: ${error.message} (${error.code})` });
}
