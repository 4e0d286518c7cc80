/** Keys fetched from an issuer: chosen, cached, rotated. What happens when the issuer fails is in issuer-outage.test.ts. */
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import { NOON, startClock, stopClock } from '../../support/clock.ts';
import { startIssuer } from '../../support/issuer.ts';
import type { Issuer } from '../../support/issuer.ts';
import { mint, newKey } from '../../support/tokens.ts';

const rules = { clockSkewSeconds: 60 };
const alice = { sub: 'alice', exp: NOON + 86_400 };
const unauthenticated = { name: 'ApiError', code: 'UNAUTHENTICATED', status: 401 };
const keys = {
  EdDSA: newKey('EdDSA', 'ed'),
  ES256: newKey('ES256', 'ec'),
  RS256: newKey('RS256', 'rsa'),
  stranger: newKey('EdDSA', 'stranger'),
};

let issuer: Issuer;

beforeEach(async () => {
  stopClock();
  issuer = await startIssuer(keys.EdDSA.jwk, keys.ES256.jwk, keys.RS256.jwk);
});

afterEach(async () => {
  await issuer.close();
  startClock();
});

const createVerifier = () => createTokenVerifier({ kind: 'jwks', url: issuer.url }, rules);

// C-12
test.each(['EdDSA', 'ES256', 'RS256'] as const)('A token signed with %s gives its identity.', async (alg) => {
  const verify = createVerifier();
  const token = mint({ ...alice, email: 'alice@example.com' }, { by: keys[alg] });

  const identity = await verify(token);

  expect(identity).toEqual({ sub: 'alice', email: 'alice@example.com', expiresAt: alice.exp });
});

// C-12
test('A token without a key id is accepted if only one key fits its algorithm, and refused if several do.', async () => {
  const verify = createVerifier();
  const token = mint(alice, { by: keys.EdDSA, header: { kid: undefined } });

  await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });

  issuer.publish(keys.EdDSA.jwk, keys.stranger.jwk);
  stopClock(600);
  await expect(verify(token)).rejects.toMatchObject(unauthenticated);
});

// C-12
test('The keys are fetched once, also when the first tokens come together.', async () => {
  const verify = createVerifier();
  const tokens = Array.from({ length: 20 }, (_, n) => mint({ ...alice, n }, { by: keys.EdDSA }));

  await Promise.all(tokens.map(verify));
  stopClock(599);
  for (const token of tokens) await verify(token);

  expect(issuer.requests).toBe(1);
});

// C-12
test('The keys are fetched again after ten minutes.', async () => {
  const verify = createVerifier();
  const token = mint(alice, { by: keys.EdDSA });
  await verify(token);

  stopClock(600);
  await verify(token);

  expect(issuer.requests).toBe(2);
});

// C-12
test('A rotated key is picked up without a restart.', async () => {
  const verify = createVerifier();
  await verify(mint(alice, { by: keys.EdDSA }));
  issuer.publish(keys.EdDSA.jwk, keys.stranger.jwk);

  stopClock(30);
  const identity = await verify(mint(alice, { by: keys.stranger }));

  expect(identity.sub).toBe('alice');
});

// C-12
test('A withdrawn key is refused after ten minutes.', async () => {
  const verify = createVerifier();
  const token = mint(alice, { by: keys.EdDSA });
  await verify(token);
  issuer.publish(keys.ES256.jwk);

  stopClock(600);

  await expect(verify(token)).rejects.toMatchObject(unauthenticated);
  await expect(verify(mint(alice, { by: keys.ES256 }))).resolves.toMatchObject({ sub: 'alice' });
});

// C-12
test('Unknown keys are refused and cause one fetch in 30 seconds.', async () => {
  const verify = createVerifier();
  const forge = (n: number) => mint(alice, { by: keys.stranger, header: { kid: `guess ${n}` } });
  await verify(mint(alice, { by: keys.EdDSA }));

  for (let n = 0; n < 5; n += 1) await expect(verify(forge(n))).rejects.toMatchObject(unauthenticated);
  stopClock(29);
  for (let n = 0; n < 5; n += 1) await expect(verify(forge(n))).rejects.toMatchObject(unauthenticated);
  expect(issuer.requests).toBe(1);

  stopClock(30);
  for (let n = 0; n < 5; n += 1) await expect(verify(forge(n))).rejects.toMatchObject(unauthenticated);
  expect(issuer.requests).toBe(2);
});

// C-12
test.each([
  ['for encryption', { use: 'enc' }],
  ['for another algorithm', { alg: 'ES256' }],
  ['not for verifying', { key_ops: ['encrypt'] }],
])('A key that is %s is not used.', async (_title, change) => {
  const verify = createVerifier();
  issuer.publish({ ...keys.EdDSA.jwk, ...change });

  const verdict = verify(mint(alice, { by: keys.EdDSA }));

  await expect(verdict).rejects.toMatchObject(unauthenticated);
});
