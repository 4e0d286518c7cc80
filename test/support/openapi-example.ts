/** A small OpenAPI 3.1 document without a fault, new at every call: tests break it, and the viewer shows it. */

const problem = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: { code: { type: 'string', examples: ['NOT_FOUND'] }, message: { type: 'string' } },
    },
  },
};

const task = {
  type: 'object',
  description: 'Something to be done.',
  required: ['id', 'title', 'completed', 'dueAt'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', format: 'uuid' },
    title: { type: 'string', minLength: 1, maxLength: 200 },
    completed: { type: 'boolean' },
    dueAt: { type: ['string', 'null'], format: 'date-time' },
  },
};

const exampleTask = {
  id: '0197a0c2-5d5e-7c3a-9d0f-3a1f6e0f2b11',
  title: 'Plant a hedge',
  completed: false,
  dueAt: null,
};

const json = (schema: object, example?: unknown) => ({
  content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
});
const failure = (description: string) => ({ description, ...json({ $ref: '#/components/schemas/Problem' }) });
const one = { $ref: '#/components/schemas/Task' };

/** The document; free to be changed. */
export const exampleDocument = (): Record<string, any> =>
  structuredClone({
    openapi: '3.1.0',
    info: {
      title: 'Hedgerow REST API',
      version: '1.0.0',
      description: 'Tasks of many people, each of whom sees **their own**.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [{ name: 'tasks', description: 'What is to be done.' }],
    paths: {
      '/tasks': {
        get: {
          operationId: 'listTasks',
          summary: 'The tasks of the caller',
          tags: ['tasks'],
          parameters: [
            {
              name: 'first',
              in: 'query',
              description: 'How many.',
              schema: { type: 'integer', minimum: 1, default: 20 },
            },
          ],
          responses: {
            200: { description: 'Some of them.', ...json({ type: 'array', items: one }, [exampleTask]) },
            401: failure('No token, or one that does not hold.'),
          },
        },
        post: {
          operationId: 'createTask',
          summary: 'A new task',
          tags: ['tasks'],
          requestBody: {
            required: true,
            ...json(
              { type: 'object', required: ['title'], properties: { title: task.properties.title } },
              { title: 'Plant a hedge' },
            ),
          },
          responses: {
            201: { description: 'It.', ...json(one, exampleTask) },
            400: failure('The body is not as described.'),
          },
        },
      },
      '/tasks/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        get: {
          operationId: 'readTask',
          summary: 'One task',
          tags: ['tasks'],
          responses: {
            200: { description: 'It.', ...json(one, exampleTask) },
            404: { $ref: '#/components/responses/NotFound' },
          },
        },
        delete: {
          operationId: 'deleteTask',
          summary: 'Moves a task to the trash',
          tags: ['tasks'],
          responses: { 204: { description: 'It is there.' }, 404: { $ref: '#/components/responses/NotFound' } },
        },
      },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Task: task, Problem: problem },
      responses: { NotFound: failure('There is none, or it is somebody else’s.') },
    },
  });
