/** What two answers to one request may differ in, and why: everything else is compared byte for byte. */
import { createHash } from 'node:crypto';
import type { Answer } from './send.ts';

type Rule = { what: string; reason: string; apply: (answer: Answer, since: number) => Answer };

/** When rows of seeds were made is long before; what is between the start of the run and a minute from now was made by it. */
const isOfTheRun = (time: number, since: number) => time >= since - 1_000 && time <= Date.now() + 60_000;

const inBody =
  (pattern: RegExp, replace: (found: string, since: number) => string): Rule['apply'] =>
  (answer, since) => ({ ...answer, body: answer.body.replace(pattern, (found) => replace(found, since)) });

const inHeader =
  (name: string, replace: (value: string, answer: Answer) => string): Rule['apply'] =>
  (answer) => ({
    ...answer,
    headers: answer.headers.map((line) => {
      const [given, ...value] = line.split(': ');
      return given!.toLowerCase() === name ? `${given}: ${replace(value.join(': '), answer)}` : line;
    }),
  });

/** The days that the run touches anywhere on earth, and the Mondays of their weeks: what is made now is grouped under them. */
function daysOfTheRun(since: number): Set<string> {
  const dayMs = 86_400_000;
  const days = new Set<string>();
  for (let time = since - dayMs; time <= Date.now() + dayMs; time += dayMs) {
    const date = new Date(time);
    days.add(date.toISOString().slice(0, 10));
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
    days.add(date.toISOString().slice(0, 10));
  }
  return days;
}

/** As express makes it. */
const tagOf = (body: string): string => {
  const hash = createHash('sha1').update(body).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(body).toString(16)}-${hash}"`;
};

/** What may be base64 of a JSON array or object, by how `[` and `{` begin. */
export const base64OfJson = /(?<![\w+/-])(?:W[\w+/-]{6,}|e[\w+/-]{7,})={0,2}/g;

/** The one table. Headers that follow from the body are checked against it before they are set aside, so they come first. */
export const rules: Rule[] = [
  {
    what: 'Date',
    reason: 'The clock goes on between two requests.',
    apply: inHeader('date', () => '<now>'),
  },
  {
    what: 'Content-Length',
    reason: 'PostgreSQL leaves out the last zeros of a fraction of a second; the body itself is compared.',
    apply: inHeader('content-length', (value, { body }) =>
      Number(value) === Buffer.byteLength(body) ? '<length of the body>' : value,
    ),
  },
  {
    what: 'ETag, when it is the hash of the body',
    reason: 'The body has a time in it; the body itself is compared.',
    apply: inHeader('etag', (value, { body }) => (value === tagOf(body) ? '<hash of the body>' : value)),
  },
  {
    what: 'Base64 of JSON',
    reason: 'Cursors and global ids hold ids and times, which are looked at like all others.',
    apply: inBody(base64OfJson, decoded),
  },
  {
    what: 'UUIDs of version 7 that were made in this run',
    reason: 'An id made by the server is its time and chance. Each is numbered, so that equal ones stay equal.',
    apply(answer, since) {
      const seen = new Map<string, string>();
      const name = (id: string) => {
        const time = parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
        if (!isOfTheRun(time, since)) return id;
        if (!seen.has(id)) seen.set(id, `<new id ${seen.size + 1}>`);
        return seen.get(id)!;
      };
      const uuid = /[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g;
      return {
        ...answer,
        headers: answer.headers.map((line) => line.replace(uuid, name)),
        body: answer.body.replace(uuid, name),
      };
    },
  },
  {
    what: 'UUIDs of version 4',
    reason:
      'An entry of the history has one, by chance; the rows of seeds have none. Each is numbered, so that equal ones stay equal.',
    apply(answer) {
      const seen = new Map<string, string>();
      const name = (id: string) => {
        if (!seen.has(id)) seen.set(id, `<new entry ${seen.size + 1}>`);
        return seen.get(id)!;
      };
      return {
        ...answer,
        body: answer.body.replace(/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g, name),
      };
    },
  },
  {
    what: 'Points in time of this run',
    reason: 'Rows that the request makes or changes are dated by the clock.',
    apply: inBody(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)/g, (found, since) => {
      const time = Date.parse(found.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
      return isOfTheRun(time, since) ? '<now>' : found;
    }),
  },
  {
    what: 'Days of this run',
    reason: 'Groups by day or week, when the run goes on past midnight.',
    apply: inBody(/"\d{4}-\d\d-\d\d"/g, (found, since) =>
      daysOfTheRun(since).has(found.slice(1, -1)) ? '"<a day of the run>"' : found,
    ),
  },
];

/** Its text, when it is base64 of JSON. */
export function decoded(found: string): string {
  const text = Buffer.from(found, 'base64').toString();
  try {
    return JSON.stringify(JSON.parse(text)).replaceAll('"', "'");
  } catch {
    return found;
  }
}

/** The answer without what may differ. `since` is when the run began, in milliseconds. */
export const normalise = (answer: Answer, since: number): Answer =>
  rules.reduce((rest, { apply }) => apply(rest, since), answer);

/** As one text, to be compared and shown. */
export const textOf = ({ status, headers, body }: Answer): string => [String(status), ...headers, '', body].join('\n');
