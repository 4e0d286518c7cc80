/** Verified claims → who is asking. Pure: knows nothing of keys, clocks or the database. */
import type { JWTPayload } from 'jose';
import { ApiError } from '../errors.ts';

/** All that the rest of Hedgerow learns from a token. Other claims, `role` among them, end here. */
export type Identity = {
  sub: string;
  email?: string;
  name?: string;
  /** The claim `exp`: seconds since the epoch, perhaps with a fraction, perhaps millennia away (clamp it before setting a timer). */
  expiresAt: number;
  /** The claim `iat`, likewise. Without it, a token counts as issued before any deletion of its account. */
  issuedAt?: number;
};

/** C-13; the owner columns check the same. Like all lengths here it counts code points, as PostgreSQL's `length()` does. */
const SUB_LENGTH = 255;
/** RFC 5321 §4.5.3.1: 64 for the local part, 1 for the `@`, 255 for the domain. */
const EMAIL_LENGTH = 320;
/** Our own choice: longer than any name a person types. */
const NAME_LENGTH = 200;
/** The last second that a Date can hold (ECMA-262: 8.64e15 ms). JSON's `1e400` is Infinity, a token that would never expire. */
const LAST_SECOND = 8.64e12;

/**
 * Takes the claims of a token whose signature, times, issuer and audience have been checked, and gives the identity.
 * `email` and `name` that do not fit are left out: they decorate, they never decide.
 * Throws UNAUTHENTICATED if `sub` or `exp` is missing or unusable.
 */
export function readIdentity(claims: JWTPayload): Identity {
  const { sub, exp, iat, email, name } = claims;
  if (!isSubject(sub)) throw new ApiError('UNAUTHENTICATED', 'The claim "sub" of the token is missing or not usable.');
  if (typeof exp !== 'number' || !(Math.abs(exp) <= LAST_SECOND)) {
    throw new ApiError('UNAUTHENTICATED', 'The claim "exp" of the token is missing or not usable.');
  }
  return {
    sub,
    ...(isEmailClaim(email) && { email }),
    ...(isNameClaim(name) && { name }),
    expiresAt: exp,
    ...(typeof iat === 'number' && iat >= 0 && iat <= LAST_SECOND && { issuedAt: iat }),
  };
}

/**
 * Whether a value can name a user: a well-formed string of 1–255 code points without NUL. Nothing is trimmed, folded or
 * normalised, so two subjects that differ stay two users.
 */
export function isSubject(value: unknown): value is string {
  return isText(value, SUB_LENGTH);
}

/** Whether a value can be the e-mail address or the name in a token; others are left out of an identity. */
export const isEmailClaim = (value: unknown): value is string => isText(value, EMAIL_LENGTH);
export const isNameClaim = (value: unknown): value is string => isText(value, NAME_LENGTH);

/**
 * NUL is refused because PostgreSQL cannot store it. A lone surrogate is refused because UTF-8 has no bytes for it: every one
 * of them would reach the database as U+FFFD, and two users would become one. A U+FFFD that the issuer wrote is an ordinary
 * character: jose decodes the payload with a *fatal* UTF-8 decoder, so none is made on the way here.
 */
function isText(value: unknown, maxLength: number): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.isWellFormed() &&
    !value.includes('\0') &&
    [...value].length <= maxLength
  );
}
