/** What counts as a point in time. C-20, C-28 */
import { parseDatetime } from '../../src/graphql/time.ts';

test.each([
  '2027-03-01T09:30:00Z',
  '2027-03-01T09:30:00.123456+05:30',
  '2024-02-29T23:59:59-11:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
])('%s is one, and goes to PostgreSQL as it is', (text) => {
  expect(parseDatetime(text)).toBe(text);
});

test.each([
  ['a word of PostgreSQL', 'tomorrow'],
  ['another', 'infinity'],
  ['no zone', '2027-03-01T09:30:00'],
  ['no time', '2027-03-01'],
  ['a day that does not exist', '2027-02-30T00:00:00Z'],
  ['an hour that does not exist', '2027-02-03T24:00:00Z'],
  ['an offset that does not exist', '2027-02-03T10:00:00+99:99'],
  ['the year nought', '0000-01-01T00:00:00Z'],
  ['something before it', ' 2027-03-01T09:30:00Z'],
  ['a number', 1_800_000_000],
  ['a list', ['2027-03-01T09:30:00Z']],
  ['nothing', undefined],
])('%s is none: %j', (_what, given) => {
  expect(() => parseDatetime(given)).toThrow('written like 2027-03-01T09:30:00Z');
});
