/** The linter and the validator that the tests of the REST API rely on: they let pass what is right, and find what is wrong. */
import { exampleDocument } from '../support/openapi-example.ts';
import { type Answer, lintOpenApi, responseValidator } from '../support/openapi.ts';

const task = { id: '0197a0c2-5d5e-7c3a-9d0f-3a1f6e0f2b11', title: 'Plant a hedge', completed: false, dueAt: null };

describe('the linter', () => {
  test('has nothing to say of a sound document', async () => {
    expect(await lintOpenApi(exampleDocument())).toEqual([]);
  });

  test.each<[string, (document: Record<string, any>) => unknown, RegExp]>([
    [
      'an operation without an id',
      ({ paths }) => delete paths['/tasks'].get.operationId,
      /^warn operation-operationId at #\/paths\/~1tasks\/get/,
    ],
    [
      'two operations with one id',
      ({ paths }) => (paths['/tasks'].get.operationId = 'readTask'),
      /^error operation-operationId-unique/,
    ],
    [
      'an operation without responses',
      ({ paths }) => delete paths['/tasks'].post.responses,
      /^error rule\/operation-responses at #\/paths\/~1tasks\/post/,
    ],
    [
      'an operation that never succeeds',
      ({ paths }) => delete paths['/tasks'].post.responses[201],
      /^warn operation-2xx-response/,
    ],
    [
      'a response without a description',
      ({ paths }) => delete paths['/tasks'].get.responses[200].description,
      /^error/,
    ],
    ['operations that say nothing of security', (document) => delete document.security, /^error security-defined/],
    [
      'a security scheme that is not there',
      (document) => (document.security = [{ cookie: [] }]),
      /^error security-defined .*cookie/,
    ],
    [
      'a reference to nothing',
      ({ components }) => delete components.schemas.Task,
      /^error no-unresolved-refs at #\/paths\/~1tasks\/get\/responses\/200.*/,
    ],
    [
      'a reference to another host',
      ({ components }) => (components.responses.NotFound = { $ref: 'https://example.com/not-found.json' }),
      /^error no-unresolved-refs .*another host/,
    ],
    [
      'an example that is not as its schema',
      ({ paths }) => (paths['/tasks'].post.responses[201].content['application/json'].example.completed = 'no'),
      /^warn no-invalid-media-type-examples .*boolean/,
    ],
    [
      'a parameter of a path that is not described',
      ({ paths }) => delete paths['/tasks/{id}'].parameters,
      /^error path-parameters-defined/,
    ],
    ['a field that OpenAPI does not know', ({ info }) => (info.licence = {}), /^error struct .*licence/],
  ])('finds %s', async (_name, spoil, expected) => {
    const document = exampleDocument();
    spoil(document);

    expect(await lintOpenApi(document)).toContainEqual(expect.stringMatching(expected));
  });
});

describe('the validator of responses', () => {
  const validate = responseValidator(exampleDocument());
  const read: Answer = {
    method: 'GET',
    path: `/tasks/${task.id}`,
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: task,
  };
  const notFound = { error: { code: 'NOT_FOUND', message: 'There is none.' } };

  test.each<[string, Partial<Answer>]>([
    ['one task', {}],
    ['a list, asked for with a query', { path: '/tasks?first=3', body: [task, task] }],
    ['a response by reference', { status: 404, body: notFound }],
    ['no body where none is described', { method: 'delete', status: 204, contentType: null, body: undefined }],
  ])('lets pass %s', (_name, answer) => {
    expect(validate({ ...read, ...answer })).toEqual([]);
  });

  test.each<[string, Partial<Answer>, string]>([
    [
      'a missing field',
      { body: { ...task, title: undefined } },
      "GET /tasks/{id} 200: the body must have required property 'title'",
    ],
    [
      'a field too many',
      { body: { ...task, owner: 'alice' } },
      'GET /tasks/{id} 200: the body must NOT have additional properties ("owner")',
    ],
    [
      'a wrong type',
      { body: { ...task, completed: 'no' } },
      'GET /tasks/{id} 200: /completed must be boolean, but is "no"',
    ],
    [
      'a wrong format, deep in a list',
      { path: '/tasks', body: [task, { ...task, dueAt: 'soon' }] },
      'GET /tasks 200: /1/dueAt must match format "date-time", but is "soon"',
    ],
    [
      'a wrong body in a response by reference',
      { status: 404, body: { error: { code: 'NOT_FOUND' } } },
      "GET /tasks/{id} 404: /error must have required property 'message'",
    ],
    [
      'no body where one is described',
      { body: undefined },
      'GET /tasks/{id} 200: the body must be object, but is missing',
    ],
    ['a status that is not described', { status: 500 }, 'GET /tasks/{id} 500: the status is not described'],
    ['a method that is not described', { method: 'PUT' }, `PUT ${read.path}: /tasks/{id} has no such method`],
    ['a path that is not described', { path: '/tasks/1/2' }, 'GET /tasks/1/2: no path of the document matches'],
    [
      'a content type that is not described',
      { contentType: 'text/html' },
      'GET /tasks/{id} 200: the content type text/html is not described',
    ],
    [
      'no content type where there is a body',
      { contentType: null },
      'GET /tasks/{id} 200: the content type (none) is not described',
    ],
    [
      'a body where none is described',
      { method: 'DELETE', status: 204 },
      'DELETE /tasks/{id} 204: a body is not described',
    ],
  ])('finds %s', (_name, answer, fault) => {
    expect(validate({ ...read, ...answer })).toContain(fault);
  });

  test('a path without parameters goes before one with them, below the path of the server', () => {
    const document = exampleDocument();
    document.servers = [{ url: '/api/v1' }];
    document.paths['/tasks/count'] = {
      get: {
        responses: {
          '2XX': { description: 'How many.', content: { 'application/*': { schema: { type: 'integer' } } } },
        },
      },
    };
    const inspect = responseValidator(document);

    expect(inspect({ ...read, path: '/api/v1/tasks/count', body: 3 })).toEqual([]);
    expect(inspect({ ...read, path: '/api/v1/tasks/count', body: task })).toHaveLength(1);
    expect(inspect({ ...read, path: '/tasks/count', body: 3 })).toHaveLength(1);
  });

  test('a keyword that is misspelt is no licence', () => {
    const document = exampleDocument();
    document.components.schemas.Task.aditionalProperties = false;

    expect(() => responseValidator(document)(read)).toThrow('aditionalProperties');
  });
});
