/** Tokens for development, demos and the seed command, signed with the shared secret. Production tokens come from an issuer. */
import { SignJWT } from 'jose';
import { OperatorError } from '../errors.ts';
import { isSubject } from './identity.ts';

export type TokenContent = {
  sub: string;
  email?: string;
  name?: string;
  issuer?: string;
  audience?: string;
  /** From now until `exp`. */
  lifetimeSeconds: number;
};

/**
 * Takes the shared secret (BETTER_AUTH_SECRET) and what the token shall say, and gives an HS256 token issued now.
 * Throws OperatorError if no verifier would accept such a token.
 */
export async function issueToken(secret: string, content: TokenContent): Promise<string> {
  const { sub, email, name, issuer, audience, lifetimeSeconds } = content;
  if (!isSubject(sub)) {
    throw new OperatorError('The subject of a token must be 1 to 255 characters of valid Unicode without NUL.');
  }
  if (!Number.isFinite(lifetimeSeconds) || lifetimeSeconds <= 0) {
    throw new OperatorError('The lifetime of a token must be a number of seconds above 0.');
  }
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    ...(issuer !== undefined && { iss: issuer }),
    ...(audience !== undefined && { aud: audience }),
    sub,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    iat: now,
    exp: now + lifetimeSeconds,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));
}
