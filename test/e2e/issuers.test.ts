/** A real server process beside a real Better Auth process: sign-up, rotated keys, outages, and what else Better Auth hands out. */
import type { Client } from 'graphql-ws';
import { createBetterAuthIssuer, type BetterAuthIssuer, type Person } from '../support/better-auth-issuer.ts';
import { useDatabase } from '../support/database.ts';
import { type Running, start } from '../support/hedgerow.ts';
import { ask, askBySocket, openSocket, waitUntil } from '../support/requests.ts';
import { inSeconds, mint, newKey } from '../support/tokens.ts';

const me = '{ me { id } }';
/** How long the server waits between two fetches of the keys, and a little more. */
const cooldownMs = 32_000;

const database = useDatabase();

/** Issuers and servers, and a way to end them all. */
function stage() {
  const running: Running[] = [];
  const issuers: BetterAuthIssuer[] = [];
  return {
    async startIssuer(...options: Parameters<typeof createBetterAuthIssuer>): Promise<BetterAuthIssuer> {
      const issuer = await createBetterAuthIssuer(...options);
      issuers.push(issuer);
      await issuer.start();
      return issuer;
    },

    /** Starts a server that trusts the issuer; gives its URL. */
    serve({ url, jwksUrl }: BetterAuthIssuer): Promise<string> {
      const server = start(['serve'], {
        PORT: '0',
        DATABASE_URL: database.apiUrl,
        HEDGEROW_JWKS_URL: jwksUrl,
        HEDGEROW_ISSUER: url,
        HEDGEROW_AUDIENCE: url,
      });
      running.push(server);
      return server.url;
    },

    async clear(): Promise<void> {
      for (const { process, ended } of running.splice(0)) {
        process.kill('SIGKILL');
        await ended;
      }
      for (const issuer of issuers.splice(0)) await issuer.remove();
    },
  };
}

const { startIssuer, serve, clear } = stage();
const sockets: Client[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) await socket.dispose();
  await clear();
});

/** The stories that wait for keys, half a minute and more: they are begun first, both at once, and held against their promises last. */
const waiting = stage();
let rotation: ReturnType<typeof rotateKeys>;
let outage: ReturnType<typeof breakDown>;
beforeAll(() => {
  [rotation, outage] = [rotateKeys(), breakDown()];
  // Whoever waits for them hears of an error.
  for (const story of [rotation, outage]) story.catch(() => {});
});
afterAll(waiting.clear);

/** 200 tokens for the person, by a key that the issuer does not have. */
function forgeries({ url }: BetterAuthIssuer, { id }: Person): string[] {
  const mallorys = newKey('EdDSA', 'hers');
  const claims = { sub: id, iss: url, aud: url, exp: inSeconds(600) };
  return Array.from({ length: 200 }, (_, n) => mint(claims, { by: mallorys, header: { kid: `guess ${n}` } }));
}

/** The titles of all tasks that a subscription tells of, as they come. */
function watchTitles(url: string, token: string): Set<string> {
  const titles = new Set<string>();
  const client = openSocket(url, token);
  sockets.push(client);
  client.subscribe<any>(
    { query: 'subscription { taskChanged { task { title } } }' },
    { next: ({ data }) => void titles.add(data.taskChanged.task.title), error: () => {}, complete: () => {} },
  );
  return titles;
}

// C-12 C-10
test('who signs up at the issuer has tasks and is told of them, and nobody else is', async () => {
  const issuer = await startIssuer();
  const url = await serve(issuer);
  const [alice, bob] = await Promise.all([issuer.signUp('alice'), issuer.signUp('bob')]);
  const [hers, his] = [await alice.token(), await bob.token()];
  const create =
    'mutation ($title: String!) { createTask(input: { task: { title: $title } }) { task { id ownerId owner { email name } } } }';
  const [toldHer, toldHim] = [watchTitles(url, hers), watchTitles(url, his)];

  let made: any;
  // Nobody says when a subscription has begun.
  await waitUntil(async () => {
    made = (await ask(url, hers, create, { title: 'Hers' })).data.createTask.task;
    await ask(url, his, create, { title: 'His' });
    return toldHer.size > 0 && toldHim.size > 0;
  }, 10_000);
  const look =
    'query ($id: UUID!) { tasks(filter: { title: { equalTo: "Hers" } }) { totalCount } task(id: $id) { id } }';
  const [herView, hisView] = [await ask(url, hers, look, { id: made.id }), await ask(url, his, look, { id: made.id })];

  expect(made).toMatchObject({ ownerId: alice.id, owner: { email: 'alice@example.com', name: 'alice' } });
  expect(herView.data).toEqual({ tasks: { totalCount: expect.any(Number) }, task: { id: made.id } });
  expect(hisView.data).toEqual({ tasks: { totalCount: 0 }, task: null });
  expect([toldHer, toldHim]).toEqual([new Set(['Hers']), new Set(['His'])]);
});

// C-12
test('a server that starts while the issuer is down serves as soon as the issuer is there', async () => {
  const issuer = await startIssuer();
  const alice = await issuer.signUp('alice');
  const token = await alice.token();
  await issuer.kill();

  const url = await serve(issuer);
  const down = await ask(url, token, me);
  const downBySocket = await askBySocket(url, token, me);
  const ready = await fetch(`${url}/readyz`);
  await issuer.start();
  await waitUntil(async () => (await ask(url, token, me)).status === 200, 3_000);

  expect(down).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  expect(downBySocket).toBe(1013);
  expect(ready.status).toBe(200);
});

// C-10
test.each([
  ['compact', 'The token is malformed.'],
  ['jwt', 'The token is signed with an algorithm that is not accepted.'],
  ['published-key', 'The claim "aud" of the token is missing or not accepted.'],
] as const)('neither the session token nor the cached session (%s) is a token', async (cookieCache, reason) => {
  const issuer = await startIssuer(cookieCache);
  const url = await serve(issuer);
  const alice = await issuer.signUp('alice');
  const unsigned = alice.sessionToken.split('.')[0]!;

  const honest = await ask(url, await alice.token(), me);

  expect(honest.status).toBe(200);
  for (const wrong of [alice.sessionToken, unsigned]) {
    expect(await ask(url, wrong, me)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await askBySocket(url, wrong, me)).toBe(4401);
  }
  expect(await ask(url, alice.cookieCache, me)).toMatchObject({ status: 401, message: reason });
  expect(await askBySocket(url, alice.cookieCache, me)).toBe(4401);
});

async function rotateKeys() {
  const issuer = await waiting.startIssuer();
  const url = await waiting.serve(issuer);
  const alice = await issuer.signUp('alice');
  const before = await alice.token();
  const statuses = async (tokens: string[]) =>
    new Set((await Promise.all(tokens.map((token) => ask(url, token, me)))).map(({ status }) => status));
  const firstUse = Date.now();
  await ask(url, before, me);

  await issuer.rotate();
  const after = await alice.token();
  const tooEarly = await ask(url, after, me);
  const guessed = await statuses(forgeries(issuer, alice));
  const requestsWithin = await issuer.jwksRequests();
  await waitUntil(async () => (await ask(url, after, me)).status === 200, cooldownMs);
  const acceptedAfter = Date.now() - firstUse;
  const guessedAgain = await statuses(forgeries(issuer, alice));
  const bySocket = await askBySocket(url, after, me);
  const old = await ask(url, before, me);

  const requests = await issuer.jwksRequests();
  return { alice, tooEarly, guessed, requestsWithin, acceptedAfter, guessedAgain, requests, bySocket, old };
}

// C-12 C-10
test('a rotated key is accepted within 30 seconds, and strangers cannot make the server ask more often', async () => {
  const { alice, tooEarly, guessed, requestsWithin, acceptedAfter, guessedAgain, requests, bySocket, old } =
    await rotation;

  expect(tooEarly).toMatchObject({ status: 401, message: 'The token is signed with an unknown key.' });
  expect([guessed, guessedAgain]).toEqual([new Set([401]), new Set([401])]);
  expect(requestsWithin).toBe(1);
  expect(acceptedAfter).toBeGreaterThanOrEqual(30_000);
  expect(requests).toBe(2);
  expect(bySocket).toEqual({ me: { id: alice.id } });
  expect(old).toMatchObject({ status: 200, data: { me: { id: alice.id } } });
}, 60_000);

async function breakDown() {
  const issuer = await waiting.startIssuer();
  const url = await waiting.serve(issuer);
  const alice = await issuer.signUp('alice');
  const known = await alice.token();
  await ask(url, known, me);
  await issuer.rotate();
  const unknown = await alice.token();

  await issuer.kill();
  await waitUntil(async () => (await ask(url, unknown, me)).status !== 401, cooldownMs);
  const refused = await ask(url, unknown, me);
  const closed = await askBySocket(url, unknown, me);
  const accepted = await ask(url, known, me);
  const acceptedBySocket = await askBySocket(url, known, me);
  await issuer.start();
  await waitUntil(async () => (await ask(url, unknown, me)).status === 200, cooldownMs);

  return { alice, refused, closed, accepted, acceptedBySocket };
}

// C-12 C-10
test('while the issuer is down, known keys work and others are unavailable; when it is back, so are they', async () => {
  const { alice, refused, closed, accepted, acceptedBySocket } = await outage;

  expect(refused).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(closed).toBe(1013);
  expect(accepted).toMatchObject({ status: 200, data: { me: { id: alice.id } } });
  expect(acceptedBySocket).toEqual({ me: { id: alice.id } });
}, 90_000);
