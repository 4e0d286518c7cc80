/** The viewer of the REST API in a real browser: what it shows, whom it asks, and that a request goes out with the token. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { viewerRoutes } from '../../src/rest/viewer.ts';
import { useBrowser } from '../support/browser.ts';
import { exampleDocument } from '../support/openapi-example.ts';

let server: Server;
let url: string;
const browser = useBrowser();
/** What came to the API itself. */
let asked: { method: string; path: string; authorization: string | undefined; body: unknown }[];

beforeAll(async () => {
  const app = express();
  app.use(viewerRoutes());
  app.get('/openapi.json', (_request, response) => void response.json(exampleDocument()));
  app.use('/tasks', express.json(), (request, response) => {
    const { method, originalUrl: path, headers, body } = request;
    asked.push({ method, path, authorization: headers.authorization, body });
    // Only the page's own rules keep it from reading this from another origin.
    response.set('Access-Control-Allow-Origin', '*').json({ answered: path });
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 60_000);
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
});

/** The page in a browser that was never here, what it complains of, and the origins that it asks. */
async function open(options: BrowserContextOptions = {}) {
  const page = await (await browser().newContext(options)).newPage();
  const complaints: string[] = [];
  const origins = new Set<string>();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin);
  });
  const response = await page.goto(`${url}/docs`);
  await operation(page, 'readTask').waitFor();
  return { page, complaints, origins, headers: response!.headers() };
}

const operation = (page: Page, id: string) => page.locator(`#operations-tasks-${id}`);

async function authorize(page: Page, token: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).click();
  await page.getByLabel('Value:', { exact: true }).fill(token);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Close' }).click();
}

async function tryOut(page: Page, id: string): Promise<void> {
  await operation(page, id).getByRole('button').first().click();
  await operation(page, id).getByRole('button', { name: 'Try it out' }).click();
  await operation(page, id).getByRole('button', { name: 'Execute' }).click();
  await operation(page, id).getByText('"answered"').waitFor();
}

test('it shows every operation of the document, under its own name, and asks no other server', async () => {
  const { page, complaints, origins } = await open();

  expect(await page.title()).toBe('Hedgerow REST API');
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^Hedgerow REST API/);
  expect(await page.locator('.opblock-summary-method').allInnerTexts()).toEqual(['GET', 'POST', 'GET', 'DELETE']);
  await operation(page, 'createTask').getByRole('button').first().click();
  await operation(page, 'createTask').getByText('"Plant a hedge"').first().waitFor();
  expect([...origins]).toEqual([url]);
  expect(complaints).toEqual([]);
  await page.context().close();
}, 60_000);

test('a request goes out with the token that was given, without a second "Bearer", and the token is not kept', async () => {
  const { page, complaints, origins } = await open();
  await tryOut(page, 'listTasks');
  await authorize(page, 'Bearer header.payload.signature');
  await tryOut(page, 'createTask');

  expect(asked).toEqual([
    { method: 'GET', path: '/tasks?first=20', authorization: undefined, body: undefined },
    {
      method: 'POST',
      path: '/tasks',
      authorization: 'Bearer header.payload.signature',
      body: { title: 'Plant a hedge' },
    },
  ]);
  expect(complaints).toEqual([]);
  expect([...origins]).toEqual([url]);
  expect(JSON.stringify(await page.context().storageState())).not.toContain('payload');
  await page.reload();
  await tryOut(page, 'listTasks');
  expect(asked[2]!.authorization).toBeUndefined();
  await page.context().close();
}, 60_000);

test('scripts in the page do not run, and nothing reaches another origin', async () => {
  const { page, complaints, headers } = await open();
  const reached = await page.evaluate(
    async (elsewhere) => {
      const { document, fetch } = globalThis as any;
      document.body.append(Object.assign(document.createElement('script'), { text: 'globalThis.intruder = true' }));
      return await fetch(elsewhere).then(
        () => true,
        () => false,
      );
    },
    `${url.replace('127.0.0.1', 'localhost')}/tasks`,
  );

  expect(reached).toBe(false);
  expect(await page.evaluate(() => 'intruder' in globalThis)).toBe(false);
  expect(complaints).toContainEqual(expect.stringContaining('Content Security Policy'));
  expect(headers['content-security-policy']).toBe(
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  );
  expect(headers['x-frame-options']).toBe('DENY');
  await page.context().close();
}, 60_000);

test('it fits a window of 420 pixels, and is dark where the system is', async () => {
  const { page } = await open({ viewport: { width: 420, height: 800 }, colorScheme: 'dark' });
  await tryOut(page, 'createTask');
  const width = () => page.evaluate(() => (globalThis as any).document.documentElement.scrollWidth);

  await page.locator('html.dark-mode').waitFor();
  expect(await width()).toBe(420);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html:not(.dark-mode)').waitFor();
  expect(await width()).toBe(420);
  await page.context().close();
}, 60_000);
