/** The end of what a token was let in for and that lasts: a socket, a stream. */
import type { Identity } from './identity.ts';

/** The longest that a Node timer can wait; what lasts longer ends, and is opened anew, after these 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/** Calls `end` when the token expires; gives the function that calls it off. */
export function atExpiry({ expiresAt }: Identity, end: () => void): () => void {
  const timer = setTimeout(end, Math.min(expiresAt * 1000 - Date.now(), longestTimer));
  return () => clearTimeout(timer);
}
