/** Processor time of a PostgreSQL server, from Linux's /proc: what a write costs does not depend on what else the machine does. */
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

/** Microseconds on a processor, by process id. */
export type ProcessorTimes = ReadonlyMap<number, number>;

/** The postmaster behind a connection, or undefined where there is no /proc (macOS) or the server is elsewhere. */
export async function findPostmaster(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return parentOf(rows[0]!.pid);
}

/** The times of the postmaster and of all processes that it started and that live now. */
export async function readProcessorTimes(postmaster: number | undefined): Promise<ProcessorTimes> {
  const times = new Map<number, number>();
  if (postmaster === undefined) return times;
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  await Promise.all(
    pids.map(async (pid) => {
      if (pid !== postmaster && (await parentOf(pid)) !== postmaster) return;
      const used = await readTime(pid);
      if (used !== undefined) times.set(pid, used);
    }),
  );
  return times;
}

/** What was used between two readings, in microseconds, by all processes or by the given ones; undefined when nothing was read. */
export function usedBetween(
  before: ProcessorTimes,
  after: ProcessorTimes,
  pids = [...after.keys()],
): number | undefined {
  if (after.size === 0) return undefined;
  return pids.reduce((sum, pid) => sum + (after.get(pid) ?? 0) - (before.get(pid) ?? 0), 0);
}

/** What all threads of a process used so far, in microseconds: Node hashes and collects garbage beside its main thread. */
export async function readThreads(pid: number): Promise<number | undefined> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const times = await Promise.all(threads.map((thread) => readTime(`${pid}/task/${thread}`)));
  return times.length === 0 ? undefined : times.reduce<number>((sum, time) => sum + (time ?? 0), 0);
}

/** The process that started it, or undefined when it is gone or there is no /proc. */
export async function parentOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // After the command, which stands in parentheses: state, parent, …
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return parent > 0 ? parent : undefined;
}

/** utime + stime as the scheduler counts them, in nanoseconds; /proc/<pid>/stat rounds the same to 10 ms, more than a short run uses. */
async function readTime(pid: number | string): Promise<number | undefined> {
  const schedstat = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => undefined);
  return schedstat === undefined ? undefined : Number(schedstat.split(' ')[0]) / 1000;
}
