/** What became of the mutants, for people: a score for each object and command, and each survivor with its SQL and a test to write. */
import { inColumns } from '../../print/columns.ts';
import type { Finding } from '../finding.ts';
import type { Outcome } from './run.ts';

export type Score = { killed: number; survived: number; equivalent: number };

/** The counts of all, or of some. */
export function scoreOf(outcomes: readonly Outcome[]): Score {
  const count = (verdict: Outcome['verdict']) => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return { killed: count('killed'), survived: count('survived'), equivalent: count('equivalent') };
}

/** `100 %`: of the mutants that could be noticed. Rounded down, so that only all of them are all. */
export function percentage({ killed, survived }: Score): string {
  return killed + survived === 0 ? '–' : `${Math.floor((killed / (killed + survived)) * 100)} %`;
}

/** The score in words. */
export const printScore = (score: Score): string =>
  `${score.killed} of ${score.killed + score.survived} mutants killed (${percentage(score)}), ${score.survived} survived, ${score.equivalent} equivalent.`;

/** The rule under which a survivor is a finding; a baseline accepts it as one that changes nothing. */
export const survived = 'mutant_survived';

/** The survivors, as findings. */
export const findingsOf = (outcomes: readonly Outcome[]): Finding[] =>
  outcomes
    .filter(({ verdict }) => verdict === 'survived')
    .map(({ mutant: { id, sql, scene } }) => ({
      rule: survived,
      level: 'warning',
      object: id,
      problem: `No test notices this:\n${sql}`,
      remedy: `Write a test: ${scene}.`,
    }));

/** The report in text. */
export function printOutcomes(outcomes: readonly Outcome[]): string {
  const survivors = outcomes.flatMap(({ verdict, mutant }) => (verdict === 'survived' ? [mutant] : []));
  const equivalent = outcomes.flatMap((outcome) => (outcome.verdict === 'equivalent' ? [outcome] : []));
  return [
    ...table(outcomes),
    '',
    ...survivors.flatMap(({ id, sql, scene }) => [
      `survived  ${id}`,
      sql.replaceAll(/^/gm, '    '),
      `    to write: ${scene}`,
      '',
    ]),
    ...equivalent.map(({ mutant, reason }) => `equivalent  ${mutant.id}\n    ${reason}`),
    ...(equivalent.length > 0 ? [''] : []),
    printScore(scoreOf(outcomes)),
  ].join('\n');
}

/** Objects down, what the mutants are about across; a cell says how many of how many were killed. */
function table(outcomes: readonly Outcome[]): string[] {
  const distinct = (values: string[]) => [...new Set(values)];
  // A line for each function would be a table of ones: they share one for each schema.
  const lineOf = ({ object, command }: Outcome['mutant']) =>
    object.includes('(') && command !== 'helper' ? `functions of ${object.replace(/\..*/, '')}` : object;
  const lines = distinct(outcomes.map(({ mutant }) => lineOf(mutant)));
  const commands = distinct(outcomes.map(({ mutant }) => mutant.command));
  const cell = (line: string, command: string) => {
    const { killed, survived } = scoreOf(
      outcomes.filter(({ mutant }) => lineOf(mutant) === line && mutant.command === command),
    );
    return killed + survived === 0 ? '' : `${killed}/${killed + survived}`;
  };
  const rows = [['', ...commands], ...lines.map((line) => [line, ...commands.map((command) => cell(line, command))])];
  return inColumns(rows);
}
