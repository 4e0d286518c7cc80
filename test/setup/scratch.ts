/** Where a run keeps what nobody needs after it: databases, packages, checkouts. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The file system in memory that Linux has. */
const inMemory = '/dev/shm';
/** How much has to be free there, in bytes: several times what a run takes. */
const room = 8e9;
/** Short, since PostgreSQL's sockets lie in folders below it, and their paths are limited to some hundred bytes. */
const prefix = 'hedgerow-';

/**
 * A new folder that every account may pass. In memory where there is room: a thousand databases of three hundred files each are made and dropped
 * in a run, and some disks take longer for that than PostgreSQL for the rest.
 */
export async function makeScratch(): Promise<string> {
  const folder = (await makeInMemory()) ?? (await mkdtemp(join(tmpdir(), prefix)));
  // mkdtemp makes it 0700, and root's PostgreSQL runs as somebody else.
  await chmod(folder, 0o711);
  return folder;
}

async function makeInMemory(): Promise<string | undefined> {
  const there = await statfs(inMemory).catch(() => undefined);
  if (!there || there.bavail * there.bsize < room || process.availableMemory() < room) return undefined;
  await dropLeftovers();
  const folder = await mkdtemp(join(inMemory, `${prefix}${process.pid}-`));
  if (await runsPrograms(folder)) return folder;
  await rm(folder, { recursive: true });
  return undefined;
}

/** Memory is dearer than disk: a run that was killed keeps its folder only up to the next one. The server in it ends when it is gone. */
async function dropLeftovers(): Promise<void> {
  for (const name of await readdir(inMemory)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isThere(Number(pid))) continue;
    await rm(join(inMemory, name), { recursive: true, force: true });
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether what is installed there can be run: containers have it mounted so that nothing can. */
async function runsPrograms(folder: string): Promise<boolean> {
  const program = join(folder, 'program');
  await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
  try {
    execFileSync(program);
    return true;
  } catch {
    return false;
  } finally {
    await rm(program);
  }
}
