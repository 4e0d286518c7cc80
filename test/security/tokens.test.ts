/** Mallory forges and bends tokens. Each denial is followed by a control: an honest token still passes the same verifier. */
import { constants, sign } from 'node:crypto';
import { ApiError } from '../../src/errors.ts';
import { createTokenVerifier } from '../../src/auth/verify-token.ts';
import type { VerifyToken } from '../../src/auth/verify-token.ts';
import { startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';
import { base64url, hmac, inSeconds, mint, newKey, testSecret } from '../support/tokens.ts';
import type { Signer } from '../support/tokens.ts';

const ed = newKey('EdDSA', 'ed');
const ec = newKey('ES256', 'ec');
const rsa = newKey('RS256', 'rsa');
const weak = newKey('RS256', 'weak', 1024);
const mallorys = newKey('EdDSA', 'ed');
/** Honest signatures by published keys, with algorithms that are not accepted. */
const unaccepted: Signer[] = [
  { ...rsa, alg: 'RS384', sign: (input) => sign('sha384', input, rsa.privateKey) },
  { ...rsa, alg: 'RS512', sign: (input) => sign('sha512', input, rsa.privateKey) },
  {
    ...rsa,
    alg: 'PS256',
    sign: (input) =>
      sign('sha256', input, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  },
  { ...ed, alg: 'Ed25519' },
];
const shared = { kty: 'oct', kid: 'shared', k: base64url(testSecret) };

const alice = { sub: 'alice', exp: inSeconds(900) };
const unsigned: Signer = { alg: 'none', sign: () => Buffer.alloc(0) };
const [header = '', payload = '', signature = ''] = mint(alice).split('.');

let issuer: Issuer;
let bySecret: VerifyToken;
let byKeySet: VerifyToken;
let liberalIssuer: Issuer;
let byLiberalKeySet: VerifyToken;

beforeAll(async () => {
  issuer = await startIssuer(ed.jwk, ec.jwk, rsa.jwk, weak.jwk, shared);
  bySecret = createTokenVerifier({ kind: 'secret', secret: testSecret }, { clockSkewSeconds: 60 });
  byKeySet = createTokenVerifier({ kind: 'jwks', url: issuer.url }, { clockSkewSeconds: 60 });
  liberalIssuer = await startIssuer(...[ed, rsa].map(({ jwk: { alg: _alg, use: _use, ...rest } }) => rest));
  byLiberalKeySet = createTokenVerifier({ kind: 'jwks', url: liberalIssuer.url }, { clockSkewSeconds: 60 });
});

afterAll(() => Promise.all([issuer.close(), liberalIssuer.close()]));

/** Refused with 401, with a message that repeats nothing of the token, while honest tokens pass. */
async function expectRefused(verify: VerifyToken, token: string): Promise<void> {
  const error: unknown = await verify(token).then(
    (identity) => ({ accepted: identity }),
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  expect(error).toBeInstanceOf(ApiError);
  for (const part of token.split('.').filter((text) => text.length > 8)) {
    expect((error as ApiError).message).not.toContain(part);
  }
  const control = verify === bySecret ? mint(alice) : mint(alice, { by: ed });
  await expect(verify(control)).resolves.toMatchObject({ sub: 'alice' });
}

// C-10
test.each([
  ['empty', ''],
  ['a word', 'token'],
  ['one dot', '.'],
  ['dots only', '..'],
  ['too many dots', '....'],
  ['garbled', 'not.a.token'],
  ['control characters', '\0.\n.\x7f'],
  ['outside ASCII', 'é.ü.🌳'],
  ['without its signature', `${header}.${payload}`],
  ['with an empty signature', `${header}.${payload}.`],
  ['without its header', `.${payload}.${signature}`],
  ['without its payload', `${header}..${signature}`],
  ['with its payload first', `${payload}.${header}.${signature}`],
  ['backwards', `${signature}.${payload}.${header}`],
  ['with a fourth part', `${header}.${payload}.${signature}.${signature}`],
  ['an encrypted token (JWE)', `${base64url('{"alg":"dir","enc":"A256GCM"}')}..${base64url('iv')}.AAAA.AAAA`],
  ['with a signature cut short', `${header}.${payload}.${signature.slice(0, -4)}`],
  ['with a signature grown longer', `${header}.${payload}.${signature}AAAA`],
  ['with a signature of zeros', `${header}.${payload}.${'A'.repeat(43)}`],
  ['padded', `${header}.${payload}.${signature}=`],
  ['with white space before it', ` ${header}.${payload}.${signature}`],
  ['with white space after it', `${header}.${payload}.${signature} `],
  ['with a line break after it', `${header}.${payload}.${signature}\n`],
  ['with white space in its signature', `${header}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`],
  ['JSON', JSON.stringify({ protected: header, payload, signature })],
  ['with the payload of another', `${header}.${base64url(JSON.stringify({ ...alice, sub: 'bob' }))}.${signature}`],
])('A token that is %s is refused.', async (_title, token) => {
  await expectRefused(bySecret, token);
  await expectRefused(byKeySet, token);
});

// C-10
test('A token of 9,000 characters is refused before it is parsed, whoever signed it.', async () => {
  const requests = issuer.requests;
  const token = mint({ ...alice, padding: 'x'.repeat(6_700) });

  expect(token.length).toBeGreaterThan(9_000);
  await expectRefused(bySecret, token);
  await expectRefused(byKeySet, mint({ ...alice, padding: 'x'.repeat(6_700) }, { by: { ...ed, kid: 'new' } }));
  expect(issuer.requests - requests).toBeLessThanOrEqual(1); // the control's
});

// C-10
test.each(['none', 'None', 'NONE', 'nOnE'])('An unsigned token with the algorithm %j is refused.', async (alg) => {
  const withoutSignature = mint(alice, { by: unsigned, header: { alg } });
  const withSomeSignature = mint(alice, { header: { alg } });

  await expectRefused(bySecret, withoutSignature);
  await expectRefused(bySecret, withSomeSignature);
  await expectRefused(byKeySet, withoutSignature);
  await expectRefused(byKeySet, withSomeSignature);
});

// C-10
test.each([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 256],
  ['a list', ['HS256']],
  ['in lower case', 'hs256'],
  ['unknown', 'HS1'],
  ['a name that objects have', 'constructor'],
  ['the prototype', '__proto__'],
])('A token whose algorithm is %s is refused.', async (_title, alg) => {
  await expectRefused(bySecret, mint(alice, { header: { alg } }));
  await expectRefused(byKeySet, mint(alice, { by: ed, header: { alg } }));
});

// C-11
test.each([
  ['HS384', hmac('HS384', testSecret)],
  ['HS512', hmac('HS512', testSecret)],
  ['EdDSA', ed],
  ['ES256', ec],
  ['RS256', rsa],
])('A verifier with a secret refuses %s.', async (_alg, by) => {
  await expectRefused(bySecret, mint(alice, { by }));
});

// C-12
test.each([
  ['the secret of the other kind of verifier', hmac('HS256', testSecret)],
  ['a shared key that the key set contains', { ...hmac('HS256', testSecret), kid: 'shared' }],
  ['the RSA key as PEM', { ...hmac('HS256', rsa.publicKey.export({ type: 'spki', format: 'pem' })), kid: 'rsa' }],
  ['the RSA key as PKCS #1', { ...hmac('HS256', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })), kid: 'rsa' }],
  ['the RSA key as DER', { ...hmac('HS256', rsa.publicKey.export({ type: 'spki', format: 'der' })), kid: 'rsa' }],
  ['the RSA modulus', { ...hmac('HS256', Buffer.from(rsa.jwk.n ?? '', 'base64url')), kid: 'rsa' }],
  ['the Ed25519 key as bytes', { ...hmac('HS256', Buffer.from(ed.jwk.x ?? '', 'base64url')), kid: 'ed' }],
  ['an empty secret', { ...hmac('HS256', ''), kid: 'ed' }],
])('A verifier with a key set refuses HS256 signed with %s.', async (_title, by) => {
  await expectRefused(byKeySet, mint(alice, { by }));
});

// C-12
test.each(unaccepted)(
  'A verifier with a key set refuses $alg, also if the key is published for any use.',
  async (by) => {
    await expectRefused(byLiberalKeySet, mint(alice, { by }));
  },
);

// C-11
test('The algorithm is refused before any key is used.', async () => {
  const error: unknown = await bySecret(mint(alice, { by: hmac('HS384', testSecret) })).catch(
    (thrown: unknown) => thrown,
  );

  expect(error).toMatchObject({ cause: { code: 'ERR_JOSE_ALG_NOT_ALLOWED' } });
});

// C-12
test.each(['RS384', 'RS512', 'PS256', 'ES384', 'Ed25519', 'HS256', 'EdDSA', 'ES256'])(
  'A verifier with a key set refuses an RSA signature called %s.',
  async (alg) => {
    await expectRefused(byKeySet, mint(alice, { by: rsa, header: { alg } }));
  },
);

// C-12
test.each([
  ["with mallory's key under a known id", { by: mallorys }],
  ["with mallory's key in the header", { by: mallorys, header: { jwk: mallorys.jwk } }],
  ["with mallory's key at a URL in the header", { by: mallorys, header: { jku: 'http://127.0.0.1:1/jwks' } }],
  ['with a key that is not in the set', { by: mallorys, header: { kid: 'elsewhere' } }],
  ['under the id of another key', { by: ed, header: { kid: 'ec' } }],
  ['under an id that is a path', { by: ed, header: { kid: '../../dev/null' } }],
  ['under an id that is a number', { by: ed, header: { kid: 1 } }],
  ['under an id that is an object', { by: ed, header: { kid: { toString: 'ed' } } }],
  ['by a published RSA key of 1,024 bits', { by: weak }],
])('A token signed %s is refused.', async (_title, options) => {
  await expectRefused(byKeySet, mint(alice, options));
});

// C-10
test.each([
  ['an unknown critical extension', { crit: ['exp'], exp: alice.exp }],
  ['a critical extension that is absent', { crit: ['b64'] }],
  ['an empty list of critical extensions', { crit: [] }],
  ['critical extensions that are no list', { crit: 'b64', b64: true }],
  ['critical extensions that are null', { crit: null }],
  ['critical extensions that are no strings', { crit: [1] }],
  ['an unencoded payload', { crit: ['b64'], b64: false }],
  ['an encoding that is no boolean', { crit: ['b64'], b64: 'false' }],
])('A token whose header has %s is refused.', async (_title, extra) => {
  await expectRefused(bySecret, mint(alice, { header: extra }));
  await expectRefused(byKeySet, mint(alice, { by: ed, header: extra }));
});

// C-10
test('A token whose payload is really left unencoded is refused.', async () => {
  const head = base64url(JSON.stringify({ alg: 'HS256', b64: false, crit: ['b64'] }));
  const input = `${head}.${JSON.stringify(alice)}`;

  await expectRefused(bySecret, `${input}.${base64url(hmac('HS256', testSecret).sign(Buffer.from(input)))}`);
});

// C-10
test.each([
  ['not JSON', 'alice'],
  ['empty JSON', ' '],
  ['a list', '[]'],
  ['a string', '"alice"'],
  ['a number', '1'],
  ['null', 'null'],
  ['an empty object', '{}'],
  ['deeply nested', `${'['.repeat(3_000)}${']'.repeat(3_000)}`],
  ['cut short', '{"sub":"alice","exp":99999999999'],
  ['an object whose prototype holds the claims', `{"__proto__":{"sub":"alice","exp":${alice.exp}}}`],
])('A token whose payload is %s is refused.', async (_title, content) => {
  await expectRefused(bySecret, mint(content));
  await expectRefused(byKeySet, mint(content, { by: ed }));
});

// C-13
test.each([
  ['absent', {}],
  ['empty', { sub: '' }],
  ['null', { sub: null }],
  ['a number', { sub: 1 }],
  ['a list', { sub: ['alice'] }],
  ['an object', { sub: { id: 'alice' } }],
  ['256 characters long', { sub: 'x'.repeat(256) }],
  ['256 astral characters long', { sub: '🌳'.repeat(256) }],
  ['followed by NUL', { sub: 'alice\0' }],
  ['followed by half a character', { sub: 'alice\ud83c' }],
])('A token whose subject is %s is refused.', async (_title, claims) => {
  await expectRefused(bySecret, mint({ ...claims, exp: alice.exp }));
  await expectRefused(byKeySet, mint({ ...claims, exp: alice.exp }, { by: ed }));
});

// C-13 C-31
test.each([
  ['a byte that UTF-8 does not have', [0xff]],
  ['another byte that UTF-8 does not have', [0xfe]],
  ['a character cut short', [0xe2, 0x82]],
  ['a NUL written too long', [0xc0, 0x80]],
  ['a surrogate written as UTF-8', [0xed, 0xa0, 0x80]],
])('A subject with %s is nobody, not the user of the replacement character.', async (_title, bytes) => {
  const content = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from(bytes), Buffer.from(`","exp":${alice.exp}}`)]);

  await expectRefused(bySecret, mint(content));
  await expectRefused(byKeySet, mint(content, { by: ed }));
});

// C-13 C-31
test('Subjects that look alike stay different users.', async () => {
  const subs = [
    'alice',
    'ALICE',
    ' alice',
    'alice ',
    'alice\n',
    '\ufeffalice',
    'аlice',
    'caf\u00e9',
    'cafe\u0301',
    '\ufffd',
  ];

  const identities = await Promise.all(subs.map((sub) => bySecret(mint({ sub, exp: alice.exp }))));

  expect(identities.map(({ sub }) => sub)).toEqual(subs);
});

// C-13
test('Of a subject given twice the last counts, as RFC 7519 §4 has it.', async () => {
  const identity = await bySecret(mint(`{"sub":"alice","sub":"bob","exp":${alice.exp}}`));

  expect(identity.sub).toBe('bob');
});

// C-30 C-31
test('Claims that name a role, an owner or a setting have no effect.', async () => {
  const token = mint({ ...alice, role: 'postgres', is_admin: true, owner_id: 'bob', 'jwt.claims.sub': 'bob' });

  const identity = await bySecret(token);

  expect(identity).toEqual({ sub: 'alice', expiresAt: alice.exp });
});
