/** Every hostile token at every door: refused in one and the same way, and the database never hears of it. C-10, C-11, C-12, C-58, T-01 */
import type { Pool } from 'pg';
import { pino } from 'pino';
import { createIdentityProvider, type IdentityProvider } from '../../../src/accounts/provider.ts';
import { createTokenVerifier, eitherVerifier } from '../../../src/auth/verify-token.ts';
import type { VerifyToken } from '../../../src/auth/verify-token.ts';
import { createPool } from '../../../src/database/pool.ts';
import { useApi } from '../../support/api.ts';
import { startIssuer } from '../../support/issuer.ts';
import { mint, testSecret } from '../../support/tokens.ts';
import { hostileTo, honest, makeCast, mallorysKeys, publishedBy, rules, signerOf } from './corpus/index.ts';
import type { Hostile, Kind } from './corpus/index.ts';
import { create, get, list, openSocket, post } from './doors.ts';
import type { HttpAnswer } from './doors.ts';
import { echo } from './echoes.ts';
import { type PoolWatch, watchPool } from './pool-watch.ts';

const silent = pino({ level: 'silent' });
const mallorys = mallorysKeys();
const mallorysIssuer = await startIssuer(mallorys.ed.jwk, mallorys.rsa.jwk);
const cast = makeCast({ ...mallorys, url: mallorysIssuer.url });
const issuer = await startIssuer(...publishedBy(cast));
afterAll(() => Promise.all([issuer.close(), mallorysIssuer.close()]));

// However long this takes on a slow machine, it is within the cooldown.
const patient = { cooldownMs: 600_000 };
const bySecret = createTokenVerifier({ kind: 'secret', secret: testSecret }, rules);
const byKeySet = createTokenVerifier({ kind: 'jwks', url: issuer.url }, rules, patient);

/** The keys of the embedded provider, as it reads them from its table: there they are those of the cast. */
let provider: IdentityProvider;
let keysRead = 0;
const fetchKeySet = () => {
  keysRead += 1;
  return provider.fetchKeySet();
};
const byProvider = createTokenVerifier({ kind: 'provider', fetchKeySet }, rules, patient);
const byEither = eitherVerifier(bySecret, byProvider);

/** In development an honest token of one kind is good although it is hostile to the other kind. */
const isGood = (verify: VerifyToken, { token }: Hostile) =>
  verify(token).then(
    () => true,
    () => false,
  );
const hostileToBoth: Hostile[] = [];
const goodForOne: string[] = [];
for (const [kind, other] of [
  ['secret', byKeySet],
  ['jwks', bySecret],
] as const) {
  for (const entry of hostileTo(kind, cast)) {
    if (await isGood(other, entry)) goodForOne.push(entry.name);
    else hostileToBoth.push({ ...entry, name: `${entry.name} (${kind})` });
  }
}

type Door = { keys: string; kind: Kind; verifyToken: VerifyToken; hostile: Hostile[] };

const doors: Door[] = [
  { keys: 'a shared secret', kind: 'secret', verifyToken: bySecret, hostile: hostileTo('secret', cast) },
  { keys: 'the keys of an issuer', kind: 'jwks', verifyToken: byKeySet, hostile: hostileTo('jwks', cast) },
  { keys: 'the keys of its own accounts', kind: 'jwks', verifyToken: byProvider, hostile: hostileTo('jwks', cast) },
  { keys: 'accounts and a secret, in development', kind: 'jwks', verifyToken: byEither, hostile: hostileToBoth },
];

describe.each(doors)('An API that verifies with $keys', ({ kind, verifyToken, hostile }) => {
  const api = useApi({ verifyToken });
  const honestToken = mint(honest, { by: signerOf(kind, cast) });
  let watch: PoolWatch;
  const closings: (() => Promise<void>)[] = [];
  /** The names of the headers of a refusal, whatever it is for. */
  let headerNames: string[];

  beforeAll(async () => {
    const authPool = createPool({ url: api.database.authUrl, size: 1, acquireTimeoutMs: 5_000 }, silent);
    provider = await providerWith(authPool, publishedBy(cast));
    keysRead = 0;
    closings.push(async () => {
      await provider.release();
      await authPool.end();
    });
    watch = watchPool(api.database.pool);
    headerNames = Object.keys((await post(api.url, 'nonsense')).headers);
  });
  afterAll(async () => {
    // Its keys may be read once; no stranger can have them read again.
    expect(keysRead).toBeLessThanOrEqual(1);
    for (const close of closings.splice(0)) await close();
  });
  beforeEach(() => {
    watch.reset();
    api.logged.splice(0);
  });

  function expectNothingBehindTheDoor({ token }: Hostile): void {
    expect({ acquired: watch.acquired, statements: watch.statements }).toEqual({ acquired: 0, statements: 0 });
    // The time of the line may begin like the one at which the token ends.
    for (const { time: _time, ...said } of api.logged) expect(echo(JSON.stringify(said), token)).toBeUndefined();
  }

  function expectRefusal({ status, headers, body }: HttpAnswer, entry: Hostile): void {
    if (entry.parser !== undefined) {
      // Node's parser knows nothing of Hedgerow, and cuts the connection if it is sent more than it reads.
      expect([entry.parser, entry.parser === 431 ? undefined : 400]).toContain(status);
      expect(body).toBe('');
      expect(api.logged).toEqual([]);
      return;
    }
    expect(status).toBe(401);
    expect(Object.keys(headers)).toEqual(headerNames);
    const message = messageOf(body, headers['x-request-id']);
    const description = message.replaceAll('"', "'");
    expect(headers['www-authenticate']).toBe(
      `Bearer realm="hedgerow", error="invalid_token", error_description="${description}"`,
    );
    // The time of the answer may begin like the one at which the token ends.
    const said = body.replace(/"timestamp":"[^"]*"/, '') + headers['www-authenticate'];
    expect(echo(said, entry.token)).toBeUndefined();
  }

  describe('behind POST /graphql', () => {
    test.each(hostile)('refuses: $name – $why', async (entry) => {
      const answer = await post(api.url, entry.token);

      expectRefusal(answer, entry);
      expectNothingBehindTheDoor(entry);
    });

    test('lets an honest token pass, to the database.', async () => {
      const { status, body } = await post(api.url, honestToken);

      expect([status, JSON.parse(body)]).toEqual([200, { data: { me: { id: 'alice' } } }]);
      expect(watch.acquired).toBeGreaterThan(0);
      expect(watch.statements).toBeGreaterThan(0);
    });

    test('looks at one of two tokens only, so the second cannot make up for the first.', async () => {
      const [nonsenseFirst, honestFirst] = await Promise.all([
        post(api.url, 'nonsense', honestToken),
        post(api.url, honestToken, 'nonsense'),
      ]);

      expect([nonsenseFirst.status, honestFirst.status]).toEqual([401, 200]);
    });

    test('takes spaces round a token for the header’s, not the token’s.', async () => {
      const statuses = await Promise.all(
        [` ${honestToken}`, `${honestToken} `, `${honestToken}\t`].map(async (token) => post(api.url, token)),
      );

      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200]);
    });
  });

  describe('behind GET /graphql', () => {
    test.each(hostile)('refuses: $name – $why', async (entry) => {
      const answer = await get(api.url, entry.token);

      expectRefusal(answer, entry);
      expectNothingBehindTheDoor(entry);
    });

    test('tells who has an honest token that nothing is answered there.', async () => {
      const { status } = await get(api.url, honestToken);

      expect(status).toBe(405);
    });
  });

  describe.each([
    ['GET', list, 200],
    ['POST', create, 201],
  ] as const)('behind %s /api/v1/tasks', (_method, ask, good) => {
    test.each(hostile)('refuses: $name – $why', async (entry) => {
      const answer = await ask(api.url, entry.token);

      expectRefusal(answer, entry);
      expectNothingBehindTheDoor(entry);
    });

    test('lets an honest token pass, to the database.', async () => {
      const { status } = await ask(api.url, honestToken);

      expect(status).toBe(good);
      expect(watch.acquired).toBeGreaterThan(0);
      expect(watch.statements).toBeGreaterThan(0);
    });
  });

  describe('behind a WebSocket', () => {
    test.each(hostile)('refuses: $name – $why', async (entry) => {
      const { messages, closed } = await openSocket(api.url, entry.token);

      expect(messages).toEqual([]);
      expect(closed?.code).toBe(entry.socket ?? 4401);
      expect(echo(closed?.reason ?? '', entry.token)).toBeUndefined();
      expectNothingBehindTheDoor(entry);
    });

    test('lets an honest token pass, to the database.', async () => {
      const { messages } = await openSocket(api.url, honestToken);

      expect(messages.find(({ type }) => type === 'next')?.payload).toEqual({ data: { me: { id: 'alice' } } });
      expect(watch.acquired).toBeGreaterThan(0);
      expect(watch.statements).toBeGreaterThan(0);
    });
  });

  test('has nobody listen for changes after all that.', async () => {
    const { rows } = await api.database.admin.query(
      "select pid from pg_stat_activity where application_name = 'hedgerow changes' and datname = current_database()",
    );

    expect(rows).toEqual([]);
  });
});

test('What is good for one of the two verifiers of development is honest to it, and nothing else is.', () => {
  expect([...new Set(goodForOne)].sort()).toMatchInlineSnapshot(`
    [
      "ES256 by a key of the issuer",
      "EdDSA by a key of the issuer",
      "HS256 with a secret that the key set contains",
      "HS256 with the secret of the other kind of verifier",
      "RS256 by a key of the issuer",
    ]
  `);
});

test('Mallory’s server is never asked, and the issuer’s only once, though so many keys are unknown.', () => {
  expect(mallorysIssuer.requests).toBe(0);
  expect(issuer.requests).toBeLessThanOrEqual(1);
});

/** The message of a refusal, which has one of two shapes, and nothing more in it: GraphQL's and that of REST. */
function messageOf(body: string, requestId: string | undefined): string {
  const answer = JSON.parse(body) as { errors?: [{ message: string }]; error?: { message: string } };
  const message = answer.error?.message ?? answer.errors?.[0].message;
  expect(answer).toEqual(
    answer.error
      ? {
          error: { code: 'UNAUTHENTICATED', message: expect.any(String) },
          meta: { request_id: requestId, timestamp: expect.any(String) },
        }
      : { errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', requestId } }] },
  );
  return message!;
}

/** A provider that publishes these keys. */
async function providerWith(pool: Pool, keys: object[]): Promise<IdentityProvider> {
  for (const { kid, alg, ...key } of keys as { kid: string; alg?: string }[]) {
    await pool.query(
      'insert into auth.keys (id, alg, "publicKey", "privateKey", "createdAt") values ($1, $2, $3, $4, now())',
      [kid, alg, JSON.stringify(key), 'unreadable'],
    );
  }
  return createIdentityProvider({
    config: { verifyEmail: false },
    pool,
    secret: testSecret,
    issuer: rules.issuer,
    audience: rules.audience,
    frontendOrigins: [],
    onDelete: async () => {},
    log: silent,
  });
}
