/**
 * Mints tokens with node:crypto alone, so that the tests do not check jose with jose, and so that everything a good library
 * refuses to sign can be signed: raw bytes, wrong types, any header. Claims have no defaults: they stand where the token is made.
 */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

/** What signs a token. `alg` and `kid` go into its header. */
export type Signer = { alg: string; kid?: string; sign: (input: Buffer) => Buffer };

/** A key pair of an issuer: signs, and has a public half to publish. */
export type IssuerKey = Signer & {
  publicKey: KeyObject;
  privateKey: KeyObject;
  jwk: JsonWebKey & { kid?: string; alg?: string; use?: string };
};

/** The shared secret of verifiers in tests. */
export const testSecret = 'a secret for tests that is longer than 32 bytes';

/** Seconds since the epoch, `seconds` from now: for `exp`, `nbf` and `iat`. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/**
 * Gives a token with exactly these claims; a string or bytes are taken as the payload as they are. Signed by HS256 with
 * `testSecret`, or by another signer. `header` adds to, or replaces, what the signer puts there.
 */
export function mint(
  claims: object | string | Uint8Array,
  { by = hmac('HS256', testSecret), header = {} }: { by?: Signer; header?: object } = {},
): string {
  const { alg, kid } = by;
  const payload = claims instanceof Uint8Array || typeof claims === 'string' ? claims : JSON.stringify(claims);
  const input = `${base64url(JSON.stringify({ alg, kid, ...header }))}.${base64url(payload)}`;
  return `${input}.${base64url(by.sign(Buffer.from(input)))}`;
}

/** A signer with a shared secret. */
export function hmac(alg: 'HS256' | 'HS384' | 'HS512', secret: string | Uint8Array): Signer {
  return {
    alg,
    sign: (input) =>
      createHmac(`sha${alg.slice(2)}`, secret)
        .update(input)
        .digest(),
  };
}

/** A new key pair with the key id; `modulusLength` in bits is for RS256. */
export function newKey(alg: 'EdDSA' | 'ES256' | 'RS256', kid: string, modulusLength = 2048): IssuerKey {
  const { publicKey, privateKey } =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength });
  const digest = alg === 'EdDSA' ? null : 'sha256';
  return {
    alg,
    kid,
    publicKey,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    sign: (input) => sign(digest, input, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

/** Any bytes or text as base64url. */
export function base64url(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64url');
}
