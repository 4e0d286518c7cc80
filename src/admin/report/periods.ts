/** Days, gathered into as many periods as a chart can show: days, weeks, months or years, without gaps. */

export type PeriodUnit = 'day' | 'week' | 'month' | 'year';

export type Periods = {
  unit: PeriodUnit;
  /** The first day of each, such as `2026-11-16`; a week begins on Monday. */
  starts: string[];
};

/** How many periods a chart shows at the most. Years are as many as there are. */
const most: readonly (readonly [PeriodUnit, number])[] = [
  ['day', 45],
  ['week', 60],
  ['month', 60],
];

/** The periods from the first day to the last, in the smallest unit that is not too many. */
export function periodsBetween(first: string, last: string): Periods {
  for (const [unit, count] of most) {
    const starts = startsBetween(unit, first, last, count);
    if (starts !== undefined) return { unit, starts };
  }
  return { unit: 'year', starts: startsBetween('year', first, last, Infinity)! };
}

/** What happened in each period. Days outside of all are left out. */
export function sumInPeriods<Day extends { day: string }>(
  { unit, starts }: Periods,
  days: readonly Day[],
  amount: (day: Day) => number,
): number[] {
  const at = new Map(starts.map((start, index) => [start, index]));
  const sums = starts.map(() => 0);
  for (const day of days) {
    const index = at.get(startOf(unit, day.day));
    if (index !== undefined) sums[index]! += amount(day);
  }
  return sums;
}

/** `21 Nov`, `Nov 2026` or `2026`: what a period is called on an axis. */
export function periodLabel(unit: PeriodUnit, start: string): string {
  if (unit === 'year') return start.slice(0, 4);
  const options: Intl.DateTimeFormatOptions =
    unit === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return new Date(start).toLocaleDateString('en-GB', { ...options, timeZone: 'UTC' });
}

/** Undefined when there are more than that many. */
function startsBetween(unit: PeriodUnit, first: string, last: string, count: number): string[] | undefined {
  const starts: string[] = [];
  for (let start = startOf(unit, first); start <= last; start = next(unit, start)) {
    if (starts.length === count) return undefined;
    starts.push(start);
  }
  return starts;
}

function startOf(unit: PeriodUnit, day: string): string {
  if (unit === 'year') return `${day.slice(0, 4)}-01-01`;
  if (unit === 'month') return `${day.slice(0, 7)}-01`;
  if (unit === 'day') return day;
  // Sunday is 0, and the last day of its week.
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}

function next(unit: PeriodUnit, start: string): string {
  if (unit === 'day') return addDays(start, 1);
  if (unit === 'week') return addDays(start, 7);
  // Long enough to be in the next one, and short enough not to be past it.
  return startOf(unit, addDays(start, unit === 'month' ? 31 : 366));
}

function addDays(day: string, days: number): string {
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
