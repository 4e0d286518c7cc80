/** No request passes without a verified token. The identity is kept beside the request, not on it. */
import type { IncomingMessage } from 'node:http';
import { readBearer } from '../auth/bearer.ts';
import type { Identity } from '../auth/identity.ts';
import type { VerifyToken } from '../auth/verify-token.ts';

/** Who sent each request. Keyed by the request object, so an identity lives as long as its request and cannot be mistaken for another's. */
export type Identities = WeakMap<IncomingMessage, Identity>;

/** Verifies the bearer token of a request and notes whose it is; rejects with UNAUTHENTICATED. */
export function authenticate(
  verifyToken: VerifyToken,
  identities: Identities,
): (request: IncomingMessage) => Promise<Identity> {
  return async (request) => {
    const identity = await verifyToken(readBearer(request.headers.authorization));
    identities.set(request, identity);
    return identity;
  };
}
