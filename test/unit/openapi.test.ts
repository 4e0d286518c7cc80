/** The OpenAPI document of the REST API is sound, and its examples are examples. C-44 */
import { lintOpenApi } from '../support/openapi.ts';
import { openApi } from '../../src/rest/openapi/document.ts';
import { routes } from '../../src/rest/routes.ts';

const document = openApi('0.0.0') as Record<string, any>;

test('a linter finds nothing', async () => {
  expect(await lintOpenApi(document)).toEqual([]);
});

test('every route is in it once, with an example of what it takes and answers', () => {
  const operations = Object.values(document.paths as Record<string, Record<string, any>>).flatMap((item) =>
    Object.values(item).filter((operation) => operation.operationId !== undefined),
  );

  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
    [...routes.map(({ operationId }) => operationId), 'watchTasks'].sort(),
  );
  for (const { operationId, requestBody, responses } of operations) {
    const content = (responses['200'] ?? responses['201'] ?? {}).content;
    if (requestBody)
      expect([operationId, Object.keys(requestBody.content['application/json'].examples)]).not.toEqual([
        operationId,
        [],
      ]);
    if (content?.['application/json'])
      expect([operationId, content['application/json'].example]).not.toEqual([operationId, undefined]);
  }
});

test('a token is asked for everywhere', () => {
  expect(document.security).toEqual([{ token: [] }]);
  expect(JSON.stringify(document.paths)).not.toContain('"security"');
});
