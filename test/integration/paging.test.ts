/** Pages: a default, a cap, cursors both ways. C-24 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');

beforeAll(async () => {
  // As a superuser; one by one, so that the ids are in the order of the numbers.
  await api.database.admin.query(
    `insert into app_public.users (id) values ('alice');
     insert into app_public.tasks (owner_id, title)
       select 'alice', 'Task ' || number from generate_series(1, 105) as number`,
  );
});

const titles = (answer: Awaited<ReturnType<typeof alice>>): string[] =>
  answer.data.tasks.nodes.map((node: { title: string }) => node.title);

test('a list without a size has 20, and says that there are more, and how many in all', async () => {
  const answer = await alice('{ tasks { totalCount nodes { title } pageInfo { hasNextPage } } }');

  expect(titles(answer)).toHaveLength(20);
  expect(titles(answer)[0]).toBe('Task 105');
  expect(answer.data.tasks).toMatchObject({ totalCount: 105, pageInfo: { hasNextPage: true } });
});

test('100 may be asked for at once', async () => {
  expect(titles(await alice('{ tasks(first: 100) { nodes { title } } }'))).toHaveLength(100);
});

test.each([
  ['first: 101', '{ tasks(first: 101) { nodes { title } } }', undefined],
  ['last: 101', '{ tasks(last: 101) { nodes { title } } }', undefined],
  ['first by variable', 'query ($n: Int) { tasks(first: $n) { nodes { title } } }', { n: 101 }],
  ['first, on the tasks of me', '{ me { tasks(first: 2147483647) { nodes { title } } } }', undefined],
  ['first, where edges are read', '{ tasks(first: 101) { edges { cursor } } }', undefined],
  ['first: -1', '{ tasks(first: -1) { nodes { title } } }', undefined],
])('more, or less than none, is refused by its code: %s', async (_what, document, variables) => {
  const answer = await alice(document, variables);

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
  expect(answer.errors![0]!.message).toMatch(/0 to 100/);
});

test('null is as good as absent', async () => {
  const answer = await alice('query ($n: Int) { tasks(first: $n, last: $n) { nodes { title } } }', { n: null });

  expect(titles(answer)).toHaveLength(20);
});

test.each([
  ['nothing', {}],
  ['null', { filter: null, orderBy: null, search: null, after: null }],
  ['empty values', { filter: {}, orderBy: [], search: '' }],
  ['empty conditions', { filter: { title: {}, and: [], completed: null } }],
])('a form that was left empty asks for the newest: %s', async (_what, variables) => {
  const answer = await alice(
    `query ($filter: TaskFilter, $orderBy: [TaskOrderBy!], $search: String, $after: Cursor) {
      tasks(filter: $filter, orderBy: $orderBy, search: $search, after: $after) { nodes { title } }
    }`,
    variables,
  );

  expect(answer.errors).toBeUndefined();
  expect(titles(answer)[0]).toBe('Task 105');
});

test('null and empty values may stand in the document too', async () => {
  expect(titles(await alice('{ tasks(filter: null, orderBy: null) { nodes { title } } }'))[0]).toBe('Task 105');
  expect(titles(await alice('{ tasks(filter: {}, orderBy: []) { nodes { title } } }'))[0]).toBe('Task 105');
});

test('last reads from the end, and the default does not get in its way', async () => {
  expect(titles(await alice('{ tasks(last: 2) { nodes { title } } }'))).toEqual(['Task 2', 'Task 1']);
});

test('the tasks of me have the default too', async () => {
  const answer = await alice('{ me { tasks { nodes { title } } } }');

  expect(answer.data.me.tasks.nodes).toHaveLength(20);
});

test('cursors lead through all, each once, and back', async () => {
  const forwards: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await alice(
      'query ($after: Cursor) { tasks(first: 30, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    forwards.push(...data.tasks.nodes.map((node: { title: string }) => node.title));
    after = data.tasks.pageInfo.hasNextPage ? data.tasks.pageInfo.endCursor : null;
  } while (after !== null);

  const backwards: string[] = [];
  let before: string | null = null;
  do {
    const { data } = await alice(
      'query ($before: Cursor) { tasks(last: 30, before: $before) { nodes { title } pageInfo { hasPreviousPage startCursor } } }',
      { before },
    );
    backwards.unshift(...data.tasks.nodes.map((node: { title: string }) => node.title));
    before = data.tasks.pageInfo.hasPreviousPage ? data.tasks.pageInfo.startCursor : null;
  } while (before !== null);

  expect(forwards).toEqual(Array.from({ length: 105 }, (_, index) => `Task ${105 - index}`));
  expect(backwards).toEqual(forwards);
});
