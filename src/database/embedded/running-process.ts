/**
 * Who a pid belongs to now. A pid alone says little: it is given away again once its process has ended, and a container gives
 * the same few pids after every restart.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { runAs } from './run-as.ts';

export type RunningProcess = {
  /** Name of the executable, without its folder. */
  command: string;
  /** Differs between two processes that had the same pid one after the other. Letters, digits and dashes only. */
  startedAt: string;
};

/** The process that has this pid, or undefined when there is none. A zombie has ended: it counts as none. */
export async function findProcess(pid: number): Promise<RunningProcess | undefined> {
  const hasProc = await readFile('/proc/self/stat').then(
    () => true,
    () => false,
  );
  return hasProc ? findInProc(pid) : findWithPs(pid);
}

/** From /proc: slim container images have no `ps`. */
async function findInProc(pid: number): Promise<RunningProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command stands in parentheses and may hold some itself; after the last one, `state` is field 3 and `starttime` field 22.
  const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (!state || !ticks || 'ZXx'.includes(state)) return undefined;
  // Start times count from boot, and a machine that boots alike gives alike ones: the boot itself has to be part of it.
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return { command, startedAt: `${ticks}-${boot.slice(0, 8)}` };
}

/** From `ps`, where there is no /proc (macOS). Exported for its test. */
export async function findWithPs(pid: number): Promise<RunningProcess | undefined> {
  const { output } = await runAs(undefined, 'ps', ['-o', 'stat=', '-o', 'lstart=', '-o', 'comm=', '-p', String(pid)]);
  const [state, ...rest] = output.trim().split(/\s+/);
  if (!state || state.startsWith('Z') || rest.length < 6) return undefined;
  // lstart is five words: Sat Nov 21 01:24:21 2026.
  return { startedAt: rest.slice(0, 5).join('').replace(/\W/g, ''), command: basename(rest.slice(5).join(' ')) };
}
