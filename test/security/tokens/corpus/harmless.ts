/** Tokens that look hostile, are accepted by design, and do no harm: each with the user whose it is. */
import { hmac, mint, testSecret } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest, json, seal, signerOf } from './cast.ts';
import type { Cast, Harmless, Kind } from './cast.ts';
import { selfSigned } from './certificate.ts';
import { otherForm, withSpareBits } from './keys.ts';

/** The ones that a verifier of the kind accepts. */
export const harmlessTo = (kind: Kind, cast: Cast): Harmless[] => {
  const by = signerOf(kind, cast);
  return [
    ...lookAlikes(by),
    ...twice(by),
    ...roles(by),
    ...otherClaims(by),
    ...writing(by),
    ...headers(by, cast),
    ...(kind === 'secret' ? keyIds() : ofKeySets(cast)),
  ];
};

const lookAlikes = (by: Signer): Harmless[] =>
  Object.entries({
    plain: 'alice',
    'in capitals': 'ALICE',
    'with a space before it': ' alice',
    'with a space after it': 'alice ',
    'with a line break after it': 'alice\n',
    'with a tab after it': 'alice\t',
    'with a byte order mark before it': '\ufeffalice',
    'with a zero-width space in it': 'ali\u200bce',
    'with a Cyrillic letter in it': '\u0430lice',
    'in full width': 'ａｌｉｃｅ',
    'written from right to left': '\u202eecila',
    'with an accent, composed': 'caf\u00e9',
    'with an accent, decomposed': 'cafe\u0301',
    'the replacement character': '\ufffd',
    'a percent-encoded letter': '%61lice',
    SQL: "alice' or '1'='1",
    'a wildcard': '%',
    'a word that is none': 'null',
    'the name of a role': 'postgres',
  }).map(([title, sub]) => ({
    name: `sub ${title}`,
    why: 'Subjects are compared as they are, so those that look alike are different users.',
    token: mint({ ...honest, sub }, { by }),
    sub,
  }));

const twice = (by: Signer): Harmless[] => [
  {
    name: 'sub twice',
    why: 'Both are signed, and the last one counts (RFC 7519 §4).',
    token: mint(json({ sub: '"alice","sub":"twice"' }), { by }),
    sub: 'twice',
  },
  {
    name: 'sub twice, once with an escape in its name',
    why: 'Both are signed, and the last one counts, however its name is written.',
    token: mint(json({ sub: '"alice","\\u0073ub":"escaped"' }), { by }),
    sub: 'escaped',
  },
  {
    name: 'exp twice, the second in the future',
    why: 'Both are signed, and the last one counts.',
    token: mint(json({ sub: '"lasting"', exp: `1,"exp":${honest.exp}` }), { by }),
    sub: 'lasting',
  },
];

const roles = (by: Signer): Harmless[] =>
  [
    'postgres',
    'hedgerow_owner',
    'hedgerow_authenticator',
    'hedgerow_visitor',
    'hedgerow_test_owner',
    'hedgerow_test_api',
    'service_role',
    'pg_read_all_data',
    'none',
  ].map((role) => ({
    name: `role ${role}`,
    why: 'A role comes from the server’s own settings, never from a claim.',
    token: mint({ ...honest, sub: `as ${role}`, role }, { by }),
    sub: `as ${role}`,
  }));

const otherClaims = (by: Signer): Harmless[] =>
  Object.entries<object>({
    owner_id: { owner_id: 'bob', ownerId: 'bob' },
    is_admin: { is_admin: true, admin: true, superuser: true },
    scope: { scope: 'admin *', permissions: ['*'], groups: ['administrators'] },
    'jwt.claims.sub': { 'jwt.claims.sub': 'bob', 'jwt.claims.role': 'postgres' },
    'claims inside of claims': { jwt: { claims: { sub: 'bob' } }, claims: { sub: 'bob' } },
    settings: { role: 'postgres', search_path: 'pg_temp', row_security: 'off', session_authorization: 'postgres' },
    'a prototype': { ['__proto__']: { sub: 'bob', role: 'postgres' } },
    'the name and address of another': { name: 'Bob', email: 'bob@example.com' },
  }).map(([title, extra]) => ({
    name: `claims: ${title}`,
    why: 'Of the claims only subject, name and address leave the verifier.',
    token: mint({ ...honest, sub: `with ${title}`, ...extra }, { by }),
    sub: `with ${title}`,
  }));

const writing = (by: Signer): Harmless[] => [
  ...['JWT', 'jwt', 'at+jwt', 'application/at+jwt'].map((typ) => ({
    name: `typ ${typ}`,
    why: 'Access tokens say so (RFC 9068 §2.1), and most issuers say JWT.',
    token: mint({ ...honest, sub: `of the type ${typ}` }, { by, header: { typ } }),
    sub: `of the type ${typ}`,
  })),
  {
    name: 'a fraction in exp',
    why: 'A NumericDate may have one (RFC 7519 §2).',
    token: mint({ ...honest, exp: honest.exp + 0.5 }, { by }),
    sub: 'alice',
  },
  {
    name: 'iat in the future',
    why: 'RFC 7519 §4.1.6 gives it no meaning for validity.',
    token: mint({ ...honest, iat: honest.exp }, { by }),
    sub: 'alice',
  },
  {
    name: 'aud as a list with ours among others',
    why: 'The issuer gave the token to each of them.',
    token: mint({ ...honest, aud: ['billing-api', 'tasks-api'] }, { by }),
    sub: 'alice',
  },
  {
    name: 'a payload with white space',
    why: 'JSON allows it, and it is signed.',
    token: mint(JSON.stringify(honest, null, 2), { by }),
    sub: 'alice',
  },
  {
    name: 'a payload with a byte order mark',
    why: 'Decoding drops it, as RFC 8259 §8.1 allows, and the claims behind it are signed.',
    token: mint(`\ufeff${JSON.stringify(honest)}`, { by }),
    sub: 'alice',
  },
  {
    name: 'a claim that is nested 2,000 deep',
    why: 'It is bounded by the length of a token, and nobody walks through it.',
    token: mint(json({ deep: `${'['.repeat(2_000)}${']'.repeat(2_000)}` }), { by }),
    sub: 'alice',
  },
  {
    name: 'spare bits at the end of the signature',
    why: 'The bytes are the same; nothing here is keyed on the text of a token.',
    token: withSpareBits(mint(honest, { by })),
    sub: 'alice',
  },
];

/** The key of the verifier signed them: what else the header offers is left alone. */
const headers = (by: Signer, { mallory }: Cast): Harmless[] => [
  ...Object.entries<object>({
    jwk: { jwk: mallory.ed.jwk },
    jku: { jku: mallory.url.href },
    x5u: { x5u: mallory.url.href },
    x5c: { x5c: [selfSigned('mallory', mallory.ed).toString('base64')] },
  }).map(([title, header]) => ({
    name: `Mallory's key in the header of an honest token: ${title}`,
    why: 'It is neither fetched nor used.',
    token: mint(honest, { by, header }),
    sub: 'alice',
  })),
  {
    name: 'alg twice, the accepted one last',
    why: 'The header is signed too, and the last one counts.',
    token: seal(`{"alg":"none",${JSON.stringify({ alg: by.alg, kid: by.kid }).slice(1)}`, json({}), by),
    sub: 'alice',
  },
];

const keyIds = (): Harmless[] =>
  Object.entries<unknown>({
    'a path': '../../../../../../dev/null',
    SQL: "nobody' union select 'mallory",
    'an object': { kty: 'oct', k: '' },
    'very long': 'x'.repeat(4_000),
  }).map(([title, kid]) => ({
    name: `an honest signature whose kid is ${title}`,
    why: 'A verifier with one secret never looks at it.',
    token: mint(honest, { by: hmac('HS256', testSecret), header: { kid } }),
    sub: 'alice',
  }));

const ofKeySets = ({ ed, ec }: Cast): Harmless[] => [
  {
    name: 'no kid where one key fits',
    why: 'OpenID Connect Core §10.1 asks for one only where several keys are published for the algorithm.',
    token: mint(honest, { by: { ...ed, kid: undefined } }),
    sub: 'alice',
  },
  {
    name: 'the other form of an ES256 signature',
    why: 'It takes the signature of the same token to make it.',
    token: mint(honest, { by: { ...ec, sign: (input) => otherForm(ec.sign(input)) } }),
    sub: 'alice',
  },
];
