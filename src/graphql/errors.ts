/**
 * What a client is told of an error, decided in one place for HTTP and WebSocket: a code of the table in errors.ts, a message without
 * anything of PostgreSQL's, and the request id. The cause goes to the log.
 */
import { GraphQLError } from 'postgraphile/graphql';
import { isSafeError } from 'postgraphile/grafast';
import pg from 'pg';
import type { Logger } from 'pino';
import type { ConstraintRules } from '../database/constraint-rules.ts';
import { codeOfFailure } from '../database/failure.ts';
import type { Timeouts } from '../database/settings.ts';
import { ApiError, type ErrorCode, errorCodes, type ErrorDetails } from '../errors.ts';
import { logOf } from '../http/request-log.ts';

export type ErrorContext = {
  /** Its id is told, its log is written to. */
  request: { id: string; log: Logger };
  rules: ConstraintRules;
  timeouts: Timeouts;
};

/** The error as its client sees it, with `details` where they are known. Logs what is the server's fault. */
export function publicError(error: GraphQLError, context: ErrorContext, details?: ErrorDetails): GraphQLError {
  const { code, message, details: ownDetails } = classify(error, context);
  if (errorCodes[code].status >= 500) {
    const level = code === 'INTERNAL' ? 'error' : 'warn';
    logOf(context.request)[level]({ err: innermost(error), code, path: error.path }, 'a GraphQL operation failed');
  }
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { code, requestId: context.request.id, details: details ?? ownDetails },
  });
}

/**
 * The last resort: grafserv calls it on every error that it sends. Those that came through `publicError` have a code; any other was thrown
 * where nothing should be, and says nothing.
 */
export function maskError(error: GraphQLError): GraphQLError {
  if (hasCode(error)) return error;
  return new GraphQLError(errorCodes.INTERNAL.message, { path: error.path, extensions: { code: 'INTERNAL' } });
}

const hasCode = (error: GraphQLError): boolean =>
  typeof error.extensions.code === 'string' && error.extensions.code in errorCodes;

function classify(
  error: GraphQLError,
  context: ErrorContext,
): { code: ErrorCode; message: string; details?: ErrorDetails } {
  const cause = innermost(error);
  if (cause instanceof ApiError) return cause;
  if (cause instanceof pg.DatabaseError) {
    const code = codeOfFailure(cause) ?? 'INTERNAL';
    if (isRaisedForClients(cause)) return { code, message: cause.message, details: parseDetail(cause.detail) };
    const message = context.rules.ruleOf(cause)?.message ?? timeoutMessage(cause, context.timeouts);
    return { code, message: message ?? errorCodes[code].message };
  }
  // Errors that the libraries raise for their callers: they speak of the request, not of the data.
  if (cause instanceof Error && isSafeError(cause)) return { code: codeOfRequestError(error), message: cause.message };
  if (codeOfFailure(cause) === 'UNAVAILABLE') return { code: 'UNAVAILABLE', message: errorCodes.UNAVAILABLE.message };
  // Without a path nothing was executed: the document, the operation name or a variable is wrong, and the message says which. Scalars
  // may stumble over a value with an error of their own.
  if (error.path === undefined && (cause instanceof GraphQLError || hasCode(error) || isOfVariable(error))) {
    return { code: codeOfRequestError(error), message: error.message };
  }
  return { code: 'INTERNAL', message: errorCodes.INTERNAL.message };
}

/** How graphql-js begins what it says of variables. */
const isOfVariable = (error: GraphQLError): boolean => error.message.startsWith('Variable "$');

const codeOfRequestError = (error: GraphQLError): ErrorCode =>
  hasCode(error) ? (error.extensions.code as ErrorCode) : 'VALIDATION_FAILED';

/** Says which of the transaction's limits was reached. */
function timeoutMessage({ code }: pg.DatabaseError, limits: Timeouts): string | undefined {
  switch (code) {
    case '57014':
      return `This took too long and was stopped: a statement may take ${limits.statementMs} ms.`;
    case '55P03':
      return `Somebody else is changing the same thing: a statement waits ${limits.lockMs} ms for that.`;
    case '25P03':
      return `This took too long and was stopped: a transaction may rest ${limits.idleInTransactionMs} ms.`;
    default:
      return undefined;
  }
}

/** SQLSTATE class ZH: functions of the schema raise it with a message and a detail that are made for the client. */
const isRaisedForClients = ({ code }: pg.DatabaseError): boolean => code?.startsWith('ZH') ?? false;

const parseDetail = (detail: string | undefined): ErrorDetails | undefined =>
  detail === undefined ? undefined : (JSON.parse(detail) as ErrorDetails);

/** The error that was thrown first, below the GraphQL errors that wrap it. */
export function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error;
}
