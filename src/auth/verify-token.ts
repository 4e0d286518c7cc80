/**
 * The one verifier of tokens, shared by Express and the WebSocket: token → identity. One verifier has one kind of key and pins
 * the algorithms of that kind, so a public key can never be used as an HS256 secret.
 */
import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { CryptoKey, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { ApiError } from '../errors.ts';
import { readIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { createRemoteKeys } from './remote-keys.ts';
import type { KeyFetching } from './remote-keys.ts';
import { toTokenError } from './token-error.ts';

export type TokenKeys =
  /** HS256 only (BETTER_AUTH_SECRET). */
  | { kind: 'secret'; secret: string }
  /** EdDSA, ES256 and RS256 only (HEDGEROW_JWKS_URL). */
  | { kind: 'jwks'; url: URL };

export type TokenRules = {
  /** `iss` has to be this. */
  issuer?: string;
  /** `aud` has to be this, or a list that contains it. */
  audience?: string;
  /** How far the issuer's clock may be off, either way. */
  clockSkewSeconds: number;
};

export type VerifyToken = (token: string) => Promise<Identity>;

/**
 * Characters. Proxies in front do not let longer header lines through (nginx 8k, Apache 8,190), Node takes 16 KiB for all
 * headers together; a WebSocket's parameters know no such limit, so it is kept here, ahead of all parsing and cryptography.
 */
const MAX_LENGTH = 8_192;

/** RFC 7515 §7.1, three parts of base64url. jose decodes with `atob`, which overlooks white space and padding. */
const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Takes the keys and rules that hold for every token, and gives the verifier. `fetching` replaces the times of the JWKS cache.
 *
 * The verifier throws UNAUTHENTICATED for every token that is not good, and UNAVAILABLE if the key cannot be had; never
 * anything else. `exp` is required (readIdentity sees to it): a token is good up to, not including, `exp` + skew. `nbf` is honoured when present: it is
 * good from `nbf` − skew. `iat` has to be a number when present, but one in the future is not refused: RFC 7519 §4.1.6 gives
 * it no such meaning, and jose checks it only together with a maximal age, which would make `iat` required.
 */
export function createTokenVerifier(
  keys: TokenKeys,
  rules: TokenRules,
  fetching: Partial<KeyFetching> = {},
): VerifyToken {
  const { key, algorithms } = acceptedKeys(keys, fetching);
  const options: JWTVerifyOptions = {
    algorithms,
    clockTolerance: rules.clockSkewSeconds,
    ...(rules.issuer !== undefined && { issuer: rules.issuer }),
    ...(rules.audience !== undefined && { audience: rules.audience }),
  };

  return async (token) => {
    if (token.length > MAX_LENGTH) throw new ApiError('UNAUTHENTICATED', 'The token is too long.');
    if (!compactJws.test(token)) throw new ApiError('UNAUTHENTICATED', 'The token is malformed.');
    try {
      const { payload } = await jwtVerify(token, key, options);
      return readIdentity(payload);
    } catch (thrown) {
      throw toTokenError(thrown);
    }
  };
}

type AcceptedKeys = { key: CryptoKey | JWTVerifyGetKey; algorithms: string[] };

function acceptedKeys(keys: TokenKeys, fetching: Partial<KeyFetching>): AcceptedKeys {
  if (keys.kind === 'jwks') {
    return { key: createRemoteKeys(keys.url, fetching), algorithms: ['EdDSA', 'ES256', 'RS256'] };
  }
  // A CryptoKey, because jose imports raw bytes anew for every token.
  const secret = createSecretKey(keys.secret, 'utf8');
  return { key: secret.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']), algorithms: ['HS256'] };
}
