/** Attacks on the choice of the key: the right algorithm with the wrong key, the right key with the wrong algorithm. */
import { constants, createHash, createSign, sign } from 'node:crypto';
import { base64url, hmac, mint, testSecret } from '../../../support/tokens.ts';
import type { Signer } from '../../../support/tokens.ts';
import { honest } from './cast.ts';
import type { Cast, Hostile } from './cast.ts';

/** To a verifier of either kind: HS256 with what everybody can read. */
export const publicSecrets = ({ ed, ec, rsa }: Cast): Hostile[] =>
  Object.entries<[string | Uint8Array, string | undefined]>({
    'the RSA key as PEM': [rsa.publicKey.export({ type: 'spki', format: 'pem' }), 'rsa'],
    'the RSA key as PEM without its last line break': [
      rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString().trimEnd(),
      'rsa',
    ],
    'the RSA key as PKCS #1': [rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }), 'rsa'],
    'the RSA key as DER': [rsa.publicKey.export({ type: 'spki', format: 'der' }), 'rsa'],
    'the RSA modulus': [Buffer.from(rsa.jwk.n ?? '', 'base64url'), 'rsa'],
    'the RSA key as JWK': [JSON.stringify(rsa.jwk), 'rsa'],
    'the Ed25519 key as bytes': [Buffer.from(ed.jwk.x ?? '', 'base64url'), 'ed'],
    'the Ed25519 key as DER': [ed.publicKey.export({ type: 'spki', format: 'der' }), 'ed'],
    'the P-256 key as DER': [ec.publicKey.export({ type: 'spki', format: 'der' }), 'ec'],
    'an empty secret': ['', 'ed'],
    'a secret of the first list that everybody tries': ['secret', undefined],
  }).map(([title, [secret, kid]]) => ({
    name: `HS256 with ${title}`,
    why: 'Everybody has it, so everybody could sign as anybody.',
    token: mint(honest, { by: { ...hmac('HS256', secret), kid } }),
  }));

/** To a verifier with the secret. */
export const againstSecret = ({ ed, ec, rsa }: Cast): Hostile[] => [
  ...(['HS384', 'HS512'] as const).map((alg) => ({
    name: `${alg} with the secret`,
    why: 'Only HS256 is promised, and each algorithm more is one more to hold.',
    token: mint(honest, { by: hmac(alg, testSecret) }),
  })),
  ...[ed, ec, rsa].flatMap((by) => [
    {
      name: `${by.alg} by a key of the issuer`,
      why: 'This verifier knows no issuer: whose key it is can only be guessed.',
      token: mint(honest, { by }),
    },
    {
      name: `a signature of ${by.alg} called HS256`,
      why: 'The name of the algorithm would decide what the signature was checked against.',
      token: mint(honest, { by, header: { alg: 'HS256' } }),
    },
  ]),
  ...Object.entries<string | Uint8Array>({
    'the secret without its last character': testSecret.slice(0, -1),
    'the secret and a line break': `${testSecret}\n`,
    'the secret in capitals': testSecret.toUpperCase(),
    'the secret in base64': Buffer.from(testSecret).toString('base64'),
    'the hash of the secret': createHash('sha256').update(testSecret).digest(),
  }).map(([title, secret]) => ({
    name: `HS256 with ${title}`,
    why: 'A secret that is trimmed, folded, decoded or hashed on the way is easier to guess than it looks.',
    token: mint(honest, { by: hmac('HS256', secret) }),
  })),
];

/** To a verifier with a key set. */
export const againstKeySet = (cast: Cast): Hostile[] => [
  ...secretsWhereKeysAre(),
  ...otherAlgorithms(cast),
  ...otherKeys(cast),
  ...badSignatures(cast),
];

const secretsWhereKeysAre = (): Hostile[] => [
  ...(['HS256', 'HS384', 'HS512'] as const).map((alg) => ({
    name: `${alg} with the secret of the other kind of verifier`,
    why: 'Whoever knows the secret of another set-up would sign for this one.',
    token: mint(honest, { by: hmac(alg, testSecret) }),
  })),
  {
    name: 'HS256 with a secret that the key set contains',
    why: 'A secret that an issuer publishes by mistake is known to everybody.',
    token: mint(honest, { by: { ...hmac('HS256', testSecret), kid: 'shared' } }),
  },
];

const otherAlgorithms = ({ ed, ec, rsa }: Cast): Hostile[] => [
  ...[
    { ...rsa, alg: 'RS384', sign: (input: Buffer) => sign('sha384', input, rsa.privateKey) },
    { ...rsa, alg: 'RS512', sign: (input: Buffer) => sign('sha512', input, rsa.privateKey) },
    { ...rsa, alg: 'PS256', sign: (input: Buffer) => sign('sha256', input, pss(rsa.privateKey)) },
    { ...ed, alg: 'Ed25519' },
  ].map((by) => ({
    name: `${by.alg}, honestly signed`,
    why: 'Only EdDSA, ES256 and RS256 are promised, and each algorithm more is one more to hold.',
    token: mint(honest, { by }),
  })),
  ...['RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES256K', 'EdDSA', 'HS256'].map((alg) => ({
    name: `a signature of RS256 called ${alg}`,
    why: 'The name of the algorithm would decide what the signature was checked against.',
    token: mint(honest, { by: rsa, header: { alg } }),
  })),
  {
    name: 'EdDSA under the id of the RSA key',
    why: 'A key must not be used with an algorithm that is not its own.',
    token: mint(honest, { by: ed, header: { kid: 'rsa' } }),
  },
  {
    name: 'RS256 under the id of the Ed25519 key',
    why: 'A key must not be used with an algorithm that is not its own.',
    token: mint(honest, { by: rsa, header: { kid: 'ed' } }),
  },
  {
    name: 'ES256 under the id of the RSA key',
    why: 'A key must not be used with an algorithm that is not its own.',
    token: mint(honest, { by: ec, header: { kid: 'rsa' } }),
  },
];

const pss = (key: Cast['rsa']['privateKey']) => ({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

const otherKeys = ({ ed, rsa, weak, sealing, mallory }: Cast): Hostile[] => [
  ...[mallory.ed, mallory.rsa].map((by) => ({
    name: `${by.alg} by Mallory under a known id`,
    why: 'A key id is a hint where to look, never a proof.',
    token: mint(honest, { by }),
  })),
  {
    name: 'EdDSA by Mallory under an unknown id',
    why: 'A key that nobody published is nobody’s.',
    token: mint(honest, { by: { ...mallory.ed, kid: 'mallory' } }),
  },
  {
    name: 'EdDSA by Mallory without an id',
    why: 'A verifier that tries what it has must still not find a key that fits.',
    token: mint(honest, { by: { ...mallory.ed, kid: undefined } }),
  },
  ...Object.entries<unknown>({
    'another published key': 'ec',
    'a path': '../../ed',
    SQL: "ed' or '1'='1",
    'a number': 1,
    'a list with the right one': ['ed'],
    'an object': { toString: 'ed' },
    null: null,
    empty: '',
    'in capitals': 'ED',
    'followed by a space': 'ed ',
    'followed by NUL': 'ed\0',
    'very long': 'ed'.repeat(2_000),
  }).map(([title, kid]) => ({
    name: `an honest signature whose kid is ${title}`,
    why: 'A key id that is folded, searched or left out of account finds a key that was not named.',
    token: mint(honest, { by: ed, header: { kid } }),
  })),
  {
    name: 'an RSA key of 1,024 bits, published',
    why: 'A key that short can be factored, whoever published it.',
    token: mint(honest, { by: weak }),
  },
  {
    name: 'a published key that is meant for encryption',
    why: 'A service that decrypts with a key may be made to sign with it too.',
    token: mint(honest, { by: sealing }),
  },
  {
    name: 'no kid where two keys fit',
    why: 'A verifier that tries one key after the other lets the weakest of them vouch.',
    token: mint(honest, { by: { ...rsa, kid: undefined } }),
  },
];

const badSignatures = ({ ed, ec, rsa }: Cast): Hostile[] =>
  Object.entries<Signer>({
    'ES256 of zeros': { ...ec, sign: () => Buffer.alloc(64) },
    'ES256 of the order of the curve': { ...ec, sign: () => Buffer.concat([orderOfP256, orderOfP256]) },
    'EdDSA of the neutral point': { ...ed, sign: () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]) },
    'EdDSA with the order of the curve added': { ...ed, sign: (input) => withOrderAdded(ed.sign(input)) },
    'RS256 of zeros': { ...rsa, sign: () => Buffer.alloc(256) },
    'RS256 of one': { ...rsa, sign: () => Buffer.concat([Buffer.alloc(255), Buffer.from([1])]) },
    'RS256 with a zero in front': { ...rsa, sign: (input) => Buffer.concat([Buffer.alloc(1), rsa.sign(input)]) },
  })
    .map(([title, by]) => ({
      name: `a signature of ${title}`,
      why: 'Libraries that left out one check of the numbers have accepted such a signature for any token.',
      token: mint(honest, { by }),
    }))
    .concat({
      name: 'a signature of ES256 in DER',
      why: 'JOSE has one form of each signature; a second one is a second parser.',
      token: mint(honest, {
        by: { ...ec, sign: (input) => createSign('sha256').update(input).sign(ec.privateKey) },
      }),
    });

const orderOfP256 = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

/** S + L: the same equation holds, and RFC 8032 §5.1.7 forbids it. */
function withOrderAdded(signature: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
  return Buffer.concat([signature.subarray(0, 32), bytes]);
}

/** The key set of an issuer that says neither what its keys are for nor which algorithm they have. */
export const liberallyPublishedBy = ({ ed, ec, rsa, weak }: Cast): object[] =>
  [ed, ec, rsa, weak].map(({ jwk: { alg: _alg, use: _use, ...rest } }) => rest);

/** The other form of an ECDSA signature: (r, n − s). */
export function otherForm(signature: Buffer): Buffer {
  const n = BigInt(`0x${orderOfP256.toString('hex')}`);
  const s = n - BigInt(`0x${signature.subarray(32).toString('hex')}`);
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
}

/** A token with its last character exchanged for one that decodes to the same bytes. */
export function withSpareBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const bytes = token.split('.').at(-1) ?? '';
  const other = [...alphabet].find(
    (last) => !token.endsWith(last) && base64url(Buffer.from(bytes.slice(0, -1) + last, 'base64url')) === bytes,
  );
  return token.slice(0, -1) + other;
}
