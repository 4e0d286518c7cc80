/** Attacks through the header: what a token says of itself, to a verifier that believes it. */
import { base64url, hmac, mint } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest, json, partsOf, seal } from './cast.ts';
import type { Cast, Hostile } from './cast.ts';
import { selfSigned } from './certificate.ts';

const unsigned: Signer = { alg: 'none', sign: () => Buffer.alloc(0) };
const mallorysSecret = hmac('HS256', 'a secret that only Mallory knows, and long enough');

/** `by` signs honest tokens of the verifier under attack. */
export const headers = (by: Signer, cast: Cast): Hostile[] => [
  ...algorithms(by),
  ...bringingKeys(cast),
  ...keyIds(),
  ...critical(by),
  ...types(by),
  ...notAnObject(by),
];

const types = (by: Signer): Hostile[] =>
  [
    'logout+jwt',
    'secevent+jwt',
    'dpop+jwt',
    'oauth-authz-req+jwt',
    'better-auth.session-cache+jwt',
    'JWE',
    'JWT ',
    'at+jwt;x',
    '',
    null,
    1,
    ['JWT'],
  ].map((typ) => ({
    name: `typ ${JSON.stringify(typ)}`,
    why: 'What the issuer signs for another purpose, with the same key, must not become a way in.',
    token: mint(honest, { by, header: { typ } }),
  }));

const algorithms = (by: Signer): Hostile[] => [
  ...['none', 'None', 'NONE', 'nOnE'].flatMap((alg) => [
    {
      name: `alg ${alg}, unsigned`,
      why: 'Anybody can write a token that nobody has to sign.',
      token: mint(honest, { by: unsigned, header: { alg } }),
    },
    {
      name: `alg ${alg}, with a signature`,
      why: 'A signature that is there but not looked at makes the token look checked.',
      token: mint(honest, { by, header: { alg } }),
    },
  ]),
  ...Object.entries({
    absent: undefined,
    null: null,
    empty: '',
    'a number': 256,
    'a list with the right one': [by.alg],
    'an object': { toString: by.alg },
    'in another case': by.alg === 'EdDSA' ? 'eddsa' : by.alg.toLowerCase(),
    'followed by a space': `${by.alg} `,
    'followed by NUL': `${by.alg}\0`,
    unknown: 'HS1',
    'a name that every object has': 'constructor',
    'the name of the prototype': '__proto__',
  }).map(([title, alg]) => ({
    name: `alg ${title}`,
    why: 'A verifier that guesses, folds or looks up the algorithm can be led to another one.',
    token: mint(honest, { by, header: { alg } }),
  })),
  {
    name: 'alg twice, none last',
    why: 'Two parsers in a row may each see another algorithm.',
    token: seal(`{"alg":"${by.alg}","kid":${JSON.stringify(by.kid ?? '')},"alg":"none"}`, json({}), by),
  },
  {
    name: 'alg in the prototype',
    why: 'A merge of objects would take the algorithm from the prototype.',
    token: seal(`{"__proto__":{"alg":"${by.alg}"}}`, json({}), by),
  },
];

/** Each is signed by the key that it brings, and by the one that a verifier of the other kind would take from it. */
const bringingKeys = ({ mallory }: Cast): Hostile[] => {
  const certificate = selfSigned('mallory', mallory.ed);
  const href = mallory.url.href;
  return Object.entries({
    jwk: { jwk: mallory.ed.jwk },
    jku: { jku: href },
    x5u: { x5u: href },
    x5c: { x5c: [certificate.toString('base64')] },
    'all of them': { jwk: mallory.ed.jwk, jku: href, x5u: href, x5c: [certificate.toString('base64')] },
    'a jku that begins like the issuer': { jku: `https://id.example@${mallory.url.host}/jwks` },
  })
    .map(([title, header]) => ({
      name: `Mallory's key in the header: ${title}`,
      why: 'A token that brings the key to check it with vouches for itself.',
      token: mint(honest, { by: mallory.ed, header }),
    }))
    .concat({
      name: "Mallory's secret in the header",
      why: 'A token that brings the secret to check it with vouches for itself.',
      token: mint(honest, {
        by: mallorysSecret,
        header: { jwk: { kty: 'oct', k: base64url('a secret that only Mallory knows, and long enough') } },
      }),
    });
};

/** Signed with what the verifier would find if it used the key id to look for a secret. */
const keyIds = (): Hostile[] =>
  Object.entries<[unknown, string]>({
    'a path to an empty file': ['../../../../../../dev/null', ''],
    'a path to a file that everybody has': ['/proc/sys/kernel/randomize_va_space', '2\n'],
    SQL: ["nobody' union select 'mallory", 'mallory'],
    'a command': ['key; echo mallory', 'mallory\n'],
    'the prototype': ['__proto__', '[object Object]'],
    'an object': [{ kty: 'oct', k: base64url('mallory') }, 'mallory'],
  }).map(([title, [kid, found]]) => ({
    name: `kid ${title}`,
    why: 'A key id that reaches a file, a query or a shell lets the sender choose the secret.',
    token: mint(honest, { by: hmac('HS256', found), header: { kid } }),
  }));

const critical = (by: Signer): Hostile[] => [
  ...Object.entries<object>({
    'an unknown extension': { crit: ['exp'], exp: honest.exp },
    'an extension that is absent': { crit: ['b64'] },
    'an empty list': { crit: [] },
    'no list': { crit: 'b64', b64: true },
    null: { crit: null },
    numbers: { crit: [1] },
    'a name of the standard': { crit: ['alg'] },
    'an extension twice': { crit: ['b64', 'b64'], b64: false },
  }).map(([title, header]) => ({
    name: `crit ${title}`,
    why: 'What is critical has to be understood, or the token means something else than was checked (RFC 7515 §4.1.11).',
    token: mint(honest, { by, header }),
  })),
  {
    name: 'b64 false, though encoded',
    why: 'What was signed and what is read would be two different texts.',
    token: mint(honest, { by, header: { crit: ['b64'], b64: false } }),
  },
  {
    name: 'b64 that is no boolean',
    why: 'A text is true to one verifier and false to the next.',
    token: mint(honest, { by, header: { crit: ['b64'], b64: 'false' } }),
  },
  {
    name: 'b64 false, really unencoded',
    why: 'A payload that is not encoded may hold dots, and so move the border between payload and signature.',
    token: unencoded(by),
  },
];

function unencoded(by: Signer): string {
  const header = base64url(JSON.stringify({ alg: by.alg, kid: by.kid, crit: ['b64'], b64: false }));
  const input = `${header}.${JSON.stringify(honest)}`;
  return `${input}.${base64url(by.sign(Buffer.from(input)))}`;
}

const notAnObject = (by: Signer): Hostile[] => {
  const header = JSON.stringify({ alg: by.alg, kid: by.kid });
  return Object.entries<string | Uint8Array>({
    'no JSON': by.alg,
    'a list': `[${header}]`,
    'a text': JSON.stringify(header),
    null: 'null',
    'cut short': header.slice(0, -1),
    'in UTF-16': Buffer.from(header, 'utf16le'),
    'with a byte that UTF-8 does not have': Buffer.concat([
      Buffer.from(header.slice(0, -1)),
      Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    ]),
    'followed by another': `${header}{"alg":"none"}`,
  })
    .map(([title, content]) => ({
      name: `header ${title}`,
      why: 'A header that one parser reads and the next does not is checked by rules that neither has.',
      token: seal(content, JSON.stringify(honest), by),
    }))
    .concat({
      name: 'header and payload swapped',
      why: 'Claims would be read from a part that was never meant to hold them.',
      token: `${partsOf(by).payload}.${partsOf(by).header}.${partsOf(by).signature}`,
    });
};
