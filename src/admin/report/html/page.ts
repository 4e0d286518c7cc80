/** The report as one page that needs nothing else: it can be kept, or sent to who may see it. */
import { escape } from '../../../print/escape.ts';
import { printPage } from '../../../print/page.ts';
import { percentage } from '../../../proof/mutate/report.ts';
import { attentionTo } from '../attention.ts';
import { cut, plain } from '../cut.ts';
import type { Report } from '../report.ts';
import { printBriefCount, printBytes, printCount, printMoment } from '../units.ts';
import { printFigure } from './figure.ts';
import { busyTables, policyScore, slowStatements, tableSizes, tasksByState } from './in-bars.ts';
import { tasksOverTime, usersOverTime } from './over-time.ts';
import { style } from './style.ts';
import { printTable } from './table.ts';

/** A longer name or address is cut. */
const nameLength = 60;

/** What is drawn, in the order of the page. */
const figures = [usersOverTime, tasksOverTime, tasksByState, policyScore, tableSizes, busyTables, slowStatements];

/** The whole page. */
export function printHtmlReport(report: Report): string {
  const { place, release, migrations } = report;
  return printPage({
    title: plain(`Report of ${place.database}, ${printMoment(place.at)}`),
    style,
    // What turns the direction of a line would turn the sentence round it, too.
    main: `<header>
<h1>Report of <bdi>${escape(place.database)}</bdi></h1>
<p>${printMoment(place.at)}. Hedgerow ${escape(release.version)}, PostgreSQL ${escape(place.postgres)}, migration ${migrations.newest ?? 'none'}.</p>
</header>
${printTiles(report)}
<section>
<h2>Needs attention</h2>
${printAttention(report)}
</section>
<div class="charts">
${figures.map((figure) => printFigure(figure(report))).join('\n')}
</div>
<section>
<h2>Users with the most tasks</h2>
${printTopUsers(report)}
</section>`
      .split('\n')
      .map(plain)
      .join('\n'),
  });
}

function printTiles({ totals, place, release: { score } }: Report): string {
  const tiles: [string, string, string?][] = [
    ['users', printBriefCount(totals.users), `${printBriefCount(totals.activeInWeek)} wrote in the last 7 days`],
    ['open tasks', printBriefCount(totals.openTasks)],
    ['completed tasks', printBriefCount(totals.completedTasks)],
    ['tasks in the trash', printBriefCount(totals.trashedTasks)],
    ['on disk', printBytes(place.bytes)],
    ['policy score', score === null ? '–' : percentage(score)],
  ];
  const printed = tiles.map(
    ([name, value, more]) =>
      `<div><dt>${escape(name)}${more === undefined ? '' : ` <small>${escape(more)}</small>`}</dt><dd>${escape(value)}</dd></div>`,
  );
  return `<dl class="tiles">\n${printed.join('\n')}\n</dl>`;
}

function printAttention(report: Report): string {
  const found = attentionTo(report);
  if (found.length === 0) return '<p>Nothing.</p>';
  const items = found.map(
    ({ level, what, remedy }) =>
      `<li class="${level}"><strong>${level === 'problem' ? 'Problem' : 'Note'}</strong><bdi>${escape(what)}</bdi><p>${escape(remedy)}</p></li>`,
  );
  return `<ul class="attention">\n${items.join('\n')}\n</ul>`;
}

function printTopUsers({ topUsers }: Report): string {
  if (topUsers.length === 0) return '<p class="empty">Nobody has written anything yet.</p>';
  return printTable(
    'Users with the most tasks',
    ['Id', 'Name', 'Address', 'Open', 'Completed', 'In the trash', 'Size', 'Last change'],
    topUsers.map((user) => [
      { others: cut(user.id, nameLength) },
      { others: cut(user.name ?? '', nameLength) },
      { others: cut(user.email ?? '', nameLength) },
      { number: printCount(user.openTasks) },
      { number: printCount(user.completedTasks) },
      { number: printCount(user.trashedTasks) },
      { number: printBytes(user.bytes) },
      { text: printMoment(user.lastActiveAt) },
    ]),
  );
}
