/**
 * The public keys of an issuer, fetched from its JWKS URL or asked of the embedded provider (C-12). jose caches them and picks one; what it lacks is added here:
 * while the issuer cannot be reached, known keys go on working, and a key that is not known is a 503 and not a 401.
 */
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors } from 'jose';
import type { FetchImplementation, JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { ApiError } from '../errors.ts';

export type KeyFetching = {
  /** Milliseconds until the issuer has to have answered in full. */
  timeoutMs: number;
  /** Milliseconds after a fetch in which an unknown key does not cause another: strangers choose the `kid`. */
  cooldownMs: number;
  /** Milliseconds after which the keys are fetched anew: how long a key that the issuer has withdrawn is still accepted. */
  maxAgeMs: number;
  /** Milliseconds between failed fetches while no key is known at all: strangers must not turn into load on a struggling issuer. */
  retryMs: number;
  /** Told of every failed fetch, for the log: a failed one is not seen otherwise as long as the known keys serve. */
  onFailure: (cause: unknown) => void;
};

/** jose's own defaults, apart from the retry, which jose does not have. */
const defaults: KeyFetching = {
  timeoutMs: 5_000,
  cooldownMs: 30_000,
  maxAgeMs: 600_000,
  retryMs: 1_000,
  onFailure: () => {},
};

/** Gives the keys of an issuer that is in this process. */
export type FetchKeySet = () => Promise<JSONWebKeySet>;

/** jose names what it fetches by a URL; this one is never opened. */
const inProcess = new URL('hedgerow:keys');

export type RemoteKeys = {
  /** With this jose looks up the key of a token. */
  find: JWTVerifyGetKey;
  /** The keys as they were fetched last: what they verified holds while they are the same. Undefined when they are to be fetched anew. */
  keysNow(): string | undefined;
};

/**
 * Gives the keys of an issuer. `find` throws jose's error if the issuer answers and has no such
 * key, and UNAVAILABLE if the issuer does not answer (network, status other than 200, timeout, not a key set, a key that is
 * broken) and the key is not among those it gave last.
 */
export function createRemoteKeys(source: URL | FetchKeySet, fetching: Partial<KeyFetching> = {}): RemoteKeys {
  const { timeoutMs, cooldownMs, maxAgeMs, retryMs, onFailure } = { ...defaults, ...fetching };
  let lastGood: string | undefined;
  let failure: { cause: unknown; retryAt: number } | undefined;
  let fetchedAt = -Infinity;

  // jose 6.2 refetches an aged set and, if that fails, fails. To it, a failed fetch answers with the last good set: the keys
  // work for another maxAgeMs, and nobody waits for the timeout more often than that.
  const fetchOrLastGood: FetchImplementation = async (href, init) => {
    if (failure && lastGood === undefined && Date.now() < failure.retryAt) throw failure.cause;
    try {
      lastGood = source instanceof URL ? await fetchKeySet(href, init) : JSON.stringify(await source());
      failure = undefined;
    } catch (cause) {
      failure = { cause, retryAt: Date.now() + retryMs };
      onFailure(cause);
      if (lastGood === undefined) throw cause;
    }
    fetchedAt = Date.now();
    return new Response(lastGood);
  };
  const remoteKeys = createRemoteJWKSet(source instanceof URL ? source : inProcess, {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: fetchOrLastGood,
  });

  const find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remoteKeys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey && !failure) throw cause;
      // Several keys and no kid to choose by: OpenID Connect Core §10.1 makes the kid a must then, so it is the token's fault.
      if (cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new ApiError(
        'UNAVAILABLE',
        'The keys to check tokens with cannot be fetched right now. Try again shortly.',
        {
          cause: failure ? failure.cause : cause,
        },
      );
    }
  };
  return { find, keysNow: () => (Date.now() - fetchedAt < maxAgeMs ? lastGood : undefined) };
}

/** Gives the body of the issuer's answer once it is known to be a key set; throws whatever is wrong with it. */
async function fetchKeySet(...request: Parameters<FetchImplementation>): Promise<string> {
  const response = await fetch(...request);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`The JWKS URL answered with status ${response.status} instead of 200.`);
  createLocalJWKSet(JSON.parse(body) as JSONWebKeySet); // throws if it is not a key set
  return body;
}
