/** The verifier alone: the corpus without rules of issuer and audience, what no door lets through, and what is refused before what. T-01 */
import { ApiError } from '../../../src/errors.ts';
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import type { VerifyToken } from '../../../src/auth/verify-token.ts';
import { startIssuer } from '../../support/issuer.ts';
import { hmac, mint, testSecret } from '../../support/tokens.ts';
import {
  harmlessTo,
  honest,
  hostileTo,
  liberallyPublishedBy,
  makeCast,
  mallorysKeys,
  publishedBy,
  rules,
  signerOf,
} from './corpus/index.ts';
import type { Kind } from './corpus/index.ts';
import { echo } from './echoes.ts';

const cast = makeCast({ ...mallorysKeys(), url: new URL('http://127.0.0.1:1/jwks') });
const issuer = await startIssuer(...publishedBy(cast));
const liberalIssuer = await startIssuer(...liberallyPublishedBy(cast));
afterAll(() => Promise.all([issuer.close(), liberalIssuer.close()]));

const { clockSkewSeconds } = rules;
const bySecret = createTokenVerifier({ kind: 'secret', secret: testSecret }, { clockSkewSeconds });
const byKeySet = createTokenVerifier({ kind: 'jwks', url: issuer.url }, { clockSkewSeconds });
const byLiberalKeySet = createTokenVerifier({ kind: 'jwks', url: liberalIssuer.url }, { clockSkewSeconds });

/** Refused with 401, with a message that repeats nothing of the token. */
async function expectRefused(verify: VerifyToken, token: string): Promise<void> {
  const error: unknown = await verify(token).then(
    (identity) => ({ accepted: identity }),
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  expect(error).toBeInstanceOf(ApiError);
  expect(echo((error as ApiError).message, token)).toBeUndefined();
}

// C-10 C-11 C-12 C-13
describe.each<[string, Kind, VerifyToken]>([
  ['a secret', 'secret', bySecret],
  ['a key set', 'jwks', byKeySet],
  ['a key set that says neither what its keys are for nor how to use them', 'jwks', byLiberalKeySet],
])('Without rules of issuer and audience, a verifier with %s', (_title, kind, verify) => {
  const hostile = hostileTo(kind, cast);

  test.each(hostile.filter(({ needsRules }) => !needsRules))('refuses: $name – $why', async ({ token }) => {
    await expectRefused(verify, token);
  });

  // Or else the rules would not be what refuses them where there are rules.
  test.each(hostile.filter(({ needsRules }) => needsRules))(
    'accepts what the rules are for: $name',
    async ({ token }) => {
      await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });
    },
  );

  test.each(harmlessTo(kind, cast))('accepts as what it is: $name – $why', async ({ token, sub }) => {
    await expect(verify(token)).resolves.toMatchObject({ sub });
  });

  // The header of a request trims spaces, so this never comes to the verifier from there.
  test.each([' ', '\t', '\n', '\r\n'])('refuses a token with %j before or after it.', async (space) => {
    const token = mint(honest, { by: signerOf(kind, cast) });

    await expectRefused(verify, `${space}${token}`);
    await expectRefused(verify, `${token}${space}`);
    await expect(verify(token)).resolves.toMatchObject({ sub: 'alice' });
  });
});

// C-10
test('A token of 9,000 characters is refused before its key is looked for.', async () => {
  const requests = issuer.requests;
  const verify = createTokenVerifier({ kind: 'jwks', url: issuer.url }, { clockSkewSeconds });
  const token = mint({ ...honest, padding: 'x'.repeat(6_700) }, { by: { ...cast.ed, kid: 'new' } });

  await expectRefused(verify, token);

  expect(issuer.requests).toBe(requests);
});

// C-11
test('The algorithm is refused before any key is used.', async () => {
  const error: unknown = await bySecret(mint(honest, { by: hmac('HS384', testSecret) })).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({ cause: { code: 'ERR_JOSE_ALG_NOT_ALLOWED' } });
});

// C-30 C-31
test('Claims that name a role, an owner or a setting end at the verifier.', async () => {
  const token = mint({ ...honest, role: 'postgres', is_admin: true, owner_id: 'bob', 'jwt.claims.sub': 'bob' });

  const identity = await bySecret(token);

  expect(identity).toEqual({ sub: 'alice', expiresAt: honest.exp });
});
