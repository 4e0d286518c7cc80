/** What benches make of their numbers. */
import { median, percentile, spread, timesAs } from '../../../bench/support/statistics.ts';

test('the median is the middle number, or lies between the middle two', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([9, 1, 4, 5])).toBe(4.5);
  expect(median([])).toBeNaN();
});

test('a percentile is the number below which that share of the others lies', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([51, 96, 100, 100]);
  expect(percentile([], 0.5)).toBeNaN();
});

test('the spread is the distance of the extremes as a share of the median', () => {
  expect(spread([8, 10, 13])).toBe(0.5);
});

test('a ratio is the median of those of the rounds, not that of the medians', () => {
  const [ours, others] = [
    [10, 40, 30],
    [5, 10, 15],
  ];

  expect(timesAs(ours, others)).toBe(2);
  expect(median(ours) / median(others)).toBe(3);
});

test('a round that was not measured makes no ratio', () => {
  expect(timesAs([NaN], [1])).toBeNaN();
});
