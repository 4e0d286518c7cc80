/** What `npm pack` makes, installed in an empty folder, runs without TypeScript: on an embedded database, from help to a task. C-05 */
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let folder: string;

/** The Node that runs the tests comes first; nothing of the tests' own settings goes along. */
const env = () => ({
  PATH: dirname(process.execPath) + delimiter + process.env.PATH!,
  HOME: process.env.HOME ?? '/',
  TMPDIR: process.env.TMPDIR!,
  PORT: '0',
  HEDGEROW_LOG_LEVEL: 'debug',
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-package-'));
  // So that root's PostgreSQL, which runs as somebody else, can lie in it.
  await chmod(folder, 0o755);
  await run('npm', ['pack', '--pack-destination', folder, '--silent'], { cwd: root, env: env() });
  const [tarball] = await readdir(folder);
  await run('npm', ['init', '--yes'], { cwd: folder, env: env() });
  // A connection to the registry that hangs is given up early enough to be tried again.
  const patience = ['--prefer-offline', '--fetch-timeout=30000'];
  await run('npm', ['install', ...patience, '--no-audit', '--no-fund', `./${tarball}`], {
    cwd: folder,
    env: env(),
  });
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const hedgerow = (...args: string[]) => run('npx', ['hedgerow', ...args], { cwd: folder, env: env() });

test('it holds what is needed to run, and no sources or tests', async () => {
  const entries = await readdir(join(folder, 'node_modules/hedgerow'));

  expect(entries).toEqual(
    expect.arrayContaining(['dist', 'migrations', 'policies', 'package.json', 'README.md', 'LICENSE']),
  );
  expect(entries).not.toContain('src');
  expect(entries).not.toContain('test');
});

test('it explains itself', async () => {
  const { stdout } = await hedgerow('--help');

  expect(stdout).toMatch(/^Usage: hedgerow/);
});

test('it serves, gives tokens, takes a task and stops', async () => {
  // The link that npm makes, as a process manager would run it: npx would keep the signal to itself.
  const server = spawn(join(folder, 'node_modules/.bin/hedgerow'), ['serve'], { cwd: folder, env: env() });
  const ended = new Promise<number | null>((resolve) => server.once('close', resolve));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: Buffer) => {
      output += text.toString();
      const found = /GraphQL +(http:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    void ended.then(() => reject(new Error(output)));
  });

  const { stdout: token } = await hedgerow('token', 'alice');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token.trim()}` },
    body: JSON.stringify({
      query: 'mutation { createTask(input: { task: { title: "Packed" } }) { task { title ownerId } } }',
    }),
  });
  const answer = await response.json();
  const viewer = await (await fetch(new URL('/docs', url))).text();
  const assets = [...viewer.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
  const statuses = await Promise.all(assets.map(async (path) => (await fetch(new URL(path, url))).status));
  server.kill('SIGINT');

  expect(answer).toEqual({ data: { createTask: { task: { title: 'Packed', ownerId: 'alice' } } } });
  expect(output).toContain('the schema is the exported one');
  expect(output).not.toContain('the schema was built');
  expect(assets.length).toBeGreaterThan(3);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await ended).toBe(0);
}, 60_000);

test('it brings nothing that tells anybody of its installation', async () => {
  expect(await readdir(join(folder, 'node_modules'))).not.toContain('@scarf');
});

test('it proves policies: what is not TypeScript has come along', async () => {
  const { stdout } = await hedgerow('policies', 'lint', '--config', 'node_modules/hedgerow/policies/config.json');

  expect(stdout).toBe('0 errors, 0 warnings, 0 notes.\n');
}, 60_000);
