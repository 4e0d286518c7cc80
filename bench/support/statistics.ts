/** Medians and the like. */

/** The value below which the given share of the numbers lies; NaN when there are none. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The middle one, or between the middle two. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** How far the extremes lie apart, as a share of the median: what is smaller than this between two medians is noise. */
export function spread(numbers: readonly number[]): number {
  return (Math.max(...numbers) - Math.min(...numbers)) / median(numbers);
}

/** How many times the others the numbers are: the median over the rounds of what each round says, where both were measured within seconds. */
export function timesAs(numbers: readonly number[], others: readonly number[]): number {
  return median(numbers.map((number, round) => number / others[round]!));
}
