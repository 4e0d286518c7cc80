/**
 * Points in time as PostgreSQL writes them, made ISO 8601 here. @dataplan/pg has PostgreSQL do it, by `to_char`, which takes a fifth of the time
 * that a list of 20 tasks costs PostgreSQL (docs/adr/0017-flights.md).
 */
import { TYPES } from 'postgraphile/@dataplan/pg';
import { sql } from 'postgraphile/pg-sql2';

/** Reads them so from now on, in the whole process. The connection's DateStyle has to be ISO: pool.ts sees to it. */
export function readTimestampsAsText(): void {
  Object.assign(TYPES.timestamptz, {
    castFromPg: (fragment: typeof sql.blank) => sql`${fragment}::text`,
    fromPg: toIso8601,
  });
}

/** `2027-03-01 09:30:00.123456+00`: the fraction has up to six digits, without zeros at its end; the offset may have minutes. */
const written = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(:\d\d)?$/;

/**
 * `2027-03-01T09:30:00.123456+00:00`, always with six digits.
 * @throws Error for what is no point in time in the years 1 to 9999, in ISO style
 */
export function toIso8601(text: string): string {
  // Most have all digits, and an offset of hours: 29 characters.
  if (text.length === 29 && text[10] === ' ' && text[19] === '.' && text[26] !== ':')
    return `${text.slice(0, 10)}T${text.slice(11)}:00`;
  const [, date, time, fraction = '', hours, minutes = ':00'] = written.exec(text) ?? [];
  if (date === undefined) throw new Error(`PostgreSQL wrote a point in time as ${JSON.stringify(text)}.`);
  return `${date}T${time}.${fraction.padEnd(6, '0')}${hours}${minutes}`;
}
