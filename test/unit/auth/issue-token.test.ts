/** Development tokens: what is issued is what the verifier accepts. */
import { issueToken } from '../../../src/auth/issue-token.ts';
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import { NOON, startClock, stopClock } from '../../support/clock.ts';
import { testSecret } from '../../support/tokens.ts';

const keys = { kind: 'secret', secret: testSecret } as const;

beforeEach(() => stopClock());
afterEach(startClock);

// C-51
test('A token carries what it was given.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 0, issuer: 'https://id.example', audience: 'hedgerow' });

  const token = await issueToken(testSecret, {
    sub: 'alice',
    email: 'alice@example.com',
    name: 'Alice 🌳',
    issuer: 'https://id.example',
    audience: 'hedgerow',
    lifetimeSeconds: 900,
  });

  await expect(verify(token)).resolves.toEqual({
    sub: 'alice',
    email: 'alice@example.com',
    name: 'Alice 🌳',
    expiresAt: NOON + 900,
    issuedAt: NOON,
  });
});

// C-51
test('A token carries nothing that it was not given.', async () => {
  const token = await issueToken(testSecret, { sub: 'alice', lifetimeSeconds: 60 });

  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  expect(claims).toEqual({ sub: 'alice', iat: NOON, exp: NOON + 60 });
});

// C-14 C-51
test('A token ends with its lifetime.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 0 });
  const token = await issueToken(testSecret, { sub: 'alice', lifetimeSeconds: 60 });

  stopClock(59);
  await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });

  stopClock(60);
  await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

// C-13 C-51
test.each([
  ['an empty subject', { sub: '', lifetimeSeconds: 60 }],
  ['a subject that is too long', { sub: 'x'.repeat(256), lifetimeSeconds: 60 }],
  ['a subject with a lone surrogate', { sub: '\ud800', lifetimeSeconds: 60 }],
  ['no lifetime', { sub: 'alice', lifetimeSeconds: 0 }],
  ['an endless lifetime', { sub: 'alice', lifetimeSeconds: Infinity }],
  ['a lifetime that is no number', { sub: 'alice', lifetimeSeconds: NaN }],
])('A token with %s is not issued.', async (_title, content) => {
  const issued = issueToken(testSecret, content);

  await expect(issued).rejects.toMatchObject({ name: 'OperatorError' });
});
