/** Tokens that are remembered: never longer than they are good, never more than so many, never those that were refused. C-10, C-11, C-12 */
import { jest } from '@jest/globals';
import type { Identity } from '../../../src/auth/identity.ts';
import { rememberVerified } from '../../../src/auth/verified-tokens.ts';
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import { NOON, startClock, stopClock } from '../../support/clock.ts';
import { startIssuer } from '../../support/issuer.ts';
import { hmac, mint, newKey, testSecret } from '../../support/tokens.ts';

beforeEach(() => stopClock());
afterEach(startClock);

const limits = { size: 2, keysNow: () => 'keys', clockSkewSeconds: 60 };

/** A verifier that finds every token good until a quarter of an hour after noon, and counts. */
const counting = () => jest.fn(async (sub: string): Promise<Identity> => ({ sub, expiresAt: NOON + 900 }));

test('the same token is verified once', async () => {
  const verify = counting();
  const remembered = rememberVerified(verify, limits);

  const identities = [await remembered('alice'), await remembered('alice'), await remembered('bob')];

  expect(identities.map(({ sub }) => sub)).toEqual(['alice', 'alice', 'bob']);
  expect(verify.mock.calls).toEqual([['alice'], ['bob']]);
});

test.each([
  ['up to its end and the skew', 959, 1],
  ['not a second longer', 960, 2],
  ['not when the clock goes back', -1, 2],
])('a token is remembered %s', async (_how, seconds, times) => {
  const verify = counting();
  const remembered = rememberVerified(verify, limits);

  await remembered('alice');
  stopClock(seconds);
  await remembered('alice');

  expect(verify).toHaveBeenCalledTimes(times);
});

test.each([
  ['are to be looked at anew', undefined],
  ['are others', 'other keys'],
])('a token is verified anew when the keys %s', async (_how, then) => {
  const verify = counting();
  let keys: string | undefined = 'keys';
  const remembered = rememberVerified(verify, { ...limits, keysNow: () => keys });

  await remembered('alice');
  keys = then;
  await remembered('alice');

  expect(verify).toHaveBeenCalledTimes(2);
});

test('the one that was not used the longest is forgotten when there are too many', async () => {
  const verify = counting();
  const remembered = rememberVerified(verify, limits);

  for (const sub of ['alice', 'bob', 'alice', 'mallory', 'alice', 'bob']) await remembered(sub);

  expect(verify.mock.calls.flat()).toEqual(['alice', 'bob', 'mallory', 'bob']);
});

test('what is refused is judged each time', async () => {
  const verify = jest.fn(async () => Promise.reject(new Error('no')));
  const remembered = rememberVerified(verify, limits);

  await expect(remembered('mallory')).rejects.toThrow('no');
  await expect(remembered('mallory')).rejects.toThrow('no');

  expect(verify).toHaveBeenCalledTimes(2);
});

test.each([undefined, 'keys'])('what was verified while the keys changed from %s is not kept', async (before) => {
  const verify = counting();
  let keys = before;
  const remembered = rememberVerified(verify, { ...limits, keysNow: () => keys });

  const verifying = remembered('alice');
  keys = 'other keys';
  await verifying;
  await remembered('alice');

  expect(verify).toHaveBeenCalledTimes(2);
});

describe('the verifier', () => {
  const alice = { sub: 'alice', exp: NOON + 86_400 };

  test('refuses a token that was good, once it has ended', async () => {
    const verify = createTokenVerifier({ kind: 'secret', secret: testSecret }, { clockSkewSeconds: 60 });
    const token = mint({ sub: 'alice', exp: NOON + 900 }, { by: hmac('HS256', testSecret) });
    await verify(token);

    stopClock(960);

    await expect(verify(token)).rejects.toThrow(/expired/);
  });

  test('refuses a token whose key the issuer has withdrawn, as soon as that is known', async () => {
    const [old, next] = [newKey('EdDSA', 'old'), newKey('EdDSA', 'next')];
    const issuer = await startIssuer(old.jwk);
    const verify = createTokenVerifier({ kind: 'jwks', url: issuer.url }, { clockSkewSeconds: 60 });
    const token = mint(alice, { by: old });
    // The first brings the keys, the second is remembered.
    for (let times = 0; times < 2; times += 1) await verify(token);
    issuer.publish(next.jwk);
    stopClock(31);

    await verify(mint(alice, { by: next }));

    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await issuer.close();
  });

  test('asks again when the keys have aged, so that a withdrawn one ends though nobody brings another', async () => {
    const [old, next] = [newKey('EdDSA', 'old'), newKey('EdDSA', 'next')];
    const issuer = await startIssuer(old.jwk);
    const verify = createTokenVerifier({ kind: 'jwks', url: issuer.url }, { clockSkewSeconds: 60 });
    const token = mint(alice, { by: old });
    for (const seconds of [0, 300, 599]) {
      stopClock(seconds);
      await verify(token);
    }
    issuer.publish(next.jwk);

    stopClock(600);

    await expect(verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await issuer.close();
  });
});
