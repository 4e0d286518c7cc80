/** What the verifier accepts, and the rules of time, issuer and audience. Attacks are in test/security/tokens/. */
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import { NOON, startClock, stopClock } from '../../support/clock.ts';
import { hmac, mint, testSecret } from '../../support/tokens.ts';

const keys = { kind: 'secret', secret: testSecret } as const;
const unauthenticated = { name: 'ApiError', code: 'UNAUTHENTICATED', status: 401 };

beforeEach(() => stopClock());
afterEach(startClock);

// C-10 C-11
test('A token signed with the secret gives its identity.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', email: 'alice@example.com', name: 'Alice', iat: NOON, exp: NOON + 900 });

  const identity = await verify(token);

  expect(identity).toEqual({
    sub: 'alice',
    email: 'alice@example.com',
    name: 'Alice',
    expiresAt: NOON + 900,
    issuedAt: NOON,
  });
});

// C-11
test('While the secret is rotated, tokens of both are good, and no others.', async () => {
  const verify = createTokenVerifier(
    { ...keys, previousSecret: `${testSecret} of last year` },
    { clockSkewSeconds: 60 },
  );
  const by = (secret: string, exp = NOON + 900) => mint({ sub: 'alice', exp }, { by: hmac('HS256', secret) });

  await expect(verify(by(testSecret))).resolves.toMatchObject({ sub: 'alice' });
  await expect(verify(by(`${testSecret} of last year`))).resolves.toMatchObject({ sub: 'alice' });
  await expect(verify(by(`${testSecret} of next year`))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(verify(by(`${testSecret} of last year`, NOON - 900))).rejects.toThrow(/expired/);
  await expect(verify(by(testSecret, NOON - 900))).rejects.toThrow(/expired/);
});

// C-10
test.each([
  [{}, undefined],
  [{ iat: NOON }, NOON],
  [{ iat: NOON + 0.5 }, NOON + 0.5],
  [{ iat: -1 }, undefined],
  [{ iat: 1e300 }, undefined],
])('Of %j a point in time is kept that PostgreSQL can hold, or none.', async (claims, issuedAt) => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });

  const identity = await verify(mint({ sub: 'alice', exp: NOON + 900, ...claims }));

  expect(identity.issuedAt).toBe(issuedAt);
});

// C-11
test('A token signed with another secret is refused.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', exp: NOON + 900 }, { by: hmac('HS256', `${testSecret}!`) });

  const verdict = verify(token);

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});

// C-14
test.each([
  ['a minute ahead', { exp: NOON + 60 }],
  ['now', { exp: NOON }],
  ['in the past, the last second inside the skew', { exp: NOON - 59 }],
  ['half a second inside the skew', { exp: NOON - 59.5 }],
  ['a fraction', { exp: NOON + 0.25 }],
  ['in the year 275760, the last a Date can hold', { exp: 8_640_000_000_000 }],
])('A token whose expiry is %s is accepted.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', ...claims });

  const identity = await verify(token);

  expect(identity).toEqual({ sub: 'alice', expiresAt: claims.exp });
});

// C-14
test.each([
  ['the first second outside the skew', { exp: NOON - 60 }],
  ['an hour ago', { exp: NOON - 3600 }],
  ['zero', { exp: 0 }],
  ['negative', { exp: -NOON }],
  ['absent', {}],
  ['null', { exp: null }],
  ['a string', { exp: String(NOON + 60) }],
  ['a list', { exp: [NOON + 60] }],
  ['true', { exp: true }],
  ['later than a Date can hold', { exp: 1e300 }],
])('A token whose expiry is %s is refused.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', ...claims });

  const verdict = verify(token);

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});

// C-14
test('A number too large for JSON is no way to a token that never expires.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint('{"sub":"alice","exp":1e400}');

  const verdict = verify(token);

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});

// C-14
test('Without skew, a token ends at its expiry.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 0 });
  const token = mint({ sub: 'alice', exp: NOON + 10 });

  stopClock(9);
  await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });

  stopClock(10);
  await expect(verify(token)).rejects.toMatchObject(unauthenticated);
});

// C-14
test.each([
  ['that is valid from now', { nbf: NOON }],
  ['that becomes valid inside the skew', { nbf: NOON + 60 }],
  ['that was issued in the future, which says nothing about validity', { iat: NOON + 86_400 }],
])('A token %s is accepted.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', exp: NOON + 900, ...claims });

  const identity = await verify(token);

  expect(identity.sub).toBe('alice');
});

// C-14
test.each([
  ['that becomes valid after the skew', { nbf: NOON + 61 }],
  ['that becomes valid at a time that is no number', { nbf: 'now' }],
  ['that was issued at a time that is no number', { iat: 'yesterday' }],
])('A token %s is refused.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', exp: NOON + 900, ...claims });

  const verdict = verify(token);

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});

const rules = { clockSkewSeconds: 60, issuer: 'https://id.example', audience: 'hedgerow' };

// C-14
test.each([
  ['for us', { iss: 'https://id.example', aud: 'hedgerow' }],
  ['for us among others', { iss: 'https://id.example', aud: ['other', 'hedgerow'] }],
  ['for us in a list that holds more than strings', { iss: 'https://id.example', aud: [1, null, 'hedgerow'] }],
])('A token from the right issuer and %s is accepted.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, rules);
  const token = mint({ sub: 'alice', exp: NOON + 900, ...claims });

  const identity = await verify(token);

  expect(identity.sub).toBe('alice');
});

// C-10 C-14
test.each([
  ['no issuer', { aud: 'hedgerow' }],
  ['another issuer', { iss: 'https://evil.example', aud: 'hedgerow' }],
  ['an issuer that only begins like ours', { iss: 'https://id.example/', aud: 'hedgerow' }],
  ['a list with our issuer', { iss: ['https://id.example'], aud: 'hedgerow' }],
  ['no audience', { iss: 'https://id.example' }],
  ['another audience', { iss: 'https://id.example', aud: 'other' }],
  ['an audience that contains ours', { iss: 'https://id.example', aud: 'not-hedgerow' }],
  ['an audience in another case', { iss: 'https://id.example', aud: 'Hedgerow' }],
  ['an empty list of audiences', { iss: 'https://id.example', aud: [] }],
  ['a list without ours', { iss: 'https://id.example', aud: ['other', 'another'] }],
  ['a nested list with ours', { iss: 'https://id.example', aud: [['hedgerow']] }],
  ['an object as audience', { iss: 'https://id.example', aud: { hedgerow: true } }],
])('A token with %s is refused.', async (_title, claims) => {
  const verify = createTokenVerifier(keys, rules);
  const token = mint({ sub: 'alice', exp: NOON + 900, ...claims });

  const verdict = verify(token);

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});

// C-14
test('Issuer and audience do not matter when none is configured.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const token = mint({ sub: 'alice', exp: NOON + 900, iss: 'https://evil.example', aud: ['other'] });

  const identity = await verify(token);

  expect(identity.sub).toBe('alice');
});

// C-10
test('A token of 8,192 characters is verified and one of 8,193 is not.', async () => {
  const verify = createTokenVerifier(keys, { clockSkewSeconds: 60 });
  const ofLength = (length: number) => {
    for (let padding = 5_900; ; padding += 1) {
      const token = mint({ sub: 'alice', exp: NOON + 900, padding: 'x'.repeat(padding) });
      if (token.length >= length) return token;
    }
  };

  const longest = ofLength(8_192);
  const tooLong = ofLength(8_193);

  expect([longest.length, tooLong.length]).toEqual([8_192, 8_193]);
  await expect(verify(longest)).resolves.toMatchObject({ sub: 'alice' });
  await expect(verify(tooLong)).rejects.toMatchObject(unauthenticated);
});

// C-58
test('The error keeps the reason for the log, without the claims of the token.', async () => {
  const verify = createTokenVerifier(keys, rules);
  const personal = { sub: 'alice', email: 'alice@example.com' };

  const expired = await verify(mint({ ...personal, exp: 1, iss: rules.issuer, aud: rules.audience })).catch((e) => e);
  const misdirected = await verify(mint({ ...personal, exp: NOON + 900, iss: rules.issuer, aud: 'x' })).catch((e) => e);

  expect(expired.cause).toMatchObject({ code: 'ERR_JWT_EXPIRED', claim: 'exp' });
  expect(misdirected.cause).toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' });
  for (const error of [expired, misdirected]) {
    const logged = JSON.stringify([error.cause, error.cause.cause]);
    expect(logged).not.toContain('alice');
  }
});
