/** The routes, as operations of the OpenAPI document. */
import type { z } from 'zod';
import { eventsPath } from '../events.ts';
import type { Route } from '../routes.ts';
import { task } from '../task.ts';
import { examples } from './examples.ts';
import { problemsOf } from './problems.ts';
import { type Json, jsonSchema, reference } from './schemas.ts';

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

/** The paths of a table of routes, and the stream of events. */
export function pathsOf(table: Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of table) {
    const path = route.path.replace(':id', '{id}');
    (paths[path] ??= path.includes('{id}') ? { parameters: [idParameter] } : {})[route.method] = operation(route);
  }
  return { ...paths, [eventsPath]: { get: watching } };
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
      ...problemsOf(statusesOf(route)),
    },
  };
}

/** The stream of events, which is no route of the table: it is a subscription. */
const watching: Json = {
  operationId: 'watchTasks',
  summary: 'Be told of changes of tasks, as server-sent events: created, updated, deleted, reset, error.',
  tags: ['tasks'],
  parameters: [
    header('Last-Event-ID', 'The id of the event that was seen last: what changed meanwhile is told first.'),
  ],
  responses: {
    200: {
      description: 'A stream that ends with the token, or when the server stops.',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    ...problemsOf([401, 403, 422, 429, 500, 503]),
  },
};

function header(name: string, description: string): Json {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

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
  const metas: Record<string, string> = { listTasks: 'ListMeta', listTaskHistory: 'PageMeta' };
  return {
    description: status === 201 ? 'Made.' : 'Done.',
    headers,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['data', 'meta'],
          additionalProperties: false,
          properties: {
            data: reference(data),
            meta: { $ref: `#/components/schemas/${metas[route.operationId] ?? 'Meta'}` },
          },
        },
        example: examples.answers[route.operationId],
      },
    },
  };
}
