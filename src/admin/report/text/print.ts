/** The report for a terminal: totals, what needs attention, and the first few of each list. */
import { inColumns } from '../../../print/columns.ts';
import { printScore } from '../../../proof/mutate/report.ts';
import { attentionTo } from '../attention.ts';
import { busiestTables, countedSince } from '../busiest.ts';
import { cut, plain, withoutComments } from '../cut.ts';
import type { Report } from '../report.ts';
import { printBytes, printCount, printDuration, printMoment, printShare } from '../units.ts';

/** How many lines a list has, and how many characters a text. */
const lines = 5;
const nameLength = 32;
const queryLength = 72;

/** The text. What others wrote, names and statements, cannot steer the terminal. */
export function printTextReport(report: Report): string {
  const { place, migrations, release } = report;
  return [
    `${place.database}, ${printMoment(place.at)}`,
    `Hedgerow ${release.version}, PostgreSQL ${place.postgres}, ${printBytes(place.bytes)}, migration ${migrations.newest ?? 'none'}`,
    '',
    ...section('Totals', totals(report)),
    ...section('Needs attention', attention(report)),
    ...section('Users with the most tasks', topUsers(report)),
    ...section(`Busiest tables, ${countedSince(report.tables)}`, busiest(report)),
    ...section('Slow statements', slow(report)),
    ...section('Policies', [
      release.score === null ? 'This release carries no score.' : `Of this release: ${printScore(release.score)}`,
    ]),
  ]
    .map(plain)
    .join('\n')
    .trimEnd()
    .concat('\n');
}

const section = (title: string, content: readonly string[]): string[] => [
  title,
  ...content.map((line) => `  ${line}`),
  '',
];

const totals = ({ totals: of }: Report): string[] =>
  inColumns(
    [
      [
        'users',
        printCount(of.users),
        `${printCount(of.activeInWeek)} wrote in the last 7 days, ${printCount(of.activeInMonth)} in 30`,
      ],
      ['open tasks', printCount(of.openTasks), ''],
      ['completed tasks', printCount(of.completedTasks), ''],
      ['tasks in the trash', printCount(of.trashedTasks), ''],
    ],
    ['start', 'end', 'start'],
  );

function attention(report: Report): string[] {
  const found = attentionTo(report);
  if (found.length === 0) return ['Nothing.'];
  return found.flatMap(({ level, what, remedy }) => [`${level === 'problem' ? '✗' : '•'} ${what}`, `    ${remedy}`]);
}

function topUsers({ topUsers: users }: Report): string[] {
  if (users.length === 0) return ['Nobody yet.'];
  const rows = users
    .slice(0, lines)
    .map((user) => [
      cut(user.id, nameLength),
      cut(user.name ?? '', nameLength),
      printCount(user.openTasks),
      printCount(user.completedTasks),
      printCount(user.trashedTasks),
      printBytes(user.bytes),
    ]);
  return inColumns([['id', 'name', 'open', 'completed', 'trash', 'size'], ...rows], ['start', 'start']);
}

function busiest({ tables }: Report): string[] {
  const rows = busiestTables(tables, lines).map((table) => [
    table.name,
    printCount(table.inserted),
    printCount(table.updated),
    printCount(table.deleted),
    printBytes(table.rowBytes + table.indexBytes),
  ]);
  return rows.length === 0
    ? ['Nothing was written yet.']
    : inColumns([['', 'inserted', 'updated', 'deleted', 'size'], ...rows]);
}

function slow({ statements }: Report): string[] {
  if (statements === null || statements.length === 0) return ['None was counted.'];
  const rows = statements
    .slice(0, lines)
    .map(({ totalMs, share, calls, meanMs, query }) => [
      printDuration(totalMs),
      printShare(share),
      printCount(calls),
      printDuration(meanMs),
      cut(withoutComments(query), queryLength),
    ]);
  return inColumns([['total', 'share', 'calls', 'mean', 'statement'], ...rows], ['end', 'end', 'end', 'end', 'start']);
}
