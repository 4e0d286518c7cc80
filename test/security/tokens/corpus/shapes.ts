/** Attacks by shape: what is no signed token of three parts in base64url, or is not written as one. */
import { gzipSync } from 'node:zlib';
import { base64url, mint } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest, partsOf } from './cast.ts';
import type { Cast, Hostile } from './cast.ts';

/** `by` signs honest tokens of the verifier under attack. */
export const shapes = (by: Signer, cast: Cast): Hostile[] => [
  ...noToken(),
  ...parts(by),
  ...writing(by),
  ...tooLong(by),
  ...otherFormats(by, cast),
];

const noToken = (): Hostile[] =>
  Object.entries<string>({
    empty: '',
    'a word': 'token',
    'one dot': '.',
    'dots only': '..',
    'too many dots': '....',
    garbled: 'not.a.token',
    'outside ASCII': 'é.ü.🌳',
  }).map(([name, token]) => ({ name, why: 'What is no token must not be taken for one that says nothing.', token }));

function parts(by: Signer): Hostile[] {
  const { header, payload, signature } = partsOf(by);
  const other = partsOf({ ...by, sign: (input) => by.sign(Buffer.concat([input, Buffer.from('.')])) });
  const forged = base64url(JSON.stringify({ ...honest, sub: 'bob' }));
  return [
    ...Object.entries({
      'without its signature': `${header}.${payload}`,
      'with an empty signature': `${header}.${payload}.`,
      'with half a signature': `${header}.${payload}.${signature.slice(0, signature.length / 2)}`,
      'with a signature cut short': `${header}.${payload}.${signature.slice(0, -4)}`,
      'with a signature grown longer': `${header}.${payload}.${signature}AAAA`,
      'with a signature of zeros': `${header}.${payload}.${'A'.repeat(signature.length)}`,
      'with a signature of other bytes': `${header}.${payload}.${other.signature}`,
      'with the payload of another': `${header}.${forged}.${signature}`,
      'with a payload cut short': `${header}.${payload.slice(0, -4)}.${signature}`,
    }).map(([title, token]) => ({
      name: title,
      why: 'A signature that is not there, or not of this text, proves nothing.',
      token,
    })),
    ...Object.entries({
      'without its header': `.${payload}.${signature}`,
      'without its payload': `${header}..${signature}`,
      'its payload alone': payload,
      backwards: `${signature}.${payload}.${header}`,
      'with its signature in the middle': `${header}.${signature}.${payload}`,
      'with a fourth part': `${header}.${payload}.${signature}.${signature}`,
      'with an empty fourth part': `${header}.${payload}.${signature}.`,
      'with an empty part in front': `.${header}.${payload}.${signature}`,
      'with another payload in front of its own': `${header}.${forged}.${payload}.${signature}`,
      'two tokens in one': `${header}.${payload}.${signature}.${header}.${forged}.${signature}`,
    }).map(([title, token]) => ({
      name: title,
      why: 'A verifier and a reader that count the parts differently see different claims.',
      token,
    })),
  ];
}

function writing(by: Signer): Hostile[] {
  const { header, payload, signature } = partsOf(by);
  const token = `${header}.${payload}.${signature}`;
  const inside = (part: string, text: string) => `${part.slice(0, 9)}${text}${part.slice(9)}`;
  const why = 'One token must have one text, or lists of revoked tokens, caches and filters in front miss the others.';
  return [
    { name: 'padded in its header', why, token: `${header}=.${payload}.${signature}` },
    { name: 'padded in its payload', why, token: `${header}.${payload}=.${signature}` },
    { name: 'padded in its signature', why, token: `${token}=` },
    { name: 'padded twice', why, token: `${token}==` },
    { name: 'with white space in its header', why, token: `${inside(header, ' ')}.${payload}.${signature}` },
    { name: 'with white space in its payload', why, token: `${header}.${inside(payload, ' ')}.${signature}` },
    { name: 'with white space in its signature', why, token: `${header}.${payload}.${inside(signature, ' ')}` },
    { name: 'with white space at a dot', why, token: `${header} . ${payload} . ${signature}` },
    { name: 'with a tab in its signature', why, token: `${header}.${payload}.${inside(signature, '\t')}` },
    { name: 'with a tab before it', why, token: `\t${token}` },
    { name: 'with a no-break space before it', why, token: `\u00a0${token}` },
    { name: 'with a no-break space after it', why, token: `${token}\u00a0` },
    { name: 'with a byte order mark before it', why, token: `\ufeff${token}` },
    {
      name: 'with a zero-width space in its signature',
      why,
      token: `${header}.${payload}.${inside(signature, '\u200b')}`,
    },
    { name: 'with a line break after it', why, token: `${token}\n`, parser: 400 },
    { name: 'with a line break in it', why, token: `${header}.\n${payload}.${signature}`, parser: 400 },
    { name: 'with a folded line in it', why, token: `${header}.${payload}\r\n .${signature}`, parser: 400 },
    { name: 'with a carriage return in it', why, token: `${header}.${payload}\r.${signature}`, parser: 400 },
    { name: 'with NUL after it', why, token: `${token}\0`, parser: 400 },
    { name: 'with DEL in it', why, token: `${header}\x7f.${payload}.${signature}`, parser: 400 },
    { name: 'with its dots percent-encoded', why, token: token.replaceAll('.', '%2E') },
    { name: 'with a character percent-encoded', why, token: `%65${token.slice(1)}` },
    { name: 'with full-width dots', why, token: token.replaceAll('.', '．') },
    { name: 'with a full-width letter', why, token: `ｅ${token.slice(1)}` },
    { name: 'in quotes', why, token: `"${token}"` },
    { name: 'with the scheme twice', why, token: `Bearer ${token}` },
    { name: 'twice, with a comma', why, token: `${token}, ${token}` },
    { name: 'twice, with a comma and the scheme', why, token: `${token}, Bearer ${token}` },
    { name: 'with a parameter after it', why, token: `${token}; charset="utf-8"` },
    { name: 'in the alphabet of base64', why, token: inBase64(by) },
    { name: 'with spare bits in its payload', why, token: `${header}.${spare(by)}` },
  ];
}

/** A token whose signature has a character that base64 and base64url write differently, written in base64. */
function inBase64(by: Signer): string {
  for (let jti = 0; ; jti += 1) {
    const token = mint({ ...honest, jti }, { by });
    const translated = token.replaceAll('-', '+').replaceAll('_', '/');
    if (translated.split('.')[2] !== token.split('.')[2]) return translated;
  }
}

/** A payload with bits after its last byte, which decoding drops, and its signature from before they were set. */
function spare(by: Signer): string {
  for (let jti = 1; ; jti *= 10) {
    const [, payload = '', signature] = mint({ ...honest, jti }, { by }).split('.');
    // One byte over, the last brace: its second character is Q, and four of its six bits are spare.
    if (payload.length % 4 === 2) return `${payload.replace(/Q$/, 'R')}.${signature}`;
  }
}

const tooLong = (by: Signer): Hostile[] => {
  const ofLength = (length: number) => mint({ ...honest, padding: 'x'.repeat(length * 0.75) }, { by });
  const why = 'Who is not known yet must not make the server decode, hash and parse as much as they like.';
  return [
    { name: 'of 9,000 characters, honestly signed', why, token: ofLength(9_000) },
    { name: 'of 9,000 characters, without a dot', why, token: 'a'.repeat(9_000) },
    { name: 'of 8,999 dots', why, token: '.'.repeat(8_999) },
    { name: 'of 20,000 characters, honestly signed', why, token: ofLength(20_000), parser: 431 },
    { name: 'of 90,000 characters, honestly signed', why, token: ofLength(90_000), parser: 431 },
    { name: 'of a megabyte, honestly signed', why, token: ofLength(1_000_000), parser: 431, socket: 1009 },
  ];
};

function otherFormats(by: Signer, { mallory }: Cast): Hostile[] {
  const { header, payload, signature } = partsOf(by);
  const encrypted = [base64url('{"alg":"dir","enc":"A256GCM"}'), '', base64url('twelve bytes'), 'AAAA', 'A'.repeat(22)];
  return [
    {
      name: 'an encrypted token (JWE)',
      why: 'Encrypted is not signed: with a public key anybody can encrypt.',
      token: encrypted.join('.'),
    },
    {
      name: 'an encrypted token called a signed one',
      why: 'The header must not decide what the parts are.',
      token: [header, ...encrypted.slice(1)].join('.'),
    },
    {
      name: 'a token in a token',
      why: 'The inner token is Mallory’s, and the outer signature says only that somebody passed it on.',
      token: mint(mint(honest, { by: mallory.ed }), { by, header: { cty: 'JWT' } }),
    },
    {
      name: 'an honest token in a token of Mallory',
      why: 'A reader that unpacks before it checks takes the wrong signature for the right one.',
      token: mint(mint(honest, { by }), { by: mallory.ed, header: { cty: 'JWT' } }),
    },
    {
      name: 'the JSON form',
      why: 'A second form is a second parser, and allows unsigned headers.',
      token: JSON.stringify({ protected: header, payload, signature }),
    },
    {
      name: 'the JSON form with many signatures',
      why: 'One good signature among many would do.',
      token: JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    },
    {
      name: 'the JSON form in base64url',
      why: 'What is decoded until it is a token is whatever the sender likes.',
      token: base64url(JSON.stringify({ protected: header, payload, signature })),
    },
    {
      name: 'compressed',
      why: 'A few bytes that unpack to very many cost the server its memory.',
      token: mint(gzipSync(JSON.stringify(honest)), { by, header: { zip: 'GZIP' } }),
    },
  ];
}
