/** The OpenAPI 3.1 document, made of the same table and the same schemas that answer requests (C-44). */
import { z } from 'zod';
import { type ErrorCode, errorCodes } from '../errors.ts';
import { examples } from './examples.ts';
import { type Route, routes } from './routes.ts';
import { newTask, task, taskPatch, taskReplacement } from './task.ts';
import { bulk } from './bulk.ts';
import { stats } from './stats.ts';

type Json = Record<string, unknown>;

/** Schemas that have a name in the document. */
const named = new Map<z.ZodType, string>([
  [task, 'Task'],
  [newTask, 'NewTask'],
  [taskReplacement, 'TaskReplacement'],
  [taskPatch, 'TaskPatch'],
  [bulk, 'Bulk'],
  [stats, 'Stats'],
]);

/** The document. `version` is the package's. */
export function openApi(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hedgerow',
      version,
      description:
        'Tasks, each of them seen by its owner alone. Every route is an operation of the GraphQL API beside it: the same rules, limits and codes.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/api/v1', description: 'This version.' },
      { url: '/api', description: 'The present version.' },
      {
        url: '/api/{user_id}',
        description:
          'The same, for clients that name the user: it has to be the one of the token, or the answer is 403.',
        variables: { user_id: { default: 'me', description: 'The subject of the token.' } },
      },
    ],
    tags: [{ name: 'tasks', description: 'One’s own tasks.' }],
    security: [{ token: [] }],
    paths: pathsOf(routes),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: {
        ...Object.fromEntries([...named].map(([schema, name]) => [name, jsonSchema(schema)])),
        Meta: meta({}),
        ListMeta: meta({ total: { type: 'integer', minimum: 0 }, next_cursor: { type: ['string', 'null'] } }, [
          'next_cursor',
        ]),
        Details: details,
      },
      headers: {
        RequestId: { description: 'Finds the request in the log.', schema: { type: 'string' } },
        ETag: {
          description: 'The version of the task, for `If-Match` and `If-None-Match`.',
          schema: { type: 'string' },
        },
        Location: { description: 'Where the new task is.', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds.', schema: { type: 'string' } },
        Challenge: { description: 'RFC 6750.', schema: { type: 'string' } },
      },
      responses: Object.fromEntries(Object.values(problems).map((codes) => [nameOf(codes), problem(codes)])),
    },
  };
}

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

/** What can go wrong at a route, by what it takes. */
function statusesOf(route: Route): number[] {
  const takesBody = route.body ? [400, 413, 415] : [];
  const ofOne = route.path.includes(':id') ? [404] : [];
  const conditional = isConditional(route) ? [412] : [];
  const creates = route.operationId === 'createTask' ? [409] : [];
  const inBulk = route.operationId === 'changeTasks' ? [404, 409, 412] : [];
  return [
    ...new Set([...takesBody, 401, 403, ...ofOne, ...creates, ...conditional, ...inBulk, 422, 429, 500, 503]),
  ].sort();
}

/** Whether it heeds `If-Match`. */
const isConditional = ({ path, method }: Route): boolean => path.includes(':id') && method !== 'get';

function pathsOf(table: Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of table) {
    const path = route.path.replace(':id', '{id}');
    (paths[path] ??= path.includes('{id}') ? { parameters: [idParameter] } : {})[route.method] = operation(route);
  }
  return paths;
}

const idParameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The task’s id.',
  schema: { type: 'string', format: 'uuid' },
};

function operation(route: Route): Json {
  const isRead = route.method === 'get' && route.path.includes(':id');
  const parameters = [
    ...queryParameters(route.query),
    ...(isConditional(route)
      ? [header('If-Match', 'The ETag that the task has to have: it is changed only if it is at that version.')]
      : []),
    ...(isRead ? [header('If-None-Match', 'The ETag that is known: 304 if the task is still at that version.')] : []),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: ['tasks'],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: !route.bodyIsOptional,
        content: {
          'application/json': { schema: reference(route.body), examples: examples.bodies[route.operationId] },
        },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, data]) => [status, success(route, Number(status), data)]),
      ),
      ...(isRead && {
        304: { description: 'The client has it already.', headers: { ETag: { $ref: '#/components/headers/ETag' } } },
      }),
      ...Object.fromEntries(
        statusesOf(route).map((status) => [status, { $ref: `#/components/responses/${nameOf(problems[status]!)}` }]),
      ),
    },
  };
}

const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (!query) return [];
  const { properties = {} } = jsonSchema(query) as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    description,
    schema,
  }));
}

function success(route: Route, status: number, data: z.ZodType | null): Json {
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(data === task && { ETag: { $ref: '#/components/headers/ETag' } }),
    ...(status === 201 && data === task && { Location: { $ref: '#/components/headers/Location' } }),
  };
  if (data === null) return { description: 'Done.', headers };
  const isList = route.operationId === 'listTasks';
  return {
    description: status === 201 ? 'Made.' : 'Done.',
    headers,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['data', 'meta'],
          additionalProperties: false,
          properties: { data: reference(data), meta: { $ref: `#/components/schemas/${isList ? 'ListMeta' : 'Meta'}` } },
        },
        example: examples.answers[route.operationId],
      },
    },
  };
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

const details: Json = {
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

function meta(more: Json, required: string[] = []): Json {
  return {
    type: 'object',
    required: ['request_id', 'timestamp', ...required],
    additionalProperties: false,
    properties: { request_id: { type: 'string' }, timestamp: { type: 'string', format: 'date-time' }, ...more },
  };
}

/** A schema by its name, or as it is. */
function reference(schema: z.ZodType): Json {
  const name = named.get(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodArray) return { type: 'array', items: reference(schema.element as z.ZodType) };
  return jsonSchema(schema);
}

/** As clients write it, before anything is made of it. */
function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
