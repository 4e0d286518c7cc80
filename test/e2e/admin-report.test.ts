/** `hedgerow admin report` as a process, and its page in a real browser: light and dark, wide and narrow, with nothing, something and too much in it. C-04 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { printHtmlReport } from '../../src/admin/report/html/page.ts';
import { useBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { run } from '../support/hedgerow.ts';
import { faultsOf } from '../support/look.ts';
import { emptyReport, exampleReport, nastyReport } from '../support/report.ts';

const database = useDatabase();
const browser = useBrowser();
let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-report-'));
  file = join(folder, 'report.html');
});
afterEach(() => rm(file, { force: true }));
afterAll(() => rm(folder, { recursive: true }));

const report = (...args: string[]) =>
  run(['admin', 'report', ...args], { NODE_ENV: 'production', HEDGEROW_INSPECTOR_URL: database.inspectorUrl });

/** The page in the file, what the browser complains of, and what it asks for beside the file. */
async function open(options: BrowserContextOptions = {}) {
  const page = await (await browser().newContext(options)).newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    if (request.url() !== url) asked.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, asked };
}

const styleOf = (page: Page, property: string) =>
  page.evaluate((name) => {
    const { document, getComputedStyle } = globalThis as any;
    return getComputedStyle(document.body)[name];
  }, property);

describe.each([
  ['nothing', emptyReport, 0],
  ['something', exampleReport, 7],
  ['too much, all of it trying to be more than text,', nastyReport, 7],
])('with %s in it', (_what, figures, charts) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('the page is fine: %s, %d pixels wide', async (colorScheme, width) => {
    await writeFile(file, printHtmlReport(figures));

    const { page, complaints, asked } = await open({ colorScheme, viewport: { width, height: 900 } });
    const closed = await faultsOf(page);
    for (const summary of await page.locator('summary').all()) await summary.click();
    const opened = await faultsOf(page);

    expect([closed, opened]).toEqual([[], []]);
    expect(await page.locator('svg.chart').count()).toBe(charts);
    expect(await page.locator('script, img').count()).toBe(0);
    expect([complaints, asked]).toEqual([[], []]);
    const paper = await styleOf(page, 'backgroundColor');
    expect(paper).toBe(colorScheme === 'dark' ? 'rgb(21, 25, 23)' : 'rgb(253, 253, 251)');
    await page.context().close();
  });
});

test('charts are pictures with a name and a description, to whoever cannot see them', async () => {
  await writeFile(file, printHtmlReport(exampleReport));

  const { page } = await open();

  const pictures = page.getByRole('img');
  expect(await pictures.count()).toBe(7);
  for (const picture of await pictures.all()) {
    const title = await picture.locator('xpath=ancestor::figure').locator('h2').innerText();
    expect(await picture.getAttribute('aria-labelledby')).toBe(await picture.locator('title').getAttribute('id'));
    expect(await page.getByRole('img', { name: title, exact: true }).count()).toBe(1);
    const described = await picture.getAttribute('aria-describedby');
    expect(await page.locator(`#${described}`).textContent()).toMatch(/\d.*\.$/);
  }
  await page.context().close();
});

test('nothing in the page could run or load, were it there', async () => {
  await writeFile(file, printHtmlReport(exampleReport));

  const { page, complaints } = await open();
  await page.evaluate(() => {
    const { document } = globalThis as any;
    document.body.append(Object.assign(document.createElement('script'), { text: 'globalThis.intruder = true' }));
    document.body.append(Object.assign(document.createElement('img'), { src: 'report.html' }));
  });

  expect(await page.evaluate(() => 'intruder' in globalThis)).toBe(false);
  expect(complaints).toEqual([
    expect.stringContaining('Content Security Policy'),
    expect.stringContaining('Content Security Policy'),
  ]);
  await page.context().close();
});

test('it is printed on white, whatever the screen', async () => {
  await writeFile(file, printHtmlReport(exampleReport));

  const { page } = await open({ colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });

  expect(await faultsOf(page)).toEqual([]);
  expect(await page.locator('summary').first().isVisible()).toBe(false);
  expect(await styleOf(page, 'color')).toBe('rgb(29, 35, 32)');
  await page.context().close();
});

describe('the command', () => {
  beforeAll(() => database.admin.query("insert into app_public.users (id, name) values ('alice', 'Alice')"));

  test('prints text, or the figures as JSON', async () => {
    const [text, json] = await Promise.all([report(), report('--json')]);

    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(
      /^hedgerow_test_\d+, .* UTC\nHedgerow .*\n\nTotals\n {2}users +1 {2}1 wrote in the last 7 days/,
    );
    const { totals, topUsers, release } = JSON.parse(json.stdout);
    expect([totals.users, topUsers[0].id, release.newestMigration]).toEqual([1, 'alice', expect.any(Number)]);
  });

  test('writes the page for the eyes of its owner only, and says where', async () => {
    const { code, stdout, stderr } = await report('--html', file);

    expect([code, stdout, stderr]).toEqual([0, `Written: ${file}\n`, '']);
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>[^]*<bdi>Alice<\/bdi>[^]*<\/html>\n$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a place that is not there', ['--html', '/nowhere/report.html'], {}, /^The page cannot be written: ENOENT: /],
    [
      'both forms',
      ['--html', 'a.html', '--json'],
      {},
      /^error: option '--json' cannot be used with option '--html <file>'/,
    ],
    [
      'no login',
      [],
      { HEDGEROW_INSPECTOR_URL: '' },
      /HEDGEROW_INSPECTOR_URL is missing: in production the database is yours to name/,
    ],
  ])('tells of %s', async (_what, args, env, message) => {
    const { code, stdout, stderr } = await run(['admin', 'report', ...args], {
      NODE_ENV: 'production',
      HEDGEROW_INSPECTOR_URL: database.inspectorUrl,
      ...env,
    });

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });
});
