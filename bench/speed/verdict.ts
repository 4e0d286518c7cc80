/** Whether a request costs more beside the peer than it did: the ratios that were measured, against those that are committed. */
import { median } from '../support/statistics.ts';
import type { Workload } from './workloads.ts';

/** How many times the peer's processor time a request takes, by workload. */
export type Ratios = Partial<Record<Workload, number>>;

export type Verdict = {
  workload: Workload;
  /** Undefined when none is committed. */
  was: number | undefined;
  is: number;
  /** Whether it is no more than is allowed. Without a number on both sides nothing is known, and nothing holds. */
  holds: boolean;
};

/** By how much a ratio may grow: less than this differs from machine to machine and from hour to hour. */
export const allowedGrowth = 0.25;

/** Of several measurements of the same workloads, the middle of each. */
export function medianRatios(measured: readonly Ratios[]): Ratios {
  const workloads = Object.keys(measured[0] ?? {}) as Workload[];
  return Object.fromEntries(
    workloads.map((workload) => [workload, median(measured.map((ratios) => ratios[workload] ?? NaN))]),
  );
}

/** One verdict for each workload that was measured. */
export function judge(measured: Ratios, committed: Ratios): Verdict[] {
  return (Object.entries(measured) as [Workload, number][]).map(([workload, is]) => {
    const was = committed[workload];
    // False for NaN on either side.
    return { workload, was, is, holds: was !== undefined && was > 0 && is > 0 && is <= was * (1 + allowedGrowth) };
  });
}

/** A line for each: what it was, what it is, by how much it changed. */
export function describeVerdict({ workload, was, is, holds }: Verdict): string {
  if (was === undefined) return `${workload}: CPU per request is ${times(is)}; NO RATIO IS COMMITTED`;
  const change = Math.round((is / was - 1) * 100);
  const changed = `${change > 0 ? '+' : ''}${change} %`;
  return `${workload}: CPU per request was ${times(was)}, is ${times(is)} (${changed})${holds ? '' : ': TOO MUCH'}`;
}

const times = (ratio: number) => `${ratio.toFixed(2)} × the peer's`;
