/**
 * The one verifier of tokens, shared by Express and the WebSocket: token → identity. One verifier has one kind of key and pins
 * the algorithms of that kind, so a public key can never be used as an HS256 secret.
 */
import { createSecretKey } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { CryptoKey, JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { ApiError } from '../errors.ts';
import { readIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { createRemoteKeys } from './remote-keys.ts';
import type { FetchKeySet, KeyFetching } from './remote-keys.ts';
import { toTokenError } from './token-error.ts';
import { rememberVerified } from './verified-tokens.ts';

export type TokenKeys =
  /** HS256 only (BETTER_AUTH_SECRET); while secrets are rotated, the one before too. */
  | { kind: 'secret'; secret: string; previousSecret?: string }
  /** EdDSA, ES256 and RS256 only (HEDGEROW_JWKS_URL). */
  | { kind: 'jwks'; url: URL }
  /** The same, of the embedded identity provider. */
  | { kind: 'provider'; fetchKeySet: FetchKeySet };

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
  const { candidates, algorithms, keysNow } = acceptedKeys(keys, fetching);
  const options: JWTVerifyOptions = {
    algorithms,
    clockTolerance: rules.clockSkewSeconds,
    ...(rules.issuer !== undefined && { issuer: rules.issuer }),
    ...(rules.audience !== undefined && { audience: rules.audience }),
  };

  const verify: VerifyToken = async (token) => {
    if (!compactJws.test(token)) throw new ApiError('UNAUTHENTICATED', 'The token is malformed.');
    try {
      const { payload, protectedHeader } = await verifyWithOneOf(candidates, token, options);
      if (!isTokenType(protectedHeader.typ)) {
        throw new ApiError('UNAUTHENTICATED', 'The token is of a type that is not for an API.');
      }
      return readIdentity(payload);
    } catch (thrown) {
      throw toTokenError(thrown);
    }
  };
  const verified = rememberVerified(verify, {
    size: rememberedTokens,
    keysNow,
    clockSkewSeconds: rules.clockSkewSeconds,
  });
  return async (token) => {
    if (token.length > MAX_LENGTH) throw new ApiError('UNAUTHENTICATED', 'The token is too long.');
    return verified(token);
  };
}

/** Of so many people who are there at the same time, each is verified once. */
const rememberedTokens = 10_000;

/**
 * What an issuer signs beside access tokens (logout tokens, sessions kept in a cookie, …) says so in `typ`, and is nobody's leave to act. An
 * access token says `JWT` or, after RFC 9068, `at+jwt`, or nothing. RFC 7515 §4.1.9: in any case, `application/` may be there or not.
 */
const isTokenType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ));

/**
 * Two verifiers side by side, in development: tokens of `hedgerow token` are HS256, those of the embedded provider are not. Which one judges
 * a token is decided by the algorithm that its header names; each goes on accepting its own algorithms, with its own keys, only.
 */
export function eitherVerifier(bySecret: VerifyToken, byKeySet: VerifyToken): VerifyToken {
  return (token) => (readAlgorithm(token) === 'HS256' ? bySecret : byKeySet)(token);
}

function readAlgorithm(token: string): unknown {
  try {
    return decodeProtectedHeader(token.slice(0, MAX_LENGTH)).alg;
  } catch {
    return undefined;
  }
}

type Key = CryptoKey | JWTVerifyGetKey;

type AcceptedKeys = { candidates: [Key, ...Key[]]; algorithms: string[]; keysNow: () => string | undefined };

function acceptedKeys(keys: TokenKeys, fetching: Partial<KeyFetching>): AcceptedKeys {
  if (keys.kind !== 'secret') {
    const source = keys.kind === 'jwks' ? keys.url : keys.fetchKeySet;
    const { find, keysNow } = createRemoteKeys(source, fetching);
    return { candidates: [find], algorithms: ['EdDSA', 'ES256', 'RS256'], keysNow };
  }
  const previous = keys.previousSecret === undefined ? [] : [secretKey(keys.previousSecret)];
  // A secret is the same for as long as the process lives.
  return { candidates: [secretKey(keys.secret), ...previous], algorithms: ['HS256'], keysNow: () => 'secret' };
}

/** A CryptoKey, because jose imports raw bytes anew for every token. */
const secretKey = (secret: string): CryptoKey =>
  createSecretKey(secret, 'utf8').toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);

/** The token, verified by the first of the keys that made its signature; throws what is wrong with it. */
async function verifyWithOneOf(
  [first, ...others]: [Key, ...Key[]],
  token: string,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, first, options);
  } catch (thrown) {
    const [next, ...rest] = others;
    if (!next || !(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
    return verifyWithOneOf([next, ...rest], token, options);
  }
}
