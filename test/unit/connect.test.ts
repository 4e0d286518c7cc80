/** Which servers will do, and which failures may pass. C-53 */
import { assertSupported, isTemporary } from '../../src/database/connect.ts';
import { OperatorError } from '../../src/errors.ts';

test.each([15, 16, 17, 18, 19])('PostgreSQL %i is new enough', (major) => {
  expect(() => assertSupported(major, 'DATABASE_URL')).not.toThrow();
});

test.each([9, 14])('PostgreSQL %i is too old, and the message names the variable and what is needed', (major) => {
  expect(() => assertSupported(major, 'DATABASE_URL')).toThrow(OperatorError);
  expect(() => assertSupported(major, 'DATABASE_URL')).toThrow(/DATABASE_URL.*needs 15 or newer/);
});

test.each(['ECONNREFUSED', 'ENOTFOUND', '57P03', '53300'])('%s may pass: start tries again', (code) => {
  expect(isTemporary(Object.assign(new Error(), { code }))).toBe(true);
});

test.each(['28P01', '3D000', '28000', ''])('%s will not pass: start gives up at once', (code) => {
  expect(isTemporary(Object.assign(new Error(), { code }))).toBe(false);
});

test('a host with several addresses fails with one error for each', () => {
  const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });

  expect(isTemporary(new AggregateError([refused, refused]))).toBe(true);
});
