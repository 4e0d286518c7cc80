/** Express middleware: no request passes without a verified token. The identity is kept beside the request, not on it. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { readBearer } from '../auth/bearer.ts';
import type { Identity } from '../auth/identity.ts';
import type { VerifyToken } from '../auth/verify-token.ts';

/** Who sent each request. Keyed by the request object, so an identity lives as long as its request and cannot be mistaken for another's. */
export type Identities = WeakMap<IncomingMessage, Identity>;

/** Verifies the bearer token of a request and notes whose it is; refuses with UNAUTHENTICATED. */
export function authenticate(verifyToken: VerifyToken, identities: Identities): RequestHandler {
  return async (request, _response, next) => {
    identities.set(request, await verifyToken(readBearer(request.headers.authorization)));
    next();
  };
}
