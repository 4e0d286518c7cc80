/** Telling a process from a later one with the same pid, with and without /proc. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProcess, findWithPs } from '../../src/database/embedded/running-process.ts';

/** `ps` is there on macOS, which needs it; slim images go without. */
const finders = { findProcess, findWithPs };

describe.each(Object.entries(finders))('%s', (_name, find) => {
  test('names the command of a running process and gives it one start time', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');

    const first = await find(child.pid!);
    const second = await find(child.pid!);
    child.kill('SIGKILL');

    expect(first).toEqual({ command: 'sleep', startedAt: expect.stringMatching(/^[\w-]{8,}$/) });
    expect(second).toEqual(first);
  });

  test('tells processes that started one after the other apart', async () => {
    const me = await find(process.pid);
    // ps counts in seconds.
    await sleep(1100);
    const child = spawn('sleep', ['60']);
    const later = await find(child.pid!);
    child.kill('SIGKILL');

    expect(me?.startedAt).toBeDefined();
    expect(later?.startedAt).toBeDefined();
    expect(later?.startedAt).not.toBe(me?.startedAt);
  });

  test('finds neither a dead process nor a zombie', async () => {
    const dead = spawn('true');
    await once(dead, 'close');
    // The shell becomes `sleep`, which never asks for the end of the child it inherits.
    const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60']);
    const [zombie] = (await once(parent.stdout, 'data')) as [Buffer];
    await sleep(100);

    const found = [await find(dead.pid!), await find(Number(zombie))];
    parent.kill('SIGKILL');

    expect(found).toEqual([undefined, undefined]);
  });
});
