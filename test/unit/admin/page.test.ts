/** The report as a page and as text. */
import { printHtmlReport } from '../../../src/admin/report/html/page.ts';
import { printTextReport } from '../../../src/admin/report/text/print.ts';
import { emptyReport, exampleReport, nastyReport } from '../../support/report.ts';

const ids = ['users', 'tasks', 'states', 'score', 'sizes', 'busiest', 'statements'];

test('every chart has a title, a description and a table', () => {
  const html = printHtmlReport(exampleReport);

  for (const id of ids) {
    const figure = new RegExp(`<figure id="${id}"[^]*?</figure>`).exec(html)![0];
    const title = /<h2>(.+)<\/h2>/.exec(figure)![1]!;
    expect(figure).toContain(`role="img" aria-labelledby="${id}-title" aria-describedby="${id}-description"`);
    expect(figure).toContain(`<title id="${id}-title">${title}</title>`);
    expect(figure).toMatch(new RegExp(`<desc id="${id}-description">.{9,}</desc>`));
    expect(figure).toMatch(/<tbody>\n<tr><th scope="row"/);
  }
  expect(html.match(/<svg class="chart/g)).toHaveLength(ids.length);
});

test('descriptions say what is to be seen', () => {
  const descriptions = [...printHtmlReport(exampleReport).matchAll(/<desc[^>]*>(.*)<\/desc>/g)].map(([, text]) => text);

  expect(descriptions).toEqual([
    '12 users, the first from 2026-11-02.',
    '1,538 created and 300 completed since 2026-11-01; at the most 1,000 and 300 in one day.',
    'Open: 1,234 tasks; Completed: 300 tasks; In the trash: 4 tasks.',
    '440 of 440 mutants killed (100 %), 0 survived, 8 equivalent.',
    'app_public.tasks: 4 MB; app_public.users: 32 kB; app_hidden.deleted_users: 16 kB.',
    'app_public.tasks: 1,962 rows; app_public.users: 12 rows.',
    '2 statements, the slowest with 1.5 min in all.',
  ]);
});

test('without data nothing is drawn, and it says so', () => {
  const html = printHtmlReport(emptyReport);

  expect(html).not.toContain('<svg');
  expect([...html.matchAll(/<p class="empty">(.*)<\/p>/g)].map(([, text]) => text)).toEqual([
    'Nobody has written anything yet.',
    'There is no task yet.',
    'There is no task yet.',
    'This release carries no score: &quot;hedgerow policies mutate --write&quot; makes one in a checkout.',
    'There is no table.',
    'Nothing was written yet.',
    'None was counted since the statistics were last reset.',
    'Nobody has written anything yet.',
  ]);
});

test('the page asks for nothing and runs nothing, whatever its texts', () => {
  const html = printHtmlReport(nastyReport);

  expect(html).not.toMatch(/<script|<img|<link|<iframe|\sstyle=|url\(|@import|https?:\/\//);
  expect(html).not.toMatch(/ on\w+="/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html.match(/<title/g)).toHaveLength(1 + ids.length);
  expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test('the score is that of the release; a database at another migration is told', () => {
  const same = printHtmlReport(exampleReport);
  const other = printHtmlReport({ ...exampleReport, migrations: { newest: 14, appliedAt: null } });

  expect(same).toContain('<dt>policy score</dt><dd>100 %</dd>');
  expect(same).not.toContain('at another migration');
  expect(other).toContain('release 1.2.3 its tests notice. This database is at another migration.');
});

test('the text has the totals, what needs attention and the first of each list', () => {
  const text = printTextReport({
    ...exampleReport,
    statements: exampleReport.statements,
    migrations: { newest: 14, appliedAt: null },
  });

  expect(text).toBe(`hedgerow, 2026-11-21 12:00 UTC
Hedgerow 1.2.3, PostgreSQL 18.4, 7.6 MB, migration 14

Totals
  users                  12  3 wrote in the last 7 days, 7 in 30
  open tasks          1,234
  completed tasks       300
  tasks in the trash      4

Needs attention
  ✗ The database is behind: the last migration that ran is 14, the newest of release 1.2.3 is 15.
      Run "hedgerow migrate".

Users with the most tasks
  id     name    open  completed  trash    size
  alice  Alice  1,200        299      4  121 kB

Busiest tables, since the database was made
                    inserted  updated  deleted   size
  app_public.tasks     1,600      300       62   4 MB
  app_public.users        12        0        0  32 kB

Slow statements
    total  share  calls   mean  statement
  1.5 min   90 %  4,000  23 ms  select 1
    10 ms  < 1 %      1  10 ms  select 2

Policies
  Of this release: 440 of 440 mutants killed (100 %), 0 survived, 8 equivalent.
`);
});

test('the text says where there is nothing, and steers no terminal', () => {
  const nothing = printTextReport(emptyReport);
  const nasty = printTextReport(nastyReport);

  for (const line of ['Nobody yet.', 'Nothing was written yet.', 'None was counted.', 'This release carries no score.'])
    expect(nothing).toContain(`  ${line}\n`);
  expect(nasty.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});
