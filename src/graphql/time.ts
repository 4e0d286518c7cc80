/**
 * Points in time come in as ISO 8601 with a date, a time and an offset, and as nothing else: PostgreSQL would take `tomorrow`, `infinity` and
 * times without a zone, and mean something by them that the client may not. Time zones come by name.
 */
import { GraphQLError, Kind, type ValueNode } from 'postgraphile/graphql';
import { ApiError } from '../errors.ts';

/** RFC 3339, section 5.6, with any number of digits for the fraction; what PostgreSQL cannot hold of it, it rounds to microseconds. */
const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * @param nodes where it stands, when it stands in the document
 * @throws GraphQLError for anything else than a point in time that exists, in the years 0001 to 9999
 */
export function parseDatetime(given: unknown, nodes?: ValueNode): string {
  const parts = typeof given === 'string' ? rfc3339.exec(given) : null;
  const [, date, time, , offset] = parts ?? [];
  // JavaScript rolls the 30th of February over into March: what comes back must be the day that went in.
  const inUtc = new Date(`${date}T${time}Z`);
  const exists =
    !Number.isNaN(inUtc.getTime()) &&
    inUtc.toISOString().startsWith(`${date}T${time}`) &&
    inUtc.getUTCFullYear() > 0 &&
    !Number.isNaN(Date.parse(`2000-01-01T00:00:00${offset?.toUpperCase()}`));
  if (!exists) {
    throw new GraphQLError('A point in time is written like 2027-03-01T09:30:00Z: with date, time and offset.', {
      nodes,
    });
  }
  return given as string;
}

/** The same for what stands in the document. */
export const parseDatetimeLiteral = (node: ValueNode): string =>
  parseDatetime(node.kind === Kind.STRING ? node.value : undefined, node);

/** Throws VALIDATION_FAILED for a time zone that JavaScript does not know. */
export function knownTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new ApiError('VALIDATION_FAILED', `There is no time zone ${JSON.stringify(name)}.`);
  }
}
