/** Issuers with RS256 and ES256 keys, through both doors: honest tokens, rotated and withdrawn keys, outages. C-10, C-12 */
import { createTokenVerifier, type VerifyToken } from '../../src/auth/verify-token.ts';
import { useApi } from '../support/api.ts';
import { type Issuer, startIssuer } from '../support/issuer.ts';
import { ask, askBySocket } from '../support/requests.ts';
import { inSeconds, type IssuerKey, mint, newKey } from '../support/tokens.ts';

/** As in production, only faster. */
const fetching = { cooldownMs: 200, maxAgeMs: 2_000 };
const rules = { issuer: 'https://id.example.com', audience: 'https://api.example.com', clockSkewSeconds: 60 };

let verify: VerifyToken;
const api = useApi({ verifyToken: (token) => verify(token) });

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms + 50));

/** What comes of a token: over HTTP the user or status and code, over a WebSocket the user or the code of its closing. */
async function outcomes(token: string): Promise<unknown[]> {
  const { status, data, code } = await ask(api.url, token, '{ me { id } }');
  const bySocket = await askBySocket(api.url, token, '{ me { id } }');
  return [data?.me.id ?? `${status} ${code}`, bySocket.me?.id ?? bySocket];
}

const accepted = ['alice', 'alice'];
const refused = ['401 UNAUTHENTICATED', 4401];
const unavailable = ['503 UNAVAILABLE', 1013];

describe.each(['RS256', 'ES256'] as const)('%s', (alg) => {
  const [first, second, third] = [newKey(alg, 'first'), newKey(alg, 'second'), newKey(alg, 'third')];
  const claims = { iss: rules.issuer, aud: [rules.audience, 'another'], sub: 'alice', exp: inSeconds(300) };
  const by = (key: IssuerKey) => mint(claims, { by: key });
  let issuer: Issuer;

  beforeEach(async () => {
    issuer = await startIssuer(first.jwk);
    verify = createTokenVerifier({ kind: 'jwks', url: issuer.url }, rules, fetching);
  });
  afterEach(() => issuer.close());

  // C-12 C-10
  test('an honest token is accepted, and one for another audience or by another issuer is not', async () => {
    expect(await outcomes(by(first))).toEqual(accepted);
    expect(await outcomes(mint({ ...claims, aud: 'another' }, { by: first }))).toEqual(refused);
    expect(await outcomes(mint({ ...claims, iss: `${rules.issuer}/` }, { by: first }))).toEqual(refused);
  });

  // C-12
  test('a rotated key is accepted after the cooldown, the old one as long as it is published, and a cache longer', async () => {
    await outcomes(by(first));
    issuer.publish(first.jwk, second.jwk);
    await pass(fetching.cooldownMs);

    expect(await outcomes(by(second))).toEqual(accepted);
    expect(await outcomes(by(first))).toEqual(accepted);

    issuer.publish(second.jwk);
    expect(await outcomes(by(first))).toEqual(accepted);
    await pass(fetching.maxAgeMs);
    expect(await outcomes(by(first))).toEqual(refused);
    expect(await outcomes(by(second))).toEqual(accepted);
  });

  // C-12 C-10
  test('during an outage known keys are accepted and others unavailable, after it both are as the issuer says', async () => {
    await outcomes(by(first));
    issuer.fail();
    await pass(fetching.cooldownMs);

    expect(await outcomes(by(second))).toEqual(unavailable);
    expect(await outcomes(by(first))).toEqual(accepted);
    await pass(fetching.maxAgeMs);
    expect(await outcomes(by(second))).toEqual(unavailable);
    expect(await outcomes(by(first))).toEqual(accepted);

    issuer.publish(first.jwk, second.jwk);
    await pass(fetching.cooldownMs);
    expect(await outcomes(by(second))).toEqual(accepted);
    expect(await outcomes(by(first))).toEqual(accepted);
    await pass(fetching.cooldownMs);
    expect(await outcomes(by(third))).toEqual(refused);
  });
});
