/** What has become of users and tasks over time. */
import { periodLabel, type Periods, periodsBetween, sumInPeriods } from '../periods.ts';
import type { Report } from '../report.ts';
import { printCount, printNumber } from '../units.ts';
import type { Figure } from './figure.ts';
import { columnChart, lineChart } from './time-chart.ts';

/** Users who are there, by when they came. */
export function usersOverTime({ arrivals, place }: Report): Figure {
  const periods = periodsOf(arrivals, place.at);
  const came = sumInPeriods(periods, arrivals, ({ users }) => users);
  let total = 0;
  const sums = came.map((users) => (total += users));
  return {
    id: 'users',
    title: 'Users',
    note:
      arrivals.length === 0
        ? 'Counted from their first write.'
        : `Counted from their first write, ${inWords(periods)}.`,
    description: `${printNumber(total, 'user')}, the first from ${periods.starts[0]}.`,
    drawing: arrivals.length === 0 ? undefined : lineChart(periods, sums, 'users'),
    empty: 'Nobody has written anything yet.',
    head: [titles[periods.unit], 'Came', 'Users'],
    rows: periods.starts.map((start, index) => [
      { text: start },
      { number: printCount(came[index]!) },
      { number: printCount(sums[index]!) },
    ]),
  };
}

/** Tasks that are there, by when they were made and when they were done. */
export function tasksOverTime({ taskDays, place }: Report): Figure {
  const periods = periodsOf(taskDays, place.at);
  const created = sumInPeriods(periods, taskDays, (day) => day.created);
  const completed = sumInPeriods(periods, taskDays, (day) => day.completed);
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    id: 'tasks',
    title: 'Tasks created and completed',
    note: taskDays.length === 0 ? 'Those that are still there.' : `Those that are still there, ${inWords(periods)}.`,
    legend: ['created', 'completed'],
    description: `${printCount(sum(created))} created and ${printCount(sum(completed))} completed since ${periods.starts[0]}; at the most ${printCount(Math.max(...created))} and ${printCount(Math.max(...completed))} in one ${periods.unit}.`,
    drawing: taskDays.length === 0 ? undefined : columnChart(periods, [created, completed], `tasks a ${periods.unit}`),
    empty: 'There is no task yet.',
    head: [titles[periods.unit], 'Created', 'Completed'],
    rows: periods.starts.map((start, index) => [
      { text: start },
      { number: printCount(created[index]!) },
      { number: printCount(completed[index]!) },
    ]),
  };
}

const titles = { day: 'Day', week: 'Week from', month: 'Month from', year: 'Year from' } as const;

/** From the first day to today, and a week at least: a single column would say nothing. */
function periodsOf(days: readonly { day: string }[], at: Date): Periods {
  const weekAgo = dayOf(new Date(at.getTime() - 6 * 86_400_000));
  const first = days[0]?.day ?? weekAgo;
  return periodsBetween(first < weekAgo ? first : weekAgo, dayOf(at));
}

const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

/** `by week, from 12 Oct 2026 to 16 Nov 2026`. */
function inWords({ unit, starts }: Periods): string {
  const year = (start: string) => (unit === 'day' || unit === 'week' ? ` ${start.slice(0, 4)}` : '');
  const [first, last] = [starts[0]!, starts.at(-1)!].map((start) => `${periodLabel(unit, start)}${year(start)}`);
  return `by ${unit}, from ${first} to ${last}`;
}
