/** A server with all its child processes, as Linux's /proc shows them: processor time and memory. Elsewhere nothing is known. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parentOf, readThreads } from './processor-time.ts';

/** In MiB, summed over the processes: what two of them share counts twice. */
export type Memory = {
  resident: number;
  /** The most since the start, or since the peak was last reset. */
  peak: number;
};

/** What all threads of all processes used so far, in microseconds; NaN where there is no /proc. */
export async function readTreeTime(root: number): Promise<number> {
  const times = await Promise.all((await findTree(root)).map(readThreads));
  return times.reduce<number>((sum, time) => sum + (time ?? NaN), times.length === 0 ? NaN : 0);
}

export async function readMemory(root: number): Promise<Memory> {
  const memory = { resident: NaN, peak: NaN };
  for (const [index, pid] of (await findTree(root)).entries()) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const read = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    memory.resident = (index === 0 ? 0 : memory.resident) + read('VmRSS');
    memory.peak = (index === 0 ? 0 : memory.peak) + read('VmHWM');
  }
  return memory;
}

/** From now on the peak is that of what happens from now on (proc_pid_clear_refs(5)). Where that may not be written, it stays that since the start. */
export async function resetPeak(root: number): Promise<void> {
  for (const pid of await findTree(root)) await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => {});
}

/** The process and all below it. */
async function findTree(root: number): Promise<number[]> {
  const pids = (await readdir('/proc').catch(() => [])).map(Number).filter((pid) => pid > 0);
  const children = Map.groupBy(
    await Promise.all(pids.map(async (pid) => ({ pid, parent: await parentOf(pid) }))),
    ({ parent }) => parent,
  );
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap((child) => below(child.pid))];
  return pids.includes(root) ? below(root) : [];
}
