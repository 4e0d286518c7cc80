/** Documents that ask for too much are refused before they cost anything. T-10 */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { codeOf, tokenOf, useApi } from '../support/api.ts';

const api = useApi();
const alice = api.as('alice');

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

/** `me { tasks { nodes { owner { tasks …` with so many fields below one another, in pages so small that nothing else is too much. */
function nested(depth: number): string {
  const fields = Array.from({ length: depth - 1 }, (_, index) =>
    index === 0 ? 'me' : ['tasks(first: 5)', 'nodes', 'owner'][(index - 1) % 3]!,
  );
  return `{ ${fields.join(' { ')} { __typename ${fields.at(-1)!.startsWith('tasks') ? 'totalCount' : 'nodeId'} ${'}'.repeat(depth)}`;
}

/** A page of tasks, with another page for each of them. */
const body = (outer: string, inner: string) =>
  `tasks(${outer}) { nodes { owner { tasks${inner && `(${inner})`} { nodes { id } } } } }`;
const pages = (outer: string, inner: string) => `{ ${body(outer, inner)} }`;

test.each<[string, string]>([
  ['a depth of 10', nested(10)],
  ['20 root fields', `{ ${repeat(20, (index) => `a${index}: me { id }`)} }`],
  ['30 aliases', `{ me { ${repeat(30, (index) => `a${index}: id`)} } }`],
  [
    'a page of 100 with all that is beside it',
    `{ tasks(first: 100) { totalCount pageInfo { endCursor } aggregates { count }
       groupedAggregates(groupBy: [COMPLETED]) { keys count } nodes { id owner { id } } edges { node { id } } } }`,
  ],
  ['20 pages of 100', `{ ${repeat(20, (index) => `a${index}: tasks(first: 100) { nodes { id } }`)} }`],
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
  ['a page of 100 for each of 100', pages('first: 100', 'first: 100'), /may hold 10301 objects, the limit is 2500/],
  [
    'the default page for each of 100',
    `{ ${repeat(2, (index) => `a${index}: ${body('last: 100', '')}`)} }`,
    /4602 objects/,
  ],
  ['a page larger than there is', pages('first: 2147483647', 'first: 100'), /10301 objects/],
  [
    'a page of 100 below a mutation',
    `mutation { createTask(input: { task: { title: "x" } }) { query ${pages('first: 100', 'first: 100')} } }`,
    /10303 objects/,
  ],
  [
    'pages in fragments',
    `{ tasks(first: 100) { ...F } } fragment F on TaskConnection { nodes { owner { ...G } } }
     fragment G on User { tasks(first: 100) { nodes { id } } }`,
    /10301 objects/,
  ],
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

test('page sizes in variables count as they are sent', async () => {
  const document = `query ($n: Int, $m: Int = 100) ${pages('first: $n', 'last: $m')}`;

  const [small, unsent, large] = [
    await alice(document, { n: 10 }),
    await alice(document, { m: 20 }),
    await alice(document, { n: 100 }),
  ];

  expect(codeOf(small)).toBeUndefined();
  expect(codeOf(unsent)).toBeUndefined();
  expect([large.status, codeOf(large), large.data]).toEqual([400, 'TOO_COMPLEX', undefined]);
});

test('a mutation over the limit changes nothing', async () => {
  const document = `mutation { createTask(input: { task: { title: "Too much" } }) { query ${pages('first: 100', 'first: 100')} } }`;

  const answer = await alice(document);
  const { rows } = await api.database.admin.query(`select from app_public.tasks where title = 'Too much'`);

  expect(codeOf(answer)).toBe('TOO_COMPLEX');
  expect(rows).toHaveLength(0);
});

test('over WebSocket the limit is the same', async () => {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf('alice')}` },
  });
  const answers: any[] = [];
  for await (const answer of client.iterate({ query: pages('first: 100', 'first: 100') })) answers.push(answer);
  await client.dispose();

  expect(answers).toHaveLength(1);
  expect(answers[0].errors[0].extensions).toEqual({ code: 'TOO_COMPLEX', requestId: expect.any(String) });
});

test('a fragment that spreads itself is refused, and nothing hangs', async () => {
  const answer = await alice('{ me { ...F } } fragment F on User { ...F }');

  expect(answer.status).toBe(400);
  expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
});
