/** Tokens that were found good a moment ago, so that a client which sends the same one again and again is not verified again and again. */
import { hash } from 'node:crypto';
import type { Identity } from './identity.ts';
import type { VerifyToken } from './verify-token.ts';

export type VerifiedTokens = {
  /** Verifies a token, or remembers that it was verified. */
  verify: VerifyToken;
  /** Forgets all of them: keys are not what they were. */
  clear(): void;
};

export type Remembering = {
  /** How many tokens are remembered at most; what was not used the longest is forgotten first. An entry takes some 400 bytes. */
  size: number;
  /** Whether what the keys verified still holds: those of an issuer change while nobody looks. */
  areKeysFresh: () => boolean;
  /** A token is good for so many seconds after its `exp`. */
  clockSkewSeconds: number;
};

type Entry = { identity: Identity; verifiedAt: number };

/** Remembers what `verify` finds good, by a hash: no token is kept. What it refuses is refused anew each time. */
export function rememberVerified(
  verify: VerifyToken,
  { size, areKeysFresh, clockSkewSeconds }: Remembering,
): VerifiedTokens {
  const entries = new Map<string, Entry>();
  let timesCleared = 0;

  /** The same comparison as jose's, of whole seconds. */
  const isGood = ({ identity, verifiedAt }: Entry, now: number): boolean =>
    areKeysFresh() && now >= verifiedAt && identity.expiresAt > Math.floor(now / 1000) - clockSkewSeconds;

  return {
    async verify(token) {
      const key = hash('sha256', token, 'base64');
      const known = entries.get(key);
      entries.delete(key);
      if (known && isGood(known, Date.now())) {
        entries.set(key, known);
        return known.identity;
      }
      const [verifiedAt, before] = [Date.now(), timesCleared];
      const identity = await verify(token);
      // By keys that are not those of now, when they were cleared meanwhile.
      if (before === timesCleared) entries.set(key, { identity, verifiedAt });
      for (const [oldest] of entries) {
        if (entries.size <= size) break;
        entries.delete(oldest);
      }
      return identity;
    },
    clear() {
      timesCleared += 1;
      entries.clear();
    },
  };
}
