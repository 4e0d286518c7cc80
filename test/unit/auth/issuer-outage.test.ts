/** What happens to tokens when the issuer of the keys is down, slow, or answers nonsense. */
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import { NOON, startClock, stopClock } from '../../support/clock.ts';
import { startIssuer } from '../../support/issuer.ts';
import type { Issuer } from '../../support/issuer.ts';
import { mint, newKey } from '../../support/tokens.ts';
import type { IssuerKey } from '../../support/tokens.ts';

const rules = { clockSkewSeconds: 60 };
const alice = { sub: 'alice', exp: NOON + 86_400 };
const unauthenticated = { name: 'ApiError', code: 'UNAUTHENTICATED', status: 401 };
const unavailable = { name: 'ApiError', code: 'UNAVAILABLE', status: 503 };
const keys = {
  EdDSA: newKey('EdDSA', 'ed'),
  ES256: newKey('ES256', 'ec'),
  stranger: newKey('EdDSA', 'stranger'),
};

let issuer: Issuer;

beforeEach(async () => {
  stopClock();
  issuer = await startIssuer(keys.EdDSA.jwk, keys.ES256.jwk);
});

afterEach(async () => {
  await issuer.close();
  startClock();
});

const createVerifier = (fetching = {}) => createTokenVerifier({ kind: 'jwks', url: issuer.url }, rules, fetching);

/** The ways in which an issuer fails; `timeoutMs` makes the silent one short. */
const failures: [string, (issuer: Issuer) => void][] = [
  ['breaks the connection', (failing) => failing.fail()],
  ['answers 500', (failing) => failing.answer((_, response) => response.writeHead(500).end('{"keys":[]}'))],
  ['answers 404', (failing) => failing.answer((_, response) => response.writeHead(404).end('{"keys":[]}'))],
  [
    'redirects',
    (failing) =>
      failing.answer((request, response) => {
        if (request.url === '/jwks') response.writeHead(302, { location: '/elsewhere' }).end();
        else response.end(JSON.stringify({ keys: [keys.EdDSA.jwk, keys.stranger.jwk] }));
      }),
  ],
  ['answers HTML', (failing) => failing.answer((_, response) => response.end('<h1>Maintenance</h1>'))],
  ['answers nothing', (failing) => failing.answer((_, response) => response.end())],
  ['answers null', (failing) => failing.answer((_, response) => response.end('null'))],
  ['answers without keys', (failing) => failing.answer((_, response) => response.end('{}'))],
  ['answers with keys that are none', (failing) => failing.answer((_, response) => response.end('{"keys":[1,null]}'))],
  ['is silent', (failing) => failing.answer(() => {})],
  ['stops in the middle', (failing) => failing.answer((_, response) => void response.write('{"keys":['))],
];

// C-12
test.each(failures)('If the issuer %s before any key is known, the answer is 503.', async (_title, breakIssuer) => {
  const verify = createVerifier({ timeoutMs: 200 });
  const token = mint(alice, { by: keys.EdDSA });

  breakIssuer(issuer);
  await expect(verify(token)).rejects.toMatchObject(unavailable);

  issuer.publish(keys.EdDSA.jwk);
  stopClock(1);
  await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });
});

// C-12
test.each(failures)('If the issuer %s, known keys go on working and others are 503.', async (_title, breakIssuer) => {
  const verify = createVerifier({ timeoutMs: 200 });
  const known = mint(alice, { by: keys.EdDSA });
  const unknown = mint(alice, { by: keys.stranger });
  await verify(known);

  breakIssuer(issuer);
  for (const seconds of [600, 1_200, 36_000]) {
    stopClock(seconds);
    await expect(verify(known)).resolves.toMatchObject({ sub: 'alice' });
    await expect(verify(unknown)).rejects.toMatchObject(unavailable);
  }

  issuer.publish(keys.ES256.jwk);
  stopClock(36_600);
  await expect(verify(known)).rejects.toMatchObject(unauthenticated);
  await expect(verify(unknown)).rejects.toMatchObject(unauthenticated);
});

// C-12
test('If nobody listens at the URL, the answer is 503.', async () => {
  const verify = createVerifier();
  await issuer.close();

  const verdict = verify(mint(alice, { by: keys.EdDSA }));

  await expect(verdict).rejects.toMatchObject(unavailable);
  issuer = await startIssuer();
});

// C-12
test('A failing issuer is asked once a second while no key is known, and once in ten minutes for known keys.', async () => {
  const verify = createVerifier();
  const token = mint(alice, { by: keys.EdDSA });
  issuer.fail();

  for (let n = 0; n < 5; n += 1) await expect(verify(token)).rejects.toMatchObject(unavailable);
  expect(issuer.requests).toBe(1);

  stopClock(1);
  issuer.publish(keys.EdDSA.jwk);
  await verify(token);
  expect(issuer.requests).toBe(2);

  stopClock(601);
  issuer.fail();
  for (let n = 0; n < 5; n += 1) await verify(token);
  expect(issuer.requests).toBe(3);
});

// C-12 C-58
test('Every failed fetch is told.', async () => {
  const told: unknown[] = [];
  const verify = createVerifier({ onFailure: (cause: unknown) => told.push(cause) });
  const token = mint(alice, { by: keys.EdDSA });
  await verify(token);

  issuer.answer((_, response) => response.writeHead(500).end());
  stopClock(600);
  await verify(token);

  expect(told).toEqual([expect.objectContaining({ message: expect.stringContaining('500') })]);
});

const unusable: [string, (key: IssuerKey) => object][] = [
  ['lacks a part', ({ jwk: { x: _x, ...rest } }) => rest],
  ['is garbled', ({ jwk }) => ({ ...jwk, x: '!' })],
  ['is private', ({ jwk }) => ({ ...jwk, d: jwk.x })],
];

// C-12
test.each(unusable)('If the key of a token %s, the answer is 503 and other keys work.', async (_title, spoil) => {
  const verify = createVerifier();
  issuer.publish(spoil(keys.EdDSA), keys.ES256.jwk);

  const verdict = verify(mint(alice, { by: keys.EdDSA }));

  await expect(verdict).rejects.toMatchObject(unavailable);
  await expect(verify(mint(alice, { by: keys.ES256 }))).resolves.toMatchObject({ sub: 'alice' });
});
