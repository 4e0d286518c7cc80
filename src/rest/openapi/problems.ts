/** Failures, as the OpenAPI document has them: by status, with the codes that they have over REST. */
import { type ErrorCode, errorCodes } from '../../errors.ts';
import { examples } from './examples.ts';
import type { Json } from './schemas.ts';

/** Statuses of failures, and the codes that they have here. */
const problems: Record<number, ErrorCode[]> = {
  400: ['BAD_REQUEST'],
  401: ['UNAUTHENTICATED'],
  403: ['FORBIDDEN'],
  404: ['NOT_FOUND'],
  409: ['CONFLICT'],
  412: ['STALE_VERSION'],
  413: ['PAYLOAD_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  422: ['VALIDATION_FAILED'],
  429: ['RATE_LIMITED'],
  500: ['INTERNAL'],
  503: ['UNAVAILABLE', 'TIMEOUT'],
};

const nameOf = (codes: ErrorCode[]): string => codes.map((code) => code.toLowerCase()).join('_or_');

/** The answers that `problemsOf` refers to, by name. */
export const problemResponses = (): Json =>
  Object.fromEntries(Object.values(problems).map((codes) => [nameOf(codes), problem(codes)]));

/** References to the failures of these statuses. */
export function problemsOf(statuses: number[]): Json {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(problems[status]!)}` }]),
  );
}

function problem(codes: ErrorCode[]): Json {
  const [first] = codes as [ErrorCode];
  const { status, message } = errorCodes[first];
  return {
    description: codes.map((code) => errorCodes[code].message).join(' '),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
      ...(status === 401 && { 'WWW-Authenticate': { $ref: '#/components/headers/Challenge' } }),
      ...((status === 429 || status === 503) && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: {
      'application/json': {
        schema: failure(codes),
        example: { error: { code: first, message }, meta: examples.meta },
      },
    },
  };
}

/** A failure that has one of these codes. */
const failure = (codes: ErrorCode[]): Json => ({
  type: 'object',
  required: ['error', 'meta'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', enum: codes },
        message: { type: 'string' },
        details: { $ref: '#/components/schemas/Details' },
      },
    },
    meta: { $ref: '#/components/schemas/Meta' },
  },
});

/** Of an error, beside its message. */
export const details: Json = {
  description: 'What a program can use: one entry for each refused field, or what is known of the task.',
  oneOf: [
    {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'rule', 'message'],
        properties: {
          field: { type: 'string' },
          rule: { type: 'string' },
          message: { type: 'string' },
          limit: { type: 'object' },
        },
      },
    },
    { type: 'object' },
  ],
};
