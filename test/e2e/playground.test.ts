/** The playground in a real browser: signing up, a task, signing out, by clicking. C-15 */
import type { Page } from 'playwright-core';
import { useBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { type Running, start } from '../support/hedgerow.ts';

const password = 'a long password';
const document = 'mutation { createTask(input: { task: { title: "Plant a hedge" } }) { task { title ownerId } } }';

const database = useDatabase();
let server: Running;
let url: string;
const browser = useBrowser();

beforeAll(async () => {
  server = start(['serve'], {
    PORT: '0',
    NODE_ENV: 'development',
    DATABASE_URL: database.apiUrl,
    HEDGEROW_AUTH_DATABASE_URL: database.authUrl,
    BETTER_AUTH_SECRET: 'a secret for the playground, of 32 bytes at least',
  });
  url = await server.url;
}, 60_000);
afterAll(async () => {
  server?.process.kill('SIGTERM');
  await server?.ended;
});

/** A page of somebody who was never here, with the document in its editor. */
async function open(): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser().newContext();
  await context.addInitScript((text) => localStorage.setItem('graphiql:query', text), document);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${url}/graphiql`);
  return { page, complaints };
}

async function enter(page: Page, how: 'Sign up' | 'Sign in', email: string, given = password): Promise<void> {
  await page.getByLabel('Requests are sent as').selectOption('account');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(given);
  await page.getByRole('button', { name: how }).click();
}

const state = (page: Page) => page.locator('#who-state');

/** Runs what is in the editor; what came back, as text. */
async function run(page: Page): Promise<string> {
  await page.getByRole('button', { name: /execute query/i }).click();
  const answer = page.locator('.graphiql-response');
  await answer
    .getByText(/"(data|errors)"/)
    .first()
    .waitFor();
  return (await answer.innerText()).replaceAll(/\s+/g, ' ');
}

test('who signs up by clicking makes a task of their own by clicking', async () => {
  const { page, complaints } = await open();

  await enter(page, 'Sign up', 'clicker@example.com');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const answer = await run(page);

  expect(await state(page).innerText()).toMatch(/^clicker@example\.com, sub: \w{32}$/);
  expect(await page.title()).toBe('clicker@example.com · Hedgerow playground');
  expect(answer).toContain('Plant a hedge');
  const { rows } = await database.admin.query(
    `select task.title from app_public.tasks as task join auth.users as person on person.id = task.owner_id
     where person.email = 'clicker@example.com'`,
  );
  expect(rows).toEqual([{ title: 'Plant a hedge' }]);
  expect(complaints).toEqual([]);
  await page.context().close();
}, 60_000);

test('the session outlives a reload, and ends with signing out', async () => {
  const { page } = await open();
  await enter(page, 'Sign up', 'leaver@example.com');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();

  await page.reload();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
  const after = await page.request.get(`${url}/api/auth/token`);

  expect(after.status()).toBe(401);
  expect(await state(page).innerText()).toMatch(/^Sign in/);
  await page.context().close();
}, 60_000);

test('what is wrong is said beside the form', async () => {
  const { page } = await open();

  await enter(page, 'Sign in', 'unknown@example.com', 'a wrong password');
  await page.getByText('The e-mail address or the password is wrong.').waitFor();
  await enter(page, 'Sign up', 'clicker@example.com');
  await page.getByText('This e-mail address has an account.').waitFor();
  await enter(page, 'Sign in', 'clicker@example.com');
  await page.getByText('clicker@example.com, sub:').waitFor();

  await page.context().close();
}, 60_000);

test('a token is renewed before it expires', async () => {
  const { page } = await open();
  await page.clock.install();
  await enter(page, 'Sign up', 'stayer@example.com');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  const renewal = page.waitForResponse((response) => response.url().endsWith('/api/auth/token'));

  await page.clock.fastForward(14.5 * 60_000);

  expect((await renewal).status()).toBe(200);
  await page.context().close();
}, 60_000);
