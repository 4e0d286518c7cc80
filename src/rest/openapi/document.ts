/** The OpenAPI 3.1 document, made of the same table and the same schemas that answer requests (C-44). */
import { routes } from '../routes.ts';
import { pathsOf } from './operations.ts';
import { details, problemResponses } from './problems.ts';
import { type Json, jsonSchema, meta, named } from './schemas.ts';

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
        PageMeta: meta({ next_cursor: { type: ['string', 'null'] } }, ['next_cursor']),
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
      responses: problemResponses(),
    },
  };
}
