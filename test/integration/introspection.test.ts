/** Introspection switched off, as in production. */
import { codeOf, defaultLimits, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi({ config: { ...defaultLimits, introspection: false } });
const alice = api.as('alice');

test.each(['{ __schema { types { name } } }', '{ __type(name: "Task") { fields { name } } }'])(
  'the schema is not told: %s',
  async (document) => {
    const answer = await alice(document);

    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(answer.data).toBeUndefined();
  },
);

test.each([
  ['a field', '{ task { id } tsks { totalCount } }'],
  ['an argument', '{ tasks(frist: 1) { totalCount } }'],
  ['an input field', 'mutation { createTask(input: { task: { titel: "x" } }) { task { id } } }'],
  ['an enum value', '{ tasks(orderBy: TITEL_ASC) { totalCount } }'],
])('an unknown name of %s gets no suggestion', async (_what, document) => {
  const answer = await alice(document);

  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.errors)).not.toMatch(/Did you mean/);
});

test('a typename may be asked for, as clients do, and operations run as ever', async () => {
  const answer = await alice('{ __typename me { __typename id } }');

  expect(answer.data).toEqual({ __typename: 'Query', me: { __typename: 'User', id: 'alice' } });
});
