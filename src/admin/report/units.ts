/** Figures as text, for people: numbers, sizes, times. All are short, so that a column of them can be read. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A unit, and how much of the next smaller ones it is, in the smallest. */
export type Unit = readonly [name: string, size: number];

/** As PostgreSQL writes them: a kB is 1024 bytes. */
export const byteUnits: readonly Unit[] = [
  ['B', 1],
  ['kB', 1024],
  ['MB', 1024 ** 2],
  ['GB', 1024 ** 3],
  ['TB', 1024 ** 4],
];

export const timeUnits: readonly Unit[] = [
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
];

/** `12,345`. */
export const printCount = (count: number): string => whole.format(count);

/** `12.3K`: where there is little room. */
export const printShortCount = (count: number): string => short.format(count);

/** To seven digits, and `12.3M` where there are more: what a tile has room for, or the end of a line. */
export const printBriefCount = (count: number): string =>
  count < 10_000_000 ? printCount(count) : printShortCount(count);

/** `7.5 MB`. */
export const printBytes = (bytes: number): string => printIn(byteUnits, bytes);

/** `1.2 s`, of milliseconds. */
export const printDuration = (milliseconds: number): string => printIn(timeUnits, milliseconds);

/** `34 %`; what is there but little is `< 1 %`. */
export const printShare = (share: number): string =>
  share > 0 && share < 0.01 ? '< 1 %' : `${Math.floor(share * 100)} %`;

/** `2026-11-21 17:46 UTC`. */
export const printMoment = (moment: Date): string => `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `1 user`, `2 users`, `12.3M users`. */
export const printNumber = (count: number, one: string, many = `${one}s`): string =>
  `${printBriefCount(count)} ${count === 1 ? one : many}`;

/** The largest unit of which there is one at least. */
export const unitFor = (units: readonly Unit[], amount: number): Unit =>
  units.findLast(([, size]) => amount >= size) ?? units[0]!;

/** With one decimal below ten: 9.5, 95, 950. */
function printIn(units: readonly Unit[], amount: number): string {
  const [name, size] = unitFor(units, amount);
  const figure = new Intl.NumberFormat('en-US', { maximumFractionDigits: amount / size < 9.95 ? 1 : 0 });
  return `${figure.format(amount / size)} ${name}`;
}
