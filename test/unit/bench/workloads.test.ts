/** What bench:speed asks, and which answers it takes. */
import { chooseOperation, documents, faultOf, makeRequest, mixes } from '../../../bench/speed/workloads.ts';

const id = '018f2f6e-0000-7000-8000-000000000001';
const title = 'Plant a "hedge"';

test('the shares of each workload add up to one, and chance chooses by them', () => {
  const sums = Object.values(mixes).map((mix) => mix.reduce((sum, [, share]) => sum + share, 0));

  expect(sums.map((sum) => sum.toFixed(6))).toEqual(sums.map(() => '1.000000'));
  expect([0, 0.69, 0.71, 0.89, 0.91, 0.96, 0.9999].map((chance) => chooseOperation('mixed', chance))).toEqual([
    ...['list', 'list', 'get', 'get', 'create', 'toggle', 'toggle'],
  ]);
});

test('the same operation is asked as GraphQL, by the id of a trusted document, and as REST', () => {
  const [graphql, trusted, rest] = (['graphql', 'trusted', 'rest'] as const).map((contract) =>
    makeRequest(contract, 'get', id, title),
  );

  expect(JSON.parse(graphql!.body!)).toEqual({ query: documents.get, variables: { id } });
  expect(JSON.parse(trusted!.body!)).toEqual({ documentId: 'get', variables: { id } });
  expect(rest).toEqual({ method: 'GET', path: `/api/tasks/${id}` });
});

test('an answer is good when it is a success with the tasks that were asked for', () => {
  const task = JSON.stringify({ id, title });
  const expected = { id, title };

  expect(faultOf('get', expected, 200, `{"data":${task}}`)).toBeUndefined();
  expect(faultOf('create', expected, 201, `{"data":${task}}`)).toBeUndefined();
  expect(faultOf('list', expected, 200, `[${Array(20).fill(task).join()}]`)).toBeUndefined();
});

test.each([
  ['a refusal', 'get', 429, '{}', 'status 429'],
  ['errors', 'get', 200, `{"errors":[],"data":{"id":"${id}","title":"a"}}`, 'errors in the answer'],
  ['nothing', 'get', 200, '{"data":{"task":null}}', '0 tasks in the answer, not 1'],
  ['a short list', 'list', 200, '[{"title":"a"}]', '1 tasks in the answer, not 20'],
  ['another task', 'toggle', 200, '{"id":"018f","title":"a"}', 'another task than was asked for'],
  ['another title', 'create', 201, '{"title":"a"}', 'another task than was made'],
] as const)('%s is not a good answer', (_, operation, status, body, fault) => {
  expect(faultOf(operation, { id, title }, status, body)).toBe(fault);
});
