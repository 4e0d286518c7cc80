/** Where a token is found: the Authorization header of a request, or the connection parameters of a WebSocket. */
import { ApiError } from '../errors.ts';

/** RFC 6750 §2.1 and RFC 9110 §11.1: the scheme in any case, spaces, one token of the token68 alphabet. */
const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * Takes the value of an Authorization header and gives its token, not yet verified.
 * Throws UNAUTHENTICATED if the header is absent or anything but `Bearer <token>`.
 */
export function readBearer(header: string | undefined): string {
  if (header === undefined) throw new ApiError('UNAUTHENTICATED', 'Send a token: "Authorization: Bearer <token>".');
  const token = bearer.exec(header)?.[1];
  if (token === undefined) {
    throw new ApiError('UNAUTHENTICATED', 'The authorization is not of the form "Bearer <token>".');
  }
  return token;
}

/**
 * Takes the connection parameters that a graphql-ws client sends, whatever they are, and gives the token under the key
 * `authorization` (in any case), not yet verified.
 * Throws UNAUTHENTICATED if it is absent, there more than once, or anything but `Bearer <token>`.
 */
export function readConnectionBearer(params: unknown): string {
  const entries = typeof params === 'object' && params !== null ? Object.entries(params) : [];
  const values = entries.filter(([key]) => key.toLowerCase() === 'authorization').map(([, value]) => value as unknown);
  if (values.length > 1) throw new ApiError('UNAUTHENTICATED', 'Send one authorization, not several.');
  const [value] = values;
  return readBearer(value === undefined || typeof value === 'string' ? value : '');
}
