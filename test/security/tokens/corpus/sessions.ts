/** Tokens of Better Auth that are not for us: made with the same secret or by the same issuer, for its own cookies and mails. */
import { createHmac } from 'node:crypto';
import { base64url, hmac, inSeconds, mint, testSecret } from '../../../support/tokens.ts';
import { honest } from './cast.ts';
import type { Cast, Hostile } from './cast.ts';

/** What a session is called in its table and cookie: 32 letters and digits. */
const sessionToken = 'kJ3vR8wQ1nZ5xY7bT2mC9pL4sD6fG0hA';
const expiresAt = inSeconds(900) * 1000;
const session = {
  session: {
    id: 'bR2kX9',
    token: sessionToken,
    userId: 'alice',
    expiresAt: new Date(expiresAt).toISOString(),
    createdAt: new Date(expiresAt - 900_000).toISOString(),
    ipAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
  },
  user: { id: 'alice', name: 'Alice', email: 'alice@example.com', emailVerified: true },
  updatedAt: expiresAt - 900_000,
  version: '1',
};
const macOf = (text: string) => createHmac('sha256', testSecret).update(text).digest();
const times = { iat: inSeconds(0), exp: honest.exp };

const notForUs = 'It was made for a cookie: a page that may read it, or a log that holds it, must not become a way in.';

/** To a verifier of either kind. */
export const sessions = (): Hostile[] => [
  { name: 'a session token', why: notForUs, token: sessionToken },
  {
    name: 'a signed session cookie',
    why: notForUs,
    token: `${sessionToken}.${macOf(sessionToken).toString('base64')}`,
  },
  {
    name: 'a signed session cookie as it is in the header',
    why: notForUs,
    token: encodeURIComponent(`${sessionToken}.${macOf(sessionToken).toString('base64')}`),
  },
  {
    name: 'a cached session in its compact form',
    why: notForUs,
    token: base64url(
      JSON.stringify({
        session,
        expiresAt,
        signature: base64url(macOf(JSON.stringify({ ...session, expiresAt }))),
      }),
    ),
  },
  {
    name: 'a cached session, encrypted',
    why: notForUs,
    token: [
      base64url('{"alg":"dir","enc":"A256CBC-HS512","kid":"k"}'),
      '',
      'A'.repeat(22),
      'AAAA',
      'A'.repeat(43),
    ].join('.'),
  },
];

/** To a verifier with the secret: signed with that very secret, but without a subject. */
export const signedSessions = (): Hostile[] => [
  {
    name: 'a cached session as a JWT',
    why: notForUs,
    token: mint({ ...session, ...times }),
  },
  {
    name: 'a cached session as a JWT around the compact form',
    why: notForUs,
    token: mint({ session, expiresAt, ...times }),
  },
  {
    name: 'the link of a mail that verifies an address',
    why: 'Whoever can ask for such a mail would get a token for an address that is not theirs.',
    token: mint({ email: 'alice@example.com', updateTo: 'mallory@example.com', ...times }),
  },
  {
    name: 'a cached session as a JWT, with the header of another library',
    why: notForUs,
    token: mint({ ...session, ...times }, { by: hmac('HS256', testSecret), header: { typ: 'JWT' } }),
  },
];

/** To a verifier with a key set: signed by that very issuer, with the right subject, for another audience. */
export const issuedSessions = ({ ed }: Cast): Hostile[] => [
  {
    name: 'a cached session, signed by the issuer',
    why: notForUs,
    token: mint(
      { ...session, sid: sessionToken, ...times, iss: honest.iss, aud: 'better-auth:session-cache', sub: 'alice' },
      { by: ed, header: { typ: 'better-auth.session-cache+jwt' } },
    ),
  },
  {
    name: 'a cached session, signed by the issuer, of no type',
    why: notForUs,
    token: mint(
      { ...session, sid: sessionToken, ...times, iss: honest.iss, aud: 'better-auth:session-cache', sub: 'alice' },
      { by: ed },
    ),
    needsRules: true,
  },
];
