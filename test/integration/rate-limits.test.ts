/** Rate limits: of a user on the API, of an address at the doors of accounts; in one process, and in several. C-55 */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { createPool } from '../../src/database/pool.ts';
import { addressKey, createRateLimit } from '../../src/http/rate-limit.ts';
import { codeOf } from '../support/api.ts';
import { useServer } from '../support/server.ts';
import { inSeconds, mint } from '../support/tokens.ts';

const server = useServer();
const tokenOf = (sub: string) => mint({ sub, exp: inSeconds(300) });
const askTimes = async (count: number, ask: () => Promise<{ status: number }>) => {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) statuses.push((await ask()).status);
  return statuses;
};

describe('three requests in a minute', () => {
  beforeAll(() => server.restart({ HEDGEROW_AUTH: 'off', HEDGEROW_RATE_LIMIT: '3' }));

  test('the fourth of a user is refused, says when to try again, and reaches nothing', async () => {
    const ask = () =>
      server.query(tokenOf('alice'), 'mutation { createTask(input: { task: { title: "x" } }) { clientMutationId } }');

    expect(await askTimes(3, ask)).toEqual([200, 200, 200]);
    const refused = await ask();

    expect(refused.status).toBe(429);
    expect(codeOf(refused)).toBe('RATE_LIMITED');
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.errors![0]!.extensions).toMatchObject({ details: { retryAfter: seconds } });
    const { rows } = await server.database.admin.query("select from app_public.tasks where owner_id = 'alice'");
    expect(rows).toHaveLength(3);
  });

  test('over REST it is the same limit, in the shape of REST', async () => {
    const ask = () => server.fetch('/api/v1/tasks', { headers: { authorization: `Bearer ${tokenOf('rest')}` } });

    expect(await askTimes(3, ask)).toEqual([200, 200, 200]);
    const refused = await ask();

    expect([refused.status, await refused.json()]).toMatchObject([429, { error: { code: 'RATE_LIMITED' }, meta: {} }]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  // C-31: nobody learns from a limit how busy somebody else is.
  test('another user is not concerned', async () => {
    expect(await askTimes(3, () => server.query(tokenOf('bob'), '{ me { id } }'))).toEqual([200, 200, 200]);
  });

  test('a token that is not good counts for nobody', async () => {
    const forged = `${tokenOf('carol').slice(0, -4)}AAAA`;

    expect(await askTimes(5, () => server.query(forged, '{ me { id } }'))).toEqual([401, 401, 401, 401, 401]);
    expect((await server.query(tokenOf('carol'), '{ me { id } }')).status).toBe(200);
  });

  test('operations over a WebSocket count too', async () => {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${tokenOf('dora')}` },
      retryAttempts: 0,
    });
    const ask = async () => {
      try {
        for await (const { errors } of client.iterate({ query: '{ me { id } }' })) return errors;
      } catch (errors) {
        return errors as { extensions: object }[];
      }
    };

    const answers = [await ask(), await ask(), await ask(), await ask()];
    await client.dispose();

    expect(answers.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(answers[3]).toMatchObject([
      {
        extensions: {
          code: 'RATE_LIMITED',
          details: { retryAfter: expect.any(Number) },
          requestId: expect.any(String),
        },
      },
    ]);
  });
});

describe('two attempts in a minute', () => {
  beforeAll(() => server.restart({ HEDGEROW_SIGN_IN_LIMIT: '2', HEDGEROW_TRUSTED_PROXIES: '1' }));
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test.each([
    ['signin', { email: 'a@example.com', password: 'x' }],
    ['sign-in/email', { email: 'a@example.com', password: 'x' }],
    ['signup', {}],
    ['sign-up/email', {}],
    ['request-password-reset', { email: 'a@example.com' }],
    ['change-password', { currentPassword: 'x', newPassword: 'a long password' }],
    ['delete-user', { password: 'x' }],
    ['reset-password', { token: 'x', newPassword: 'a long password' }],
    ['send-verification-email', { email: 'a@example.com' }],
  ])('the third from an address at /api/auth/%s is refused', async (path, body) => {
    const address = `192.0.2.${path.length}`;
    const ask = () => server.post(`/api/auth/${path}`, body, from(address));

    const before = await askTimes(2, ask);
    const refused = await ask();

    expect(before).not.toContain(429);
    expect(refused.status).toBe(429);
    expect((refused.body.error ?? refused.body).code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('the two ways to sign in count together; the ways to sign up are counted for themselves', async () => {
    const ask = (path: string) => server.post(`/api/auth/${path}`, {}, from('198.51.100.1'));

    expect((await ask('signin')).status).toBe(422);
    expect((await ask('sign-in/email')).status).toBe(400);
    expect((await ask('signin')).status).toBe(429);
    expect((await ask('signup')).status).toBe(422);
  });

  test.each([
    '/api/auth/x/../sign-in/email',
    '/api/auth/./sign-in/email',
    '/api/auth//sign-in/email',
    '/api/auth/sign-in%2Femail',
    '/api/auth/sign%2din/email',
    '/api/auth/SIGN-IN/email',
    '/api/auth/sign-in/email/',
    '/api/auth/sign-in/email?x=1',
    '/api/auth/%73ignin',
    '/API/AUTH/signin',
    '/api/../api/auth/signin',
  ])('another spelling of the path is no way round: %s', async (path) => {
    const address = `192.0.2.${100 + path.length}`;

    let last = '';
    for (let i = 0; i < 4; i++) last = await postRaw(path, { email: 'a@example.com', password: 'x' }, address);

    // It counts, or it is another path: one that does not exist, or one of the API, which asks for a token first.
    expect(last).toMatch(/^429 |^404 |^401 .*Send a token/);
  });

  /** Status and body of the answer. The path goes out as it stands: `fetch` would tidy it up first. */
  const postRaw = (path: string, body: object, address: string) =>
    new Promise<string>((resolve, reject) => {
      const content = JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': content.length, ...from(address) };
      request(server.url, { method: 'POST', path, headers }, (response) => {
        void text(response).then((answer) => resolve(`${response.statusCode} ${answer}`));
      })
        .on('error', reject)
        .end(content);
    });

  test('another address is not concerned', async () => {
    const ask = (address: string) => server.post('/api/auth/signin', {}, from(address));

    expect(await askTimes(3, () => ask('203.0.113.1'))).toEqual([422, 422, 429]);
    expect((await ask('203.0.113.2')).status).toBe(422);
  });

  test('a client cannot pass for another address by what it puts in front of what the proxy says', async () => {
    const ask = (claimed: string) => server.post('/api/auth/signin', {}, from(`${claimed}, 203.0.113.9`));

    const statuses: number[] = [];
    for (const claimed of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) statuses.push((await ask(claimed)).status);
    expect(statuses).toEqual([422, 422, 429]);
  });

  test('tokens, sessions and keys are not limited by address', async () => {
    expect(await askTimes(5, () => server.fetch('/api/auth/jwks'))).toEqual([200, 200, 200, 200, 200]);
    expect(await askTimes(5, () => server.fetch('/api/auth/token'))).toEqual([401, 401, 401, 401, 401]);
  });
});

test('without proxies, what a client says of its address is not believed', async () => {
  await server.restart({ HEDGEROW_SIGN_IN_LIMIT: '2' });
  const ask = (claimed: string) => server.post('/api/auth/signin', {}, { 'x-forwarded-for': claimed });

  const statuses: number[] = [];
  for (const claimed of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) statuses.push((await ask(claimed)).status);
  expect(statuses).toEqual([422, 422, 429]);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::1', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['nonsense', 'nonsense'],
])('%s counts as %s: who has an IPv6 network has all of its addresses', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

describe('counted in PostgreSQL', () => {
  /** Two processes that have nothing but the database in common. */
  const twoProcesses = (perMinute: number) => {
    const pools = [1, 2].map(() =>
      createPool({ url: server.database.authUrl, size: 2, acquireTimeoutMs: 5_000 }, pino({ level: 'silent' })),
    );
    const [first, second] = pools.map((pool) => createRateLimit('shared', perMinute, pool));
    return { first: first!, second: second!, pools, end: () => Promise.all(pools.map((pool) => pool.end())) };
  };

  test('several processes count together, also at once', async () => {
    const { first, second, end } = twoProcesses(10);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => (i % 2 ? first : second)('everybody')),
    );
    await end();

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
    expect(reasons).toHaveLength(20);
    for (const reason of reasons)
      expect(reason).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
  });

  test('while the database cannot be had, each process counts for itself', async () => {
    const { first, pools } = twoProcesses(2);
    await first('lonely');
    await Promise.all(pools.map((pool) => pool.end()));

    await first('lonely');
    await first('lonely');
    await expect(first('lonely')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('the server counts so when it is told to', async () => {
    await server.restart({ HEDGEROW_AUTH: 'off', HEDGEROW_RATE_LIMIT: '3', HEDGEROW_RATE_LIMIT_STORE: 'postgres' });
    await server.query(tokenOf('erin'), '{ me { id } }');
    await server.restart({ HEDGEROW_AUTH: 'off', HEDGEROW_RATE_LIMIT: '3', HEDGEROW_RATE_LIMIT_STORE: 'postgres' });

    expect(await askTimes(3, () => server.query(tokenOf('erin'), '{ me { id } }'))).toEqual([200, 200, 429]);
    const { rows } = await server.database.admin.query("select points from auth.rate_limits where key = 'api:erin'");
    expect(rows).toEqual([{ points: 4 }]);
  });
});
