/** The environment: defaults, and every fault told together. C-11, C-14, C-15, C-17, C-45, C-52, C-53 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseConfig, type Purpose } from '../../src/config.ts';
import { exampleSecret } from '../../src/variables.ts';

const secret = 'x'.repeat(32);
const apiUrl = 'postgres://api:p@db.example.com/hedgerow';

/** The message of the refusal. */
function refusal(env: Record<string, string>, purpose: Purpose = 'serve'): string {
  try {
    parseConfig(env, purpose);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
}

test('with nothing set, development runs on an embedded database with a generated secret', () => {
  const config = parseConfig({}, 'serve');

  expect(config).toMatchObject({
    environment: 'development',
    host: '127.0.0.1',
    port: 4000,
    database: { kind: 'embedded' },
    tokenKeys: { kind: 'generated' },
    tokenRules: { clockSkewSeconds: 60 },
    frontendOrigins: [],
  });
  expect(config.dataDir).toMatch(/\/\.hedgerow$/);
});

test('an empty value counts as absent', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: '' }, 'serve')).toMatchObject({
    port: 4000,
    database: { kind: 'embedded' },
  });
});

test('production needs a database and a secret, and says so at once', () => {
  const message = refusal({ NODE_ENV: 'production' });

  expect(message).toMatch(/2 faults/);
  expect(message).toMatch(/DATABASE_URL is missing/);
  expect(message).toMatch(/BETTER_AUTH_SECRET is missing/);
});

test('production is content with a database and the keys of an issuer', () => {
  const env = { NODE_ENV: 'production', DATABASE_URL: apiUrl, HEDGEROW_JWKS_URL: 'https://id.example.com/jwks' };

  expect(parseConfig(env, 'serve').tokenKeys).toEqual({ kind: 'jwks', url: new URL('https://id.example.com/jwks') });
});

test.each([
  ['a short secret', 'x'.repeat(31)],
  ['the example secret', exampleSecret],
])('%s is refused by name, and not shown', (_name, value) => {
  const message = refusal({ BETTER_AUTH_SECRET: value });

  expect(message).toMatch(/BETTER_AUTH_SECRET/);
  expect(message).not.toContain(value);
});

test('the length of a secret is counted in bytes', () => {
  expect(() => parseConfig({ BETTER_AUTH_SECRET: 'ü'.repeat(16) }, 'serve')).not.toThrow();
});

test('a secret and the keys of an issuer are one too many', () => {
  const message = refusal({ BETTER_AUTH_SECRET: secret, HEDGEROW_JWKS_URL: 'https://id.example.com/jwks' });

  expect(message).toMatch(/both set/);
});

test.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['DATABASE_URL', 'mysql://db'],
  ['DATABASE_URL', 'not a url'],
  ['HEDGEROW_JWKS_URL', 'file:///keys'],
  ['HEDGEROW_CLOCK_SKEW', '1.5'],
  ['HEDGEROW_CLOCK_SKEW', '601'],
  ['HEDGEROW_POOL_SIZE', '0'],
  ['HEDGEROW_WORKERS', '0'],
  ['HEDGEROW_WORKERS', '257'],
  ['HEDGEROW_WORKERS', 'all'],
  ['FRONTEND_URL', '*'],
  ['FRONTEND_URL', 'https://app.example.com/path'],
  ['FRONTEND_URL', 'https://a.example.com,nonsense'],
  ['NODE_ENV', 'prod'],
  ['HEDGEROW_LOG_LEVEL', 'loud'],
])('%s=%s is refused by name', (name, value) => {
  expect(refusal({ [name]: value })).toContain(name);
});

test('all faults are told together', () => {
  const message = refusal({ PORT: 'x', HEDGEROW_CLOCK_SKEW: 'y', HEDGEROW_PORT: '1' });

  expect(message).toMatch(/3 faults/);
});

test('an unknown HEDGEROW_ variable is refused, with what it may have meant', () => {
  const message = refusal({ HEDGEROW_JWKS: 'https://id.example.com/jwks' });

  expect(message).toMatch(/HEDGEROW_JWKS is not known\. Did you mean HEDGEROW_JWKS_URL\?/);
});

test('other variables of the environment are none of its business', () => {
  expect(() => parseConfig({ PATH: '/bin', HOME: '/root' }, 'serve')).not.toThrow();
});

test('front-end origins are a list, with or without a slash at the end', () => {
  const { frontendOrigins } = parseConfig({ FRONTEND_URL: 'https://a.example.com/, http://localhost:3000' }, 'serve');

  expect(frontendOrigins).toEqual(['https://a.example.com', 'http://localhost:3000']);
});

// What each command needs of a database of one's own.
test.each([
  ['serve', { HEDGEROW_OWNER_URL: apiUrl }, 'DATABASE_URL'],
  ['migrate', { DATABASE_URL: apiUrl }, 'HEDGEROW_OWNER_URL'],
  ['bootstrap', { DATABASE_URL: apiUrl, HEDGEROW_OWNER_URL: apiUrl }, 'HEDGEROW_ADMIN_URL'],
  ['psql', { DATABASE_URL: apiUrl }, 'HEDGEROW_OWNER_URL'],
  ['psqlAs', { HEDGEROW_OWNER_URL: apiUrl }, 'DATABASE_URL'],
  ['admin', { DATABASE_URL: apiUrl }, 'HEDGEROW_INSPECTOR_URL'],
] as [Purpose, Record<string, string>, string][])('%s says which URL it lacks', (purpose, env, missing) => {
  expect(refusal(env, purpose)).toMatch(new RegExp(`${missing} is missing`));
});

test.each([
  [undefined, 1],
  ['3', 3],
  ['auto', availableParallelism()],
])('HEDGEROW_WORKERS=%s is so many processes', (value, expected) => {
  expect(parseConfig({ HEDGEROW_WORKERS: value }, 'serve').workers).toBe(expected);
});

test.each([
  [{}, true],
  [{ HEDGEROW_INTROSPECTION: 'off' }, false],
  [{ NODE_ENV: 'production', DATABASE_URL: apiUrl, BETTER_AUTH_SECRET: secret }, false],
  [{ NODE_ENV: 'production', DATABASE_URL: apiUrl, BETTER_AUTH_SECRET: secret, HEDGEROW_INTROSPECTION: 'on' }, true],
])('with %j introspection is %j', (env, introspection) => {
  expect(parseConfig(env, 'serve').introspection).toBe(introspection);
});

test('the file of trusted documents is found from the current folder, and there is none by default', () => {
  expect(parseConfig({ HEDGEROW_TRUSTED_DOCUMENTS: 'documents.json' }, 'serve').trustedDocuments).toBe(
    join(process.cwd(), 'documents.json'),
  );
  expect(parseConfig({}, 'serve').trustedDocuments).toBeUndefined();
});

const authUrl = 'postgres://auth:p@db.example.com/hedgerow';
const jwks = { HEDGEROW_JWKS_URL: 'https://id.example.com/jwks' };

// C-15: who can sign up where.
test.each([
  ['in development', {}, true],
  ['in development with a secret', { BETTER_AUTH_SECRET: secret }, true],
  ['in development with an issuer', jwks, false],
  ['in development with the name of an issuer', { HEDGEROW_ISSUER: 'https://id.example.com' }, false],
  ['in development on a database without a role for accounts', { DATABASE_URL: apiUrl }, false],
  ['with a role for accounts', { DATABASE_URL: apiUrl, HEDGEROW_AUTH_DATABASE_URL: authUrl }, true],
  ['where it is switched off', { HEDGEROW_AUTH: 'off' }, false],
  ['in tests', { NODE_ENV: 'test' }, false],
  ['in production', { NODE_ENV: 'production', DATABASE_URL: apiUrl, BETTER_AUTH_SECRET: secret }, false],
] as [string, Record<string, string>, boolean][])('%s, accounts: %s', (_where, env, expected) => {
  expect(parseConfig(env, 'serve').accounts !== undefined).toBe(expected);
});

test('accounts in production need all that they need, and say so at once', () => {
  const message = refusal({ NODE_ENV: 'production', HEDGEROW_AUTH: 'embedded' });

  for (const name of [
    'DATABASE_URL',
    'HEDGEROW_AUTH_DATABASE_URL',
    'BETTER_AUTH_SECRET',
    'HEDGEROW_PUBLIC_URL',
    'HEDGEROW_SMTP_URL',
  ]) {
    expect(message).toContain(`${name} is missing`);
  }
});

test('addresses are verified in production, and elsewhere when it is asked for', () => {
  const production = {
    NODE_ENV: 'production',
    HEDGEROW_AUTH: 'embedded',
    DATABASE_URL: apiUrl,
    HEDGEROW_AUTH_DATABASE_URL: authUrl,
    BETTER_AUTH_SECRET: secret,
    HEDGEROW_PUBLIC_URL: 'https://api.example.com',
    HEDGEROW_SMTP_URL: 'smtps://smtp.example.com',
    HEDGEROW_MAIL_FROM: 'tasks@example.com',
  };

  expect(parseConfig(production, 'serve').accounts).toEqual({
    publicUrl: 'https://api.example.com',
    verifyEmail: true,
    mail: { smtpUrl: 'smtps://smtp.example.com', from: 'tasks@example.com' },
  });
  expect(parseConfig({ ...production, HEDGEROW_VERIFY_EMAIL: 'off' }, 'serve').accounts!.verifyEmail).toBe(false);
  expect(parseConfig({}, 'serve').accounts).toEqual({ verifyEmail: false });
  expect(parseConfig({ HEDGEROW_VERIFY_EMAIL: 'on' }, 'serve').accounts!.verifyEmail).toBe(true);
});

test.each([
  [{ HEDGEROW_AUTH: 'embedded', ...jwks }, /tokens come from Hedgerow or from an issuer/],
  [{ HEDGEROW_PREVIOUS_SECRET: secret }, /without BETTER_AUTH_SECRET/],
  [{ HEDGEROW_SMTP_URL: 'smtp://localhost' }, /HEDGEROW_MAIL_FROM is missing/],
  [{ HEDGEROW_SMTP_URL: 'https://localhost' }, /HEDGEROW_SMTP_URL must be a URL/],
  [{ HEDGEROW_PUBLIC_URL: 'https://api.example.com/path' }, /HEDGEROW_PUBLIC_URL must be an origin/],
  [{ DATABASE_URL: apiUrl, HEDGEROW_RATE_LIMIT_STORE: 'postgres' }, /HEDGEROW_AUTH_DATABASE_URL is missing/],
] as [Record<string, string>, RegExp][])('%j is refused', (env, message) => {
  expect(refusal(env)).toMatch(message);
});

test('migrate needs no secret, not even in production', () => {
  expect(() => parseConfig({ NODE_ENV: 'production', HEDGEROW_OWNER_URL: apiUrl }, 'migrate')).not.toThrow();
});
