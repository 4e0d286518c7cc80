/** Charts: what is drawn where. */
import { barChart } from '../../../src/admin/report/html/bar-chart.ts';
import { columnChart, lineChart } from '../../../src/admin/report/html/time-chart.ts';
import { periodsBetween } from '../../../src/admin/report/periods.ts';
import { byteUnits, printBytes, printShortCount } from '../../../src/admin/report/units.ts';

const rects = (content: string) =>
  [...content.matchAll(/<rect class="([^"]*)" x="([^"]*)" width="([^"]*)" y="([^"]*)" height="([^"]*)"\/>/g)].map(
    ([, ...attributes]) => attributes.join(' '),
  );
const texts = (content: string) => [...content.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

test('bars are as long as their parts are of the axis, one kind after the other', () => {
  const { content, height } = barChart(
    [
      { name: 'large', parts: [30, 10], amount: '40 things' },
      { name: 'none', parts: [0, 0], amount: '0 things' },
      { name: 'small', parts: [0, 5], amount: '5 things' },
    ],
    printShortCount,
  );

  expect(rects(content)).toEqual(['colour-1 0% 75% 18 14', 'colour-2 75% 25% 18 14', 'colour-2 0% 12.5% 102 14']);
  expect(texts(content)).toEqual([
    '0',
    '10',
    '20',
    '30',
    '40',
    'large',
    '40 things',
    'none',
    '0 things',
    'small',
    '5 things',
  ]);
  expect(height).toBe(3 * 42 + 24);
});

test('bars that are all empty have an axis', () => {
  const { content } = barChart([{ name: 'a', parts: [0], amount: '0 B' }], printBytes, byteUnits);

  expect(rects(content)).toEqual([]);
  expect(texts(content)).toEqual(['0 B', '1 B', 'a', '0 B']);
});

test('columns of one period stand side by side, as high as they are many', () => {
  const periods = periodsBetween('2026-11-20', '2026-11-21');

  const { content } = columnChart(
    periods,
    [
      [4, 0],
      [1, 2],
    ],
    'tasks a day',
  );

  expect(rects(content)).toEqual(['colour-1 5% 20% 26 150', 'colour-2 25% 20% 138.5 37.5', 'colour-2 75% 20% 101 75']);
  expect(texts(content)).toEqual(['tasks a day', '0', '1', '2', '3', '4', '20 Nov', '21 Nov']);
});

test('a line rises from nothing at the beginning of the first period to the sum at the end of the last', () => {
  const periods = periodsBetween('2026-11-20', '2026-11-21');

  const { content } = lineChart(periods, [1, 4], 'users');

  expect(content).toContain('points="0,1000 500,750 1000,0"/>');
  expect(content).toContain('<polygon class="area" points="0,1000 0,1000 500,750 1000,0 1000,1000"/>');
});

test.each([1, 2, 4, 5, 7, 45, 60, 400])('names of %d periods leave each other room, also at the end', (count) => {
  const starts = Array.from({ length: count }, (_, index) => new Date(index * 86_400_000).toISOString().slice(0, 10));

  const { content } = columnChart({ unit: 'day', starts }, [starts.map(() => 1)], 'a');

  const named = [...content.matchAll(/<text x="([\d.]+)%" dx/g)].map(([, left]) => Number(left));
  expect(named[0]).toBe(0);
  expect(named.at(-1)).toBeLessThanOrEqual(80);
  for (const [index, left] of named.entries())
    if (index > 0) expect(left - named[index - 1]!).toBeGreaterThanOrEqual(20);
});

test('names in a chart are text, and short', () => {
  const { content } = barChart([{ name: `<b>${'x'.repeat(99)}`, parts: [1], amount: '<i>' }], printShortCount);

  expect(texts(content).slice(-2)).toEqual([`&lt;b&gt;${'x'.repeat(30)}…`, '&lt;i&gt;']);
});
