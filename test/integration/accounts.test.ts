/** Signing up, in and out; what a session and a token are good for. C-15 */
import { createAuthClient } from 'better-auth/client';
import { jwtClient } from 'better-auth/client/plugins';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { codeOf } from '../support/api.ts';
import { type Mailbox, openMailbox } from '../support/mailbox.ts';
import { useServer } from '../support/server.ts';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
});
afterAll(() => mailbox.close());

const server = useServer(() => ({
  FRONTEND_URL: 'https://app.example.com',
  HEDGEROW_SMTP_URL: mailbox.url,
  HEDGEROW_MAIL_FROM: 'tasks@example.com',
}));
const password = 'a long password';
const createTask = 'mutation { createTask(input: { task: { title: "Plant a hedge" } }) { task { ownerId } } }';

const signUp = (email: string, more: object = {}) => server.post('/api/auth/signup', { email, password, ...more });
const signIn = (email: string, given = password) => server.post('/api/auth/signin', { email, password: given });

test('who signs up gets a token that is good for a task, and for what it says and nothing else', async () => {
  const { status, headers, body } = await signUp('Ann@Example.com', { name: 'Ann' });
  const { token, user } = body.data;
  const made = await server.query(token, createTask);

  expect(status).toBe(201);
  expect(user).toEqual({ id: expect.stringMatching(/^\w{32}$/), email: 'ann@example.com', name: 'Ann' });
  expect(made.data.createTask.task.ownerId).toBe(user.id);
  const { iat, exp, ...claims } = decodeJwt(token);
  expect(claims).toEqual({
    sub: user.id,
    email: 'ann@example.com',
    name: 'Ann',
    iss: 'http://127.0.0.1:0',
    aud: 'http://127.0.0.1:0',
  });
  expect(exp! - iat!).toBe(15 * 60);
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: expect.any(String) });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^hedgerow\.session_token=.*HttpOnly; SameSite=Lax$/)]);
  expect(body.meta).toEqual({ request_id: headers.get('x-request-id'), timestamp: expect.any(String) });
});

test('the key of the token is published', async () => {
  const { body } = await signUp('keys@example.com');
  const { keys } = (await (await server.fetch('/api/auth/jwks')).json()) as { keys: object[] };

  expect(keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      x: expect.any(String),
      kid: decodeProtectedHeader(body.data.token).kid,
    },
  ]);
});

test('an address can have one account, in whatever case it is written', async () => {
  await signUp('twice@example.com');

  const again = await signUp('TWICE@example.com');

  expect(again).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
});

test('without a name, the name is what is before the @', async () => {
  expect((await signUp('nameless@example.com')).body.data.user.name).toBe('nameless');
});

test.each([
  [
    { email: 'nobody', password: 'short', name: '' },
    { email: 'format', password: 'length', name: 'length' },
  ],
  [{ email: 'a@example.com' }, { password: 'required' }],
  [
    { email: 1, password: null },
    { email: 'type', password: 'type' },
  ],
  [{ email: 'a@example.com', password: 'x'.repeat(129) }, { password: 'length' }],
  [{ email: 'a@example.com', password, name: 'x'.repeat(201) }, { name: 'length' }],
  [
    { email: 'a@example.com', password, id: 'alice', emailVerified: true },
    { id: 'unknown', emailVerified: 'unknown' },
  ],
])('%j is refused field by field', async (account, rules) => {
  const { status, body } = await server.post('/api/auth/signup', account);

  expect(status).toBe(422);
  expect(body.error.code).toBe('VALIDATION_FAILED');
  expect(
    Object.fromEntries(body.error.details.map(({ field, rule }: Record<string, string>) => [field, rule])),
  ).toEqual(rules);
});

test('who signs in gets a token', async () => {
  const { body } = await signUp('in@example.com');

  const answer = await signIn('in@example.com');

  expect(answer.status).toBe(200);
  expect(answer.body.data.user).toEqual(body.data.user);
  expect(codeOf(await server.query(answer.body.data.token, createTask))).toBeUndefined();
});

test('a wrong password, an unknown address and something that is no address have one answer', async () => {
  await signUp('known@example.com');

  const answers = await Promise.all([
    signIn('known@example.com', 'a wrong password'),
    signIn('unknown@example.com'),
    signIn('known@example.com', ''),
    signIn('nonsense'),
  ]);

  const seen = answers.map(({ status, headers, body }) => ({
    status,
    error: body.error,
    headers: [...headers.keys()],
    challenge: headers.get('www-authenticate'),
  }));
  expect(seen[0]).toMatchObject({
    status: 401,
    error: { code: 'UNAUTHENTICATED' },
    challenge: 'Bearer realm="hedgerow"',
  });
  expect(seen.slice(1)).toEqual([seen[0], seen[0], seen[0]]);
});

test('a session gives tokens until it is signed out; a cookie is good from known origins only', async () => {
  const { headers } = await signUp('session@example.com');
  const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
  const token = () => server.fetch('/api/auth/token', { headers: { cookie } });
  const signOut = (origin: Record<string, string>) => server.post('/api/auth/sign-out', {}, { cookie, ...origin });

  expect((await token()).status).toBe(200);
  expect((await signOut({ origin: 'https://evil.example.com' })).status).toBe(403);
  expect((await signOut({})).status).toBe(403);
  expect((await token()).status).toBe(200);
  expect((await signOut({ origin: 'https://app.example.com' })).status).toBe(200);
  expect((await token()).status).toBe(401);
});

test('the official client signs up, gets a token, makes a task with it, and signs out', async () => {
  let session = '';
  const client = createAuthClient({
    baseURL: server.url,
    plugins: [jwtClient()],
    fetchOptions: {
      auth: { type: 'Bearer', token: () => session },
      onSuccess: ({ response }) => {
        session = response.headers.get('set-auth-token') ?? session;
      },
    },
  });

  const up = await client.signUp.email({ email: 'official@example.com', password, name: 'Official' });
  const token = await client.token();
  const made = await server.query(token.data!.token, createTask);
  const refreshed = await client.getSession();
  const out = await client.signOut();
  const after = await client.token();

  expect(up.error).toBeNull();
  expect(made.data.createTask.task.ownerId).toBe(up.data!.user.id);
  expect(refreshed.data!.user.email).toBe('official@example.com');
  expect(out.data).toMatchObject({ success: true });
  expect(after.error!.status).toBe(401);
});

test('the official client is told of refusals in its own words', async () => {
  const client = createAuthClient({ baseURL: server.url });
  await signUp('words@example.com');

  const wrong = await client.signIn.email({ email: 'words@example.com', password: 'a wrong password' });
  const taken = await client.signUp.email({ email: 'words@example.com', password, name: '' });

  expect(wrong.error).toMatchObject({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' });
  expect(taken.error).toMatchObject({ status: 422, code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' });
});

// C-10
test('neither the token of a session nor its cookie is a token of the API', async () => {
  const { headers } = await signUp('opaque@example.com');
  const cookie = decodeURIComponent(headers.getSetCookie()[0]!.split(';')[0]!.split('=')[1]!);

  for (const token of [cookie, cookie.split('.')[0]!]) {
    expect(await server.query(token, createTask)).toMatchObject({ status: 401 });
  }
});

test.each(['x'.repeat(201), 'nul\0', 'half\ud83c'])(
  'no name is taken that would not fit into a token: %j',
  async (name) => {
    const { headers } = await signUp(`fit${name.length}@example.com`);
    const asUser = { cookie: headers.getSetCookie()[0]!.split(';')[0]!, origin: 'https://app.example.com' };

    const account = { name, email: `other${name.length}@example.com`, password };
    const answers = [
      await server.post('/api/auth/sign-up/email', account),
      await server.post('/api/auth/update-user', { name }, asUser),
    ];
    const control = await server.post('/api/auth/update-user', { name: 'x'.repeat(200) }, asUser);

    expect(answers).toMatchObject([{ status: 422 }, { status: 422 }]);
    expect(control.status).toBe(200);
  },
);

test('what a sign-up says beyond address, password and name is not believed', async () => {
  const { status, body } = await server.post('/api/auth/sign-up/email', {
    email: 'liar@example.com',
    password,
    name: 'Liar',
    id: 'alice',
    emailVerified: true,
    role: 'admin',
    createdAt: '2020-01-01T00:00:00Z',
  });

  const { rows } = await server.database.admin.query(`select id, "emailVerified" from auth.users where email = $1`, [
    'liar@example.com',
  ]);
  expect(status === 200 ? body.user.id : 'alice is refused').not.toBe('alice');
  expect(rows.filter(({ id, emailVerified }) => id === 'alice' || emailVerified)).toEqual([]);
});

test.each([
  [
    'a form',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'email=a&password=b',
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['no JSON', { 'content-type': 'application/json' }, '{"email":', 400, 'BAD_REQUEST'],
  ['too much', { 'content-type': 'application/json' }, `"${'x'.repeat(300_000)}"`, 413, 'PAYLOAD_TOO_LARGE'],
])('%s is refused, in the shape of the path', async (_what, headers, body, status, code) => {
  const ours = await server.fetch('/api/auth/signup', { method: 'POST', headers, body });
  const theirs = await server.fetch('/api/auth/sign-in/email', { method: 'POST', headers, body });

  expect([ours.status, await ours.json()]).toMatchObject([status, { error: { code } }]);
  expect([theirs.status, await theirs.json()]).toMatchObject([status, { code }]);
});

test.each(['/api/auth/nothing', '/api/auth/sign-in/social', '/api/auth/error', '/api/auth/account-info'])(
  '%s is not there',
  async (path) => {
    const response = await server.fetch(path);

    expect([response.status, await response.json()]).toMatchObject([404, { code: 'NOT_FOUND' }]);
  },
);

// C-45
test('browsers may send cookies from the configured origins, and to accounts only', async () => {
  const allowed = async (path: string, origin: string) => {
    const { headers } = await server.fetch(path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    return [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')];
  };

  expect(await allowed('/api/auth/token', 'https://app.example.com')).toEqual(['https://app.example.com', 'true']);
  expect(await allowed('/api/auth/token', 'https://evil.example.com')).toEqual([null, 'true']);
  expect(await allowed('/graphql', 'https://app.example.com')).toEqual(['https://app.example.com', null]);
});

test('the log names no address, no password and no token', () => {
  const lines = server.logged.map((line) => JSON.stringify(line));

  expect(lines.join()).toContain('/api/auth/signup');
  expect(lines.filter((line) => /@example\.com|a long password|eyJ/.test(line))).toEqual([]);
});
