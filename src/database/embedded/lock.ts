/**
 * One process at a time starts or stops the server of a data folder. The lock dies with its process: a leftover of a killed one
 * is recognised and taken over.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../errors.ts';
import { findProcess } from './running-process.ts';

/** Longer than initdb and a start with crash recovery take on a slow machine. */
const patienceMs = 120_000;

const claimName = /^starting\.(\d+)\.([\w-]+)\.\w+\.lock$/;

/**
 * Does the work while no other process (and no other call in this one) does any under the same folder's lock, and gives its
 * result. OperatorError after `waitMs` of waiting; errors of the file system and of the work pass through.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, waitMs: number = patienceMs): Promise<T> {
  const claim = await acquire(folder, waitMs);
  try {
    return await work();
  } finally {
    await rm(claim, { force: true });
  }
}

/**
 * Every claimant creates a file of its own, whose name says who it is, and holds the lock if it then sees no other living one.
 * Of two, the later to create sees the earlier. One shared file would be simpler to take, but not to take over: between seeing
 * that its owner is dead and removing it, it can have become somebody else's. A file of one's own never changes hands.
 */
async function acquire(folder: string, waitMs: number): Promise<string> {
  const deadline = Date.now() + waitMs;
  const self = await findProcess(process.pid);
  if (!self) throw new OperatorError('Neither /proc nor ps tells about processes here; set DATABASE_URL instead.');
  for (;;) {
    let rivals = await livingClaims(folder);
    if (rivals.length === 0) {
      const name = `starting.${process.pid}.${self.startedAt}.${randomBytes(6).toString('hex')}.lock`;
      const claim = join(folder, name);
      await writeFile(claim, '', { flag: 'wx', mode: 0o600 });
      rivals = (await livingClaims(folder)).filter((rival) => rival !== name);
      if (rivals.length === 0) return claim;
      await rm(claim, { force: true });
    }
    if (Date.now() > deadline) throw tooLong(folder, rivals, waitMs);
    // At random, so that two that met do not meet again.
    await sleep(20 + Math.random() * 80);
  }
}

/** Names of the claims whose process runs; those of dead ones are removed on the way. */
async function livingClaims(folder: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of await readdir(folder)) {
    const [, pid, startedAt] = claimName.exec(name) ?? [];
    if (!pid) continue;
    const owner = await findProcess(Number(pid));
    if (owner && owner.startedAt === startedAt) living.push(name);
    else await rm(join(folder, name), { force: true });
  }
  return living;
}

function tooLong(folder: string, rivals: readonly string[], waitMs: number): OperatorError {
  const pids = rivals.map((name) => claimName.exec(name)?.[1]).join(', ');
  return new OperatorError(
    `Another process (pid ${pids}) has been starting or stopping the database in ${folder} for more than ` +
      `${Math.round(waitMs / 1000)} s. Wait for it, or end it, and try again.`,
  );
}
