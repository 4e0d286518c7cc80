/** Reads postmaster.pid, in which a running server tells its pid and port, and tells a live one from a leftover. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Placement } from './placement.ts';
import { readIfThere } from './private-file.ts';
import { findProcess } from './running-process.ts';
import { runAs } from './run-as.ts';

export type Postmaster = { pid: number; port: number };

const pidFile = ({ clusterDir }: Placement): string => join(clusterDir, 'postmaster.pid');

/** The server that runs on this cluster, also while it starts or stops; undefined when there is none. */
export async function findPostmaster(server: Placement): Promise<Postmaster | undefined> {
  // Lines: pid, data folder, start time, port, socket folder, …
  const [pidLine = '', dataFolder = '', , portLine = ''] = ((await readIfThere(pidFile(server))) ?? '').split('\n');
  const [pid, port] = [Number(pidLine), Number(portLine)];
  if (!(pid > 0) || !(port > 0)) return undefined;
  const found = await findProcess(pid);
  if (found?.command !== 'postgres') return undefined;
  return (await servesCluster(server, pid, dataFolder)) ? { pid, port } : undefined;
}

/**
 * Removes what killed processes left. Temporary folders are ours to clear; and so are lock files whose pid now belongs to another
 * process or to a zombie: PostgreSQL takes that for a server of its kin and refuses to start. Does nothing while the server runs.
 */
export async function clearLeftovers(server: Placement): Promise<void> {
  if (await findPostmaster(server)) return;
  // The folder is this cluster's alone, and so is every socket in it. A temporary folder may still be written to by an initdb that
  // outlived its hedgerow; then a later start clears it.
  await runAs(server.account, '/bin/sh', ['-c', 'rm -rf "$1"/.s.PGSQL.* "$1"/tmp-*', 'sh', server.folder]);
  const text = await readIfThere(pidFile(server));
  if (text === undefined) return;
  const pid = Number(text.split('\n')[0]);
  // An unreadable file cannot be a running server's: a full disk or a power cut left it. One whose pid is dead is left to
  // PostgreSQL, which first looks for processes that are still attached to the server's shared memory.
  if (!(pid > 0) || isTaken(pid)) await runAs(server.account, 'rm', ['-f', pidFile(server)]);
}

/**
 * A postgres process may be that of another cluster, as when a folder was copied. A server works in its cluster folder; only
 * a process of the same account may see where, so that account is the one to look.
 */
async function servesCluster({ account, clusterDir }: Placement, pid: number, dataFolder: string): Promise<boolean> {
  const { code, output } = await runAs(account, 'readlink', [`/proc/${pid}/cwd`]);
  if (code === 0) return output.trim() === (await realpath(clusterDir));
  // Without /proc (macOS) there is only what the file itself says.
  return process.platform !== 'linux' && dataFolder === clusterDir;
}

/** Whether the pid is in use in PostgreSQL's sense, which takes a zombie for alive. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
