/** What keeps accounts apart from the API, and from those who guess. C-10, C-15, C-30, C-31, T-12 */
import type { Pool } from 'pg';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { pino } from 'pino';
import { createIdentityProvider } from '../../src/accounts/provider.ts';
import { authSelfTest } from '../../src/accounts/self-test.ts';
import { createPool } from '../../src/database/pool.ts';
import { useServer } from '../support/server.ts';
import { testRoles } from '../support/servers.ts';
import { inSeconds, mint, newKey, testSecret } from '../support/tokens.ts';

const server = useServer();
const silent = pino({ level: 'silent' });
const password = 'a long password';

test.each(['users', 'sessions', 'accounts', 'verifications', 'keys', 'rate_limits'])(
  'the API cannot look into auth.%s, neither as it logs in nor as the visitor',
  async (table) => {
    const outside = '/* outside the fence: what neither may see */';
    const read = `${outside} select from auth.${table}`;
    const client = await server.database.pool.connect();
    try {
      await expect(client.query(read)).rejects.toMatchObject({ code: '42501' });
      await client.query(`${outside} set role hedgerow_visitor`);
      await expect(client.query(read)).rejects.toMatchObject({ code: '42501' });
      await client.query(`${outside} reset role`);
    } finally {
      client.release();
    }
    await expect(server.database.admin.query(read)).resolves.toBeDefined();
  },
);

test('the keeper of accounts cannot look at tasks, nor become anybody', async () => {
  const outside = '/* outside the fence: what the keeper of accounts may not do */';
  const pool = createPool({ url: server.database.authUrl, size: 1, acquireTimeoutMs: 5_000 }, silent);
  try {
    await expect(pool.query(`${outside} select from app_public.tasks`)).rejects.toMatchObject({ code: '42501' });
    await expect(pool.query(`${outside} set role hedgerow_visitor`)).rejects.toMatchObject({ code: '42501' });
    await expect(pool.query('select from auth.users')).resolves.toBeDefined();
  } finally {
    await pool.end();
  }
});

/** Time cannot be compared on a busy machine; what takes the time, hashing, can be counted. */
test('a sign-in costs the same work for an address that has an account and for one that has none', async () => {
  const pool = createPool({ url: server.database.authUrl, size: 2, acquireTimeoutMs: 5_000 }, silent);
  let hashes = 0;
  const counted =
    <Given, Result>(work: (given: Given) => Promise<Result>) =>
    (given: Given) => {
      hashes += 1;
      return work(given);
    };
  const provider = createIdentityProvider({
    config: { verifyEmail: false },
    pool,
    secret: testSecret,
    issuer: 'test',
    audience: 'test',
    frontendOrigins: [],
    passwords: { hash: counted(hashPassword), verify: counted(verifyPassword) },
    onDelete: async () => {},
    log: silent,
  });
  const ask = async (path: string, body: object) => {
    hashes = 0;
    const { status } = await provider.handle(
      new Request(`http://localhost/api/auth${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    return { status, hashes };
  };
  try {
    await ask('/sign-up/email', { email: 'known@example.com', password, name: 'Known' });

    expect(await ask('/sign-in/email', { email: 'known@example.com', password })).toEqual({ status: 200, hashes: 1 });
    expect(await ask('/sign-in/email', { email: 'known@example.com', password: 'wrong' })).toEqual({
      status: 401,
      hashes: 1,
    });
    expect(await ask('/sign-in/email', { email: 'unknown@example.com', password })).toEqual({ status: 401, hashes: 1 });
  } finally {
    await provider.release();
    await pool.end();
  }
});

// C-10: tokens of a secret are for development, beside those of accounts.
test.each([
  ['development', 200],
  ['production', 401],
])('in %s, a token of the secret is answered %i, and one of an account 200', async (environment, status) => {
  await server.restart({
    NODE_ENV: environment,
    HEDGEROW_VERIFY_EMAIL: 'off',
    HEDGEROW_PUBLIC_URL: 'https://api.example.com',
    HEDGEROW_SMTP_URL: 'smtp://127.0.0.1:1',
    HEDGEROW_MAIL_FROM: 'tasks@example.com',
  });
  const account = { email: `${environment}@example.com`, password };
  const { body } = await server.post('/api/auth/signup', account);

  expect(await server.query(mint({ sub: 'alice', exp: inSeconds(60) }), '{ me { id } }')).toMatchObject({ status });
  expect(await server.query(body.data.token, '{ me { id } }')).toMatchObject({ status: 200 });
});

test('what the keys of accounts sign for somebody else is no token of the API', async () => {
  await server.restart();
  const key = newKey('EdDSA', 'ours');
  await server.database.admin.query(
    `insert into auth.keys (id, alg, "publicKey", "privateKey", "createdAt") values ('ours', 'EdDSA', $1, 'x', now())`,
    [JSON.stringify(key.jwk)],
  );
  const claims = { sub: 'alice', iss: 'http://127.0.0.1:0', aud: 'http://127.0.0.1:0', exp: inSeconds(60) };
  const ask = (changed: object) => server.query(mint({ ...claims, ...changed }, { by: key }), '{ me { id } }');

  expect(await ask({})).toMatchObject({ status: 200 });
  expect(await ask({ aud: 'https://other.example.com' })).toMatchObject({ status: 401 });
  expect(await ask({ iss: 'https://other.example.com' })).toMatchObject({ status: 401 });
  await server.database.admin.query("delete from auth.keys where id = 'ours'");
});

test('passwords are kept as salted scrypt hashes, and private keys encrypted', async () => {
  await server.post('/api/auth/signup', { email: 'one@example.com', password });
  await server.post('/api/auth/signup', { email: 'two@example.com', password });

  const { rows: accounts } = await server.database.admin.query('select password from auth.accounts');
  const { rows: keys } = await server.database.admin.query('select "privateKey" from auth.keys');
  const hashes = accounts.map((row: { password: string }) => row.password);

  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  expect(keys).toHaveLength(1);
  expect(keys[0].privateKey).not.toMatch(/"d"|kty/);
});

describe('the self-test refuses', () => {
  const role = testRoles.auth.user;

  /** In a transaction, as the keeper: roles belong to all databases of the server. */
  test.each([
    ['a keeper that is a superuser', `alter role ${role} superuser`, /is a superuser/],
    ['a keeper that may bypass policies', `alter role ${role} bypassrls`, /bypass/],
    ['a keeper that can become the visitor', `grant hedgerow_visitor to ${role}`, /can become hedgerow_visitor/],
  ])('%s', async (_what, breaking, fault) => {
    const { admin } = server.database;
    await admin.query('begin');
    try {
      await admin.query(breaking);
      await admin.query(`set local session authorization ${role}; set local search_path = auth`);
      await expect(authSelfTest(admin as unknown as Pool)).rejects.toThrow(fault);
    } finally {
      await admin.query('rollback');
    }
  });

  test.each([
    [
      'a schema that the visitor may look into',
      'grant usage on schema auth to hedgerow_visitor',
      'revoke usage on schema auth from hedgerow_visitor',
      /hedgerow_visitor may look into the schema auth/,
    ],
    [
      'a schema of somebody else',
      `alter schema auth owner to ${testRoles.owner.user}`,
      `alter schema auth owner to ${role}`,
      /does not own the schema auth/,
    ],
    ['a table that is missing', 'drop table auth.keys', '', /Run "hedgerow migrate"/],
  ])('%s', async (_what, breaking, mending, fault) => {
    const pool = createPool({ url: server.database.authUrl, size: 1, acquireTimeoutMs: 5_000 }, silent);
    try {
      await expect(authSelfTest(pool)).resolves.toBeUndefined();
      await server.database.admin.query(breaking);
      await expect(authSelfTest(pool)).rejects.toThrow(fault);
    } finally {
      if (mending) await server.database.admin.query(mending);
      await pool.end();
    }
  });
});
