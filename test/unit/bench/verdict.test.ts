/** What the gate of bench:speed thinks of ratios. */
import { describeVerdict, judge, medianRatios } from '../../../bench/speed/verdict.ts';

test('a ratio holds until it is more than a quarter above what is committed', () => {
  const verdicts = judge({ list: 2.5, get: 2.51, create: 0.5 }, { list: 2, get: 2, create: 2 });

  expect(verdicts).toEqual([
    { workload: 'list', was: 2, is: 2.5, holds: true },
    { workload: 'get', was: 2, is: 2.51, holds: false },
    { workload: 'create', was: 2, is: 0.5, holds: true },
  ]);
});

test('what was not measured, or has nothing to be compared with, does not hold', () => {
  const verdicts = judge({ list: NaN, get: 1, create: 1, mixed: 0 }, { list: 2, create: NaN, mixed: 2 });

  expect(verdicts.map(({ workload, holds }) => [workload, holds])).toEqual([
    ['list', false],
    ['get', false],
    ['create', false],
    ['mixed', false],
  ]);
});

test('only what was measured is judged', () => {
  expect(judge({ get: 1 }, { list: 1, get: 1, create: 1 }).map(({ workload }) => workload)).toEqual(['get']);
});

test('a verdict says what it was, what it is, and by how much it changed', () => {
  const verdicts = judge({ list: 2.6, get: 1.5, create: 1 }, { list: 2, get: 2 });

  expect(verdicts.map(describeVerdict)).toEqual([
    "list: CPU per request was 2.00 × the peer's, is 2.60 × the peer's (+30 %): TOO MUCH",
    "get: CPU per request was 2.00 × the peer's, is 1.50 × the peer's (-25 %)",
    "create: CPU per request is 1.00 × the peer's; NO RATIO IS COMMITTED",
  ]);
});

test('of several measurements the middle ratio of each workload counts', () => {
  const measured = [
    { list: 1, get: 9 },
    { list: 2, get: 3 },
    { list: 9, get: 2 },
  ];

  expect(medianRatios(measured)).toEqual({ list: 2, get: 3 });
});
