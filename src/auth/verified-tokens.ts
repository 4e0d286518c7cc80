/** Tokens that were found good a moment ago, so that a client which sends the same one again and again is not verified again and again. */
import { hash } from 'node:crypto';
import type { Identity } from './identity.ts';
import type { VerifyToken } from './verify-token.ts';

export type Remembering = {
  /** How many tokens are remembered at most; what was not used the longest is forgotten first. An entry takes some 400 bytes. */
  size: number;
  /** What stands for the keys of now: another value when they are others, undefined while they have to be looked at anew. */
  keysNow: () => string | undefined;
  /** A token is good for so many seconds after its `exp`. */
  clockSkewSeconds: number;
};

type Entry = { identity: Identity; keys: string; verifiedAt: number };

/** Remembers what `verify` finds good, by a hash: no token is kept. What it refuses is refused anew each time. */
export function rememberVerified(verify: VerifyToken, { size, keysNow, clockSkewSeconds }: Remembering): VerifyToken {
  const entries = new Map<string, Entry>();

  /** The comparison with `exp` is jose's, of whole seconds. */
  const isGood = ({ identity, keys, verifiedAt }: Entry, now: number): boolean =>
    keys === keysNow() && now >= verifiedAt && identity.expiresAt > Math.floor(now / 1000) - clockSkewSeconds;

  return async (token) => {
    const key = hash('sha256', token, 'base64');
    const known = entries.get(key);
    entries.delete(key);
    if (known && isGood(known, Date.now())) {
      entries.set(key, known);
      return known.identity;
    }
    // Those before: when they change meanwhile, it is not known which of them verified the token.
    const [verifiedAt, keys] = [Date.now(), keysNow()];
    const identity = await verify(token);
    if (keys !== undefined) entries.set(key, { identity, keys, verifiedAt });
    for (const [oldest] of entries) {
      if (entries.size <= size) break;
      entries.delete(oldest);
    }
    return identity;
  };
}
