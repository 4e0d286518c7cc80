/** Express error handling: whatever is thrown becomes an answer with a code and the request id; what is not expected is logged and masked. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { codeOfFailure } from '../database/failure.ts';
import { ApiError, type ErrorCode } from '../errors.ts';
import { answerFailure } from './envelope.ts';
import { logOf } from './request-log.ts';

/** The last route: nothing else answers here. */
export const notFound: RequestHandler = (request) => {
  throw new ApiError('NOT_FOUND', `Nothing answers ${request.method} ${request.path}.`);
};

/** Answers in the shape that the path's clients expect: GraphQL's on /graphql, Better Auth's on its routes, Hedgerow's own elsewhere. */
export const answerError: ErrorRequestHandler = (thrown, request, response, next) => {
  if (response.headersSent) return next(thrown);

  const error = toApiError(thrown);
  if (error.status >= 500) {
    const level = error.code === 'INTERNAL' ? 'error' : 'warn';
    logOf(request)[level]({ err: error.cause ?? thrown, code: error.code }, 'a request failed');
  }
  if (error.code === 'UNAUTHENTICATED')
    response.set('WWW-Authenticate', challenge(request.headers.authorization, error));
  if (error.retryAfter !== undefined) response.set('Retry-After', String(error.retryAfter));

  const { code, message, status, details } = error;
  if (request.path === '/graphql') {
    response.status(status).json({ errors: [{ message, extensions: { code, requestId: request.id, details } }] });
  } else if (isBetterAuths(request.path)) {
    response.status(status).json({ code, message });
  } else {
    answerFailure(request, response, error);
  }
};

/** Better Auth's clients read `code` and `message` at the top of an answer. The two routes that are ours have our envelope. */
const isBetterAuths = (path: string): boolean => /^\/api\/auth\/(?!(signup|signin)\/?$)/.test(path);

/** RFC 6750, section 3: without credentials the challenge names no error. */
function challenge(authorization: string | undefined, error: ApiError): string {
  const realm = 'Bearer realm="hedgerow"';
  return authorization === undefined
    ? realm
    : `${realm}, error="invalid_token", error_description="${error.message.replaceAll('"', "'")}"`;
}

/** Of the database's refusals, those that are not a defect of ours when they come up outside GraphQL. */
const isToldOutside = (code: ErrorCode | undefined): code is ErrorCode =>
  code === 'UNAVAILABLE' || code === 'TIMEOUT' || code === 'VALIDATION_FAILED';

/** Errors of Express's body parser carry a `type`; others of its kind a `status`. */
function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const { type, status, limit } = (thrown ?? {}) as { type?: string; status?: number; limit?: number };
  if (type === 'entity.too.large')
    return new ApiError('PAYLOAD_TOO_LARGE', `The body may have at most ${limit} bytes.`);
  if (type === 'entity.parse.failed') return new ApiError('BAD_REQUEST', 'The body is not valid JSON.');
  if (status === 415) return new ApiError('UNSUPPORTED_MEDIA_TYPE');
  if (status !== undefined && status >= 400 && status < 500) return new ApiError('BAD_REQUEST');
  const code = codeOfFailure(thrown);
  return new ApiError(isToldOutside(code) ? code : 'INTERNAL', undefined, { cause: thrown });
}
