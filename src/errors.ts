/**
 * The errors of Hedgerow. `errorCodes` is the one table of what a client can be told: every answer that is not a success,
 * through GraphQL or over plain HTTP, carries one of these codes. docs/reference/error-codes.md lists the same table.
 */

/** Public code → HTTP status and the message a client sees when there is nothing more exact to say. */
export const errorCodes = {
  BAD_REQUEST: { status: 400, message: 'The request could not be understood.' },
  GRAPHQL_PARSE_FAILED: { status: 400, message: 'The GraphQL document could not be parsed.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, message: 'The GraphQL document does not fit the schema.' },
  TOO_COMPLEX: { status: 400, message: 'The document asks for too much at once.' },
  UNTRUSTED_DOCUMENT: {
    status: 400,
    message: 'Only documents that this server knows are executed: send the id of one as documentId.',
  },
  UNAUTHENTICATED: { status: 401, message: 'A valid bearer token is required.' },
  FORBIDDEN: { status: 403, message: 'This is not allowed.' },
  NOT_FOUND: { status: 404, message: 'There is no such thing, or it is not yours.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This method is not supported here.' },
  NOT_ACCEPTABLE: { status: 406, message: 'None of the accepted media types can be produced.' },
  CONFLICT: { status: 409, message: 'This clashes with something that is already there.' },
  STALE_VERSION: { status: 412, message: 'This has changed since it was read.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send the body as application/json.' },
  VALIDATION_FAILED: { status: 422, message: 'A value does not meet its rule.' },
  RATE_LIMITED: { status: 429, message: 'Too many requests. Try again later.' },
  INTERNAL: { status: 500, message: 'Something went wrong. The request id finds it in the log.' },
  UNAVAILABLE: { status: 503, message: 'The service cannot answer right now. Try again shortly.' },
  TIMEOUT: { status: 503, message: 'This took too long and was stopped.' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/**
 * SQLSTATE, or its two-character class, → public code (https://www.postgresql.org/docs/current/errcodes-appendix.html). What is not
 * listed is INTERNAL. Row-level security refuses with 42501, the same as a missing grant. Class ZH is Hedgerow's own, raised by functions
 * of the schema: message and detail (a JSON object) of such an error are made for the client.
 */
export const sqlStates: Readonly<Record<string, ErrorCode>> = {
  '22': 'VALIDATION_FAILED', // data exception: malformed UUID, number out of range, NUL in a text
  '23502': 'VALIDATION_FAILED', // not_null_violation
  '23514': 'VALIDATION_FAILED', // check_violation
  '23503': 'CONFLICT', // foreign_key_violation
  '23505': 'CONFLICT', // unique_violation
  '23P01': 'CONFLICT', // exclusion_violation
  ZH401: 'UNAUTHENTICATED', // raised for tokens of accounts that were deleted
  ZH404: 'NOT_FOUND', // raised for tasks that are not there
  ZH409: 'CONFLICT', // raised for ids that are taken
  ZH412: 'STALE_VERSION', // raised for a version that is not the present one
  ZH422: 'VALIDATION_FAILED', // raised for arguments that make no sense together
  '42501': 'FORBIDDEN', // insufficient_privilege
  '25P03': 'TIMEOUT', // idle_in_transaction_session_timeout
  '55P03': 'TIMEOUT', // lock_not_available
  '57014': 'TIMEOUT', // query_canceled, by statement_timeout
  '08': 'UNAVAILABLE', // connection exception
  '40': 'UNAVAILABLE', // transaction rollback: deadlock, serialization
  '53': 'UNAVAILABLE', // insufficient resources
  '57': 'UNAVAILABLE', // operator intervention: shutdown, crash
};

/** The public code for a SQLSTATE. */
export const codeOfSqlState = (sqlState: string): ErrorCode =>
  sqlStates[sqlState] ?? sqlStates[sqlState.slice(0, 2)] ?? 'INTERNAL';

/** What a client's program can use of an error, such as the version that a stale one should have been. */
export type ErrorDetails = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];

/** An error that a client may see: its message is public, its cause goes to the log only. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ErrorCode;
  /** HTTP status that goes with the code. */
  readonly status: number;
  readonly details?: ErrorDetails;
  /** Seconds after which it is worth while to try again. */
  readonly retryAfter?: number;

  constructor(
    code: ErrorCode,
    message: string = errorCodes[code].message,
    { details, retryAfter, ...options }: ErrorOptions & { details?: ErrorDetails; retryAfter?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = errorCodes[code].status;
    this.details = details;
    this.retryAfter = retryAfter ?? (this.status === 503 ? 1 : undefined);
  }
}

/**
 * An error for the person at the terminal: its message says what is wrong, where, and what to do next. The command line prints
 * it without a stack and exits with 1.
 */
export class OperatorError extends Error {
  override name = 'OperatorError';
}
