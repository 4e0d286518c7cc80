/** Every command really tried, on every column, by every actor; each try is taken back. */
import type { Probe } from './found.ts';
import type { Actor, Command, Outcome } from './outcome.ts';
import { probeInsert } from './probe-insert.ts';
import { probeSelect } from './probe-select.ts';
import { probeDelete, probeUpdate } from './probe-write.ts';
import type { Subject } from './subject.ts';
import { attempt, isRefusal, literal } from './stage.ts';

/** Tries one command; null where that is not possible: a foreign table is on another server, and a view may show none of the rows. */
export async function probe(
  given: Probe,
  actor: Actor,
  subject: Subject,
  command: Command,
  column: string | null,
): Promise<Outcome | null> {
  const { relation } = subject;
  if (relation.kind === 'foreign table') return null;
  if (command === 'use') return probeAny(given, actor, `select nextval(${literal(relation.name)}::regclass)`);
  if (command === 'truncate') return probeAny(given, actor, `truncate ${relation.name}`);
  if (command === 'select') return probeSelect(given, actor, subject, column!);
  if (subject.base === null || subject.own === null) return null;
  if (command === 'insert') return probeInsert(given, actor, subject, column!);
  return command === 'update' ? probeUpdate(given, actor, subject, column!) : probeDelete(given, actor, subject);
}

/** What a privilege decides alone: any other error (a foreign key that refers to the table) comes after it was looked at. */
async function probeAny({ stage }: Probe, actor: Actor, sql: string): Promise<Outcome> {
  const { error } = await attempt(stage, actor.identity, sql);
  return isRefusal(error) ? 'refused' : 'allowed';
}
