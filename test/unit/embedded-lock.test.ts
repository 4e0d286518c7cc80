/** The lock of the embedded PostgreSQL's data folder: it excludes, it outlives no process, and it gives up in words. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../src/database/embedded/lock.ts';
import { findProcess } from '../../src/database/embedded/running-process.ts';
import { OperatorError } from '../../src/errors.ts';

const lockModule = new URL('../../src/database/embedded/lock.ts', import.meta.url).href;
const nothing = () => Promise.resolve('done');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-lock-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const claimOf = (pid: number, startedAt: string) => join(folder, `starting.${pid}.${startedAt}.abc.lock`);

test('two pieces of work in one process never overlap, and the lock leaves no file behind', async () => {
  let inside = 0;
  let most = 0;

  const work = async () => {
    most = Math.max(most, (inside += 1));
    await sleep(15);
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4, 5].map(() => withLock(folder, work)));

  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('the work of several processes never overlaps', async () => {
  const journal = join(folder, 'journal');
  const script = `
    import { appendFileSync as append } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from '${lockModule}';
    for (let i = 0; i < 5; i += 1)
      await withLock('${folder}', async () => { append('${journal}', 'in '); await sleep(5); append('${journal}', 'out\\n'); });
  `;

  const runs = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
  );
  await Promise.all(runs.map((run) => once(run, 'close')));

  expect(await readFile(journal, 'utf8')).toBe('in out\n'.repeat(15));
});

test('the lock of a dead process is taken over', async () => {
  const dead = spawn('true');
  await once(dead, 'close');
  await writeFile(claimOf(dead.pid!, '1-x'), '');

  const result = await withLock(folder, nothing, 1000);

  expect(result).toBe('done');
  expect(await readdir(folder)).toEqual([]);
});

test('the lock of a dead process whose pid was given to another one is taken over', async () => {
  await writeFile(claimOf(process.pid, '1-x'), '');

  const result = await withLock(folder, nothing, 1000);

  expect(result).toBe('done');
});

test('the lock of a living process is respected until that process ends', async () => {
  const living = spawn('sleep', ['60']);
  const { startedAt } = (await findProcess(living.pid!))!;
  await writeFile(claimOf(living.pid!, startedAt), '');

  const refusal = await withLock(folder, nothing, 200).catch((error: unknown) => error);
  living.kill('SIGKILL');
  const result = await withLock(folder, nothing, 2000);

  expect(refusal).toBeInstanceOf(OperatorError);
  expect(String(refusal)).toContain(`pid ${living.pid}`);
  expect(result).toBe('done');
});

test('an error of the work passes through and the lock is free again', async () => {
  const failing = withLock(folder, () => Promise.reject(new Error('as told')));

  await expect(failing).rejects.toThrow('as told');

  expect(await withLock(folder, nothing, 1000)).toBe('done');
});
