/** Documents that ask for too much are refused before they cost anything. */
import { codeOf, useApi } from '../support/api.ts';

const api = useApi();
const alice = api.as('alice');

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

/** `me { tasks { nodes { owner { tasks …` with so many fields below one another. */
function nested(depth: number): string {
  const fields = Array.from({ length: depth - 1 }, (_, index) =>
    index === 0 ? 'me' : ['tasks', 'nodes', 'owner'][(index - 1) % 3]!,
  );
  return `{ ${fields.join(' { ')} { __typename ${fields.at(-1) === 'tasks' ? 'totalCount' : 'nodeId'} ${'}'.repeat(depth)}`;
}

test.each<[string, string]>([
  ['a depth of 10', nested(10)],
  ['20 root fields', `{ ${repeat(20, (index) => `a${index}: me { id }`)} }`],
  ['30 aliases', `{ me { ${repeat(30, (index) => `a${index}: id`)} } }`],
  [
    'introspection, which is deeper',
    '{ __schema { types { fields { args { type { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }',
  ],
])('%s is within the limits', async (_what, document) => {
  expect(codeOf(await alice(document))).toBeUndefined();
});

test.each<[string, string, RegExp]>([
  ['a depth of 11', nested(11), /depth is 11, the limit is 10/],
  ['21 root fields', `{ ${repeat(21, () => 'me { id }')} }`, /root fields are 21, the limit is 20/],
  ['31 aliases', `{ me { ${repeat(31, (index) => `a${index}: id`)} } }`, /aliases are 31, the limit is 30/],
  ['21 root fields by a fragment', `{ ...F } fragment F on Query { ${repeat(21, () => 'me { id }')} }`, /root fields/],
  [
    'aliases that fragments double six times',
    `{ me { ...F0 } } ${repeat(6, (index) => `fragment F${index} on User { ...F${index + 1} ...F${index + 1} }`)} fragment F6 on User { a: id }`,
    /aliases are 64/,
  ],
])('%s is refused, and the limit is told', async (_what, document, message) => {
  const answer = await alice(document);

  expect(answer.status).toBe(400);
  expect(codeOf(answer)).toBe('TOO_COMPLEX');
  expect(answer.errors![0]!.message).toMatch(message);
});

test('a fragment that spreads itself is refused, and nothing hangs', async () => {
  const answer = await alice('{ me { ...F } } fragment F on User { ...F }');

  expect(answer.status).toBe(400);
  expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
});
