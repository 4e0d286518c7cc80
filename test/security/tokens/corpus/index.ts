/** The corpus: what each kind of verifier has to refuse, and what it accepts without harm. Minted against the keys of the caller. */
import { signerOf } from './cast.ts';
import type { Cast, Hostile, Kind } from './cast.ts';
import { claims } from './claims.ts';
import { headers } from './headers.ts';
import { againstKeySet, againstSecret, publicSecrets } from './keys.ts';
import { payloads } from './payloads.ts';
import { issuedSessions, sessions, signedSessions } from './sessions.ts';
import { shapes } from './shapes.ts';

/** Against both kinds, minted by the signer that the kind accepts: all is right about the token but the one thing. */
const againstBoth = (kind: Kind, cast: Cast): Hostile[] => {
  const by = signerOf(kind, cast);
  return [
    ...headers(by, cast),
    ...publicSecrets(cast),
    ...shapes(by, cast),
    ...payloads(by),
    ...claims(by),
    ...sessions(),
  ];
};

/** Everything that a verifier of the kind has to refuse. */
export const hostileTo = (kind: Kind, cast: Cast): Hostile[] => [
  ...againstBoth(kind, cast),
  ...(kind === 'secret'
    ? [...againstSecret(cast), ...signedSessions()]
    : [...againstKeySet(cast), ...issuedSessions(cast)]),
];

export { harmlessTo } from './harmless.ts';
export { makeCast, mallorysKeys, publishedBy, rules, honest, signerOf } from './cast.ts';
export type { Cast, Harmless, Hostile, Kind } from './cast.ts';
export { liberallyPublishedBy } from './keys.ts';
