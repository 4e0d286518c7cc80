/** What there is, side by side: tasks, tables, statements, and the score of the policies. */
import { percentage, printScore } from '../../../proof/mutate/report.ts';
import { busiestTables, countedSince } from '../busiest.ts';
import { cut, withoutComments } from '../cut.ts';
import type { Report } from '../report.ts';
import {
  byteUnits,
  printBytes,
  printCount,
  printDuration,
  printNumber,
  printShare,
  printShortCount,
  timeUnits,
} from '../units.ts';
import { barChart } from './bar-chart.ts';
import type { Figure } from './figure.ts';

/** How many tables a chart shows; how much of a statement the table below its chart does. */
const tablesShown = 8;
const queryLength = 300;

/** Tasks by what they are. */
export function tasksByState({ totals }: Report): Figure {
  const states: [string, number][] = [
    ['Open', totals.openTasks],
    ['Completed', totals.completedTasks],
    ['In the trash', totals.trashedTasks],
  ];
  const bars = states.map(([name, tasks]) => ({ name, parts: [tasks], amount: printNumber(tasks, 'task') }));
  return {
    id: 'states',
    title: 'Tasks by state',
    note: 'All tasks of all users.',
    description: listed(bars),
    drawing: states.every(([, tasks]) => tasks === 0) ? undefined : barChart(bars, printShortCount),
    empty: 'There is no task yet.',
    head: ['State', 'Tasks'],
    rows: states.map(([name, tasks]) => [{ text: name }, { number: printCount(tasks) }]),
  };
}

/** How many deliberate faults the tests of the policies notice. */
export function policyScore({ release: { version, score, newestMigration }, migrations }: Report): Figure {
  const bars =
    score === null
      ? []
      : [{ name: 'Mutants', parts: [score.killed, score.survived, score.equivalent], amount: percentage(score) }];
  const elsewhere = migrations.newest === newestMigration ? '' : ' This database is at another migration.';
  return {
    id: 'score',
    title: 'Policy score',
    note: `How many deliberate faults in the policies of release ${version} its tests notice.${elsewhere}`,
    legend: ['noticed', 'overlooked', 'faults that change nothing'],
    description: score === null ? '' : printScore(score),
    drawing: score === null ? undefined : barChart(bars, printShortCount),
    empty: 'This release carries no score: "hedgerow policies mutate --write" makes one in a checkout.',
    head: ['Mutants', 'Number'],
    rows:
      score === null
        ? []
        : [
            [{ text: 'Noticed' }, { number: printCount(score.killed) }],
            [{ text: 'Overlooked' }, { number: printCount(score.survived) }],
            [{ text: 'That change nothing' }, { number: printCount(score.equivalent) }],
          ],
  };
}

/** What the tables take up. */
export function tableSizes({ tables }: Report): Figure {
  const largest = tables.slice(0, tablesShown);
  const bars = largest.map(({ name, rowBytes, indexBytes }) => ({
    name,
    parts: [rowBytes, indexBytes],
    amount: printBytes(rowBytes + indexBytes),
  }));
  return {
    id: 'sizes',
    title: 'Largest tables',
    note: 'On disk, with their indexes.',
    legend: ['rows', 'indexes'],
    description: listed(bars),
    drawing: bars.length === 0 ? undefined : barChart(bars, printBytes, byteUnits),
    empty: 'There is no table.',
    head: ['Table', 'Rows, about', 'Size of rows', 'Size of indexes'],
    rows: tables.map(({ name, liveRows, rowBytes, indexBytes }) => [
      { others: name },
      { number: printCount(liveRows) },
      { number: printBytes(rowBytes) },
      { number: printBytes(indexBytes) },
    ]),
  };
}

/** What is written to the tables. */
export function busyTables({ tables }: Report): Figure {
  const busiest = busiestTables(tables, tablesShown);
  const bars = busiest.map(({ name, inserted, updated, deleted }) => ({
    name,
    parts: [inserted, updated, deleted],
    amount: printNumber(inserted + updated + deleted, 'row'),
  }));
  return {
    id: 'busiest',
    title: 'Busiest tables',
    note: `Rows written ${countedSince(tables)}.`,
    legend: ['inserted', 'updated', 'deleted'],
    description: listed(bars),
    drawing: bars.length === 0 ? undefined : barChart(bars, printShortCount),
    empty: 'Nothing was written yet.',
    head: ['Table', 'Inserted', 'Updated', 'Deleted', 'Dead rows'],
    rows: busiest.map(({ name, inserted, updated, deleted, deadRows }) => [
      { others: name },
      { number: printCount(inserted) },
      { number: printCount(updated) },
      { number: printCount(deleted) },
      { number: printCount(deadRows) },
    ]),
  };
}

/** What the server spends its time on; with the table, because no bar has room for a statement. */
export function slowStatements({ statements }: Report): Figure {
  const slowest = statements ?? [];
  const bars = slowest.map(({ query, totalMs }, index) => ({
    name: `${index + 1}. ${withoutComments(query)}`,
    parts: [totalMs],
    amount: printDuration(totalMs),
  }));
  return {
    id: 'statements',
    title: 'Slow statements',
    note: 'By the time that they took in all, since PostgreSQL began to count.',
    description: `${printNumber(slowest.length, 'statement')}, the slowest with ${printDuration(slowest[0]?.totalMs ?? 0)} in all.`,
    drawing: slowest.length === 0 ? undefined : barChart(bars, printDuration, timeUnits),
    empty:
      statements === null
        ? 'Nothing counts them: pg_stat_statements is not installed.'
        : 'None was counted since the statistics were last reset.',
    tableOpen: true,
    head: ['', 'Statement', 'Role', 'Total', 'Share', 'Calls', 'Mean', 'At most'],
    rows: slowest.map(({ query, role, calls, totalMs, meanMs, maxMs, share }, index) => [
      { text: `${index + 1}.` },
      { code: cut(withoutComments(query), queryLength) },
      { others: role },
      { number: printDuration(totalMs) },
      { number: printShare(share) },
      { number: printCount(calls) },
      { number: printDuration(meanMs) },
      { number: printDuration(maxMs) },
    ]),
  };
}

const listed = (bars: readonly { name: string; amount: string }[]): string =>
  `${bars.map(({ name, amount }) => `${name}: ${amount}`).join('; ')}.`;
