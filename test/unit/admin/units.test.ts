/** Figures as text, marks of an axis, and texts that others wrote. */
import { cut, plain, withoutComments } from '../../../src/admin/report/cut.ts';
import { ticksTo } from '../../../src/admin/report/ticks.ts';
import {
  byteUnits,
  printBytes,
  printCount,
  printDuration,
  printNumber,
  printShare,
  timeUnits,
} from '../../../src/admin/report/units.ts';
import { nasty } from '../../support/report.ts';

test.each([
  [printCount(1_234_567), '1,234,567'],
  [printNumber(1, 'row'), '1 row'],
  [printNumber(0, 'row'), '0 rows'],
  [printNumber(9_999_999, 'row'), '9,999,999 rows'],
  [printNumber(1.23e12, 'row'), '1.2T rows'],
  [printBytes(0), '0 B'],
  [printBytes(1023), '1,023 B'],
  [printBytes(1536), '1.5 kB'],
  [printBytes(9.96 * 1024), '10 kB'],
  [printBytes(3 * 1024 ** 3), '3 GB'],
  [printBytes(5000 * 1024 ** 4), '5,000 TB'],
  [printDuration(0), '0 ms'],
  [printDuration(0.04), '0 ms'],
  [printDuration(2.25), '2.3 ms'],
  [printDuration(59_000), '59 s'],
  [printDuration(90_000), '1.5 min'],
  [printShare(0), '0 %'],
  [printShare(0.004), '< 1 %'],
  [printShare(0.999), '99 %'],
  [printShare(1), '100 %'],
])('%s is %s', (printed, expected) => {
  expect(printed).toBe(expected);
});

test.each([
  [0, undefined, [0, 1]],
  [1, undefined, [0, 1]],
  [3, undefined, [0, 1, 2, 3]],
  [5, undefined, [0, 2, 4, 6]],
  [11, undefined, [0, 5, 10, 15]],
  [100, undefined, [0, 25, 50, 75, 100]],
  [101, undefined, [0, 50, 100, 150]],
  [0.3, timeUnits, [0, 0.1, 0.2, 0.3]],
  [90_000, timeUnits, [0, 30_000, 60_000, 90_000]],
  [1536, byteUnits, [0, 512, 1024, 1536]],
  [0, byteUnits, [0, 1]],
])('an axis to %d has round marks, and ends at or after it', (largest, units, marks) => {
  expect(ticksTo(largest, units)).toEqual(marks);
});

test('whatever the largest value, an axis holds it with one to four intervals', () => {
  for (const units of [undefined, byteUnits, timeUnits]) {
    for (let largest = 0.001; largest < 1e15; largest *= 1.37) {
      const wanted = units === undefined ? Math.ceil(largest) : largest;
      const marks = ticksTo(wanted, units);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)! >= wanted * (1 - 1e-9)).toBe(true);
      expect(marks.at(-2)! < wanted).toBe(true);
      expect(marks.length).toBeLessThanOrEqual(5);
    }
  }
});

test('a text is cut between characters, and onto one line', () => {
  const text = '  a\n\tb 👪👪👪 ';

  expect(cut(text, 7)).toBe('a b 👪👪👪');
  expect(cut(text, 6)).toBe('a b 👪…');
  expect(cut(text, 5)).toBe('a b…');
});

test('a statement begins where its comments end', () => {
  expect(withoutComments('-- one\n/* two\n * three */ --four\nselect 1 /* five */')).toBe('select 1 /* five */');
  expect(withoutComments('-- nothing else')).toBe('');
  expect(withoutComments('select 1')).toBe('select 1');
});

test('a plain text cannot steer a terminal, nor turn its line', () => {
  const printed = plain(`${nasty}\u2028\u009b31m`);

  expect(printed).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u);
  expect(printed).toContain('�[2J�עברית');
});
