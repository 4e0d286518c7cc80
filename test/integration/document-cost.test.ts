/** What is counted before is what comes: with every page full, an answer holds as many objects as its document costs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type OperationDefinitionNode, parse } from 'graphql';
import { costOf } from '../../src/graphql/document-cost.ts';
import { useApi } from '../support/api.ts';

const api = useApi();
const alice = api.as('alice');
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));

beforeAll(async () => {
  await api.database.admin.query(
    `insert into app_public.users (id) values ('alice');
     insert into app_public.tasks (owner_id, title) select 'alice', 'Task ' || n from generate_series(1, 25) as n`,
  );
});

/** The objects in a value, itself among them. */
const objectsIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce<number>((sum, part) => sum + objectsIn(part), 0);
  return Array.isArray(value) ? inside : 1 + inside;
};

test.each<{ text: string; variables?: object }>([
  { text: '{ me { id } tasks { nodes { id } } }' },
  {
    text: `{ tasks(first: 7) { totalCount pageInfo { hasNextPage } aggregates { count }
             nodes { owner { id } } edges { node { id } } } }`,
  },
  { text: '{ tasks(last: 5) { nodes { owner { tasks(first: 4) { nodes { owner { id } } } } } } }' },
  {
    text: `query ($n: Int = 3, $m: Int) {
             tasks(first: $n) { nodes { owner { tasks(last: $m) { edges { node { id } } } } } } }`,
    variables: { m: 2 },
  },
  {
    text: `{ tasks(first: 7) { ...F } }
           fragment F on TaskConnection { nodes { ... on Task { owner { ...G } } } }
           fragment G on User { tasks { nodes { id } } }`,
  },
])('$text', async ({ text, variables }) => {
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;

  const { data } = await alice(text, variables);

  // The answer itself is an object too; it costs nothing.
  expect(objectsIn(data) - 1).toBe(costOf(schema, document, operation, { ...variables }));
});

test('groups, whose number nobody can know before, come to no more than was counted', async () => {
  const text = '{ tasks(first: 1) { groupedAggregates(groupBy: [COMPLETED]) { count } } }';
  const document = parse(text);

  const { data } = await alice(text);

  expect(objectsIn(data) - 1).toBe(1 + 1);
  expect(costOf(schema, document, document.definitions[0] as OperationDefinitionNode, {})).toBe(1 + 100);
});
