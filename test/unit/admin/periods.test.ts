/** Days, gathered into periods. */
import { periodLabel, periodsBetween, sumInPeriods } from '../../../src/admin/report/periods.ts';

test.each([
  ['2026-11-21', '2026-11-21', 'day', 1, '2026-11-21', '2026-11-21'],
  ['2026-10-08', '2026-11-21', 'day', 45, '2026-10-08', '2026-11-21'],
  ['2026-10-07', '2026-11-21', 'week', 7, '2026-10-05', '2026-11-16'],
  ['2025-10-05', '2026-11-21', 'week', 60, '2025-09-29', '2026-11-16'],
  ['2025-09-28', '2026-11-21', 'month', 15, '2025-09-01', '2026-11-01'],
  ['2021-12-31', '2026-11-21', 'month', 60, '2021-12-01', '2026-11-01'],
  ['2021-11-30', '2026-11-21', 'year', 6, '2021-01-01', '2026-01-01'],
  ['1996-02-29', '2026-11-21', 'year', 31, '1996-01-01', '2026-01-01'],
])('%s to %s: by %s, %d of them', (first, last, unit, count, start, end) => {
  const { unit: chosen, starts } = periodsBetween(first, last);

  expect([chosen, starts.length, starts[0], starts.at(-1)]).toEqual([unit, count, start, end]);
  expect(new Set(starts).size).toBe(count);
});

test('every day falls into one period, a Sunday into the week before', () => {
  const periods = periodsBetween('2026-10-05', '2026-11-30');
  const days = [
    { day: '2026-10-05', tasks: 1 },
    { day: '2026-10-11', tasks: 2 },
    { day: '2026-10-12', tasks: 4 },
    { day: '2026-11-30', tasks: 8 },
    { day: '2027-01-01', tasks: 16 },
  ];

  const sums = sumInPeriods(periods, days, ({ tasks }) => tasks);

  expect(periods.unit).toBe('week');
  expect(sums).toEqual([3, 4, 0, 0, 0, 0, 0, 0, 8]);
});

test('a period is called by what it begins with', () => {
  expect([
    periodLabel('day', '2026-11-01'),
    periodLabel('week', '2026-11-16'),
    periodLabel('month', '2026-11-01'),
    periodLabel('year', '2026-01-01'),
  ]).toEqual(['1 Nov', '16 Nov', 'Nov 2026', '2026']);
});
