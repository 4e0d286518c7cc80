/** Full-text search in one's own tasks. C-23, C-31 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

beforeAll(async () => {
  const create = 'mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { clientMutationId } }';
  await alice(create, {
    tasks: [
      { title: 'Order hawthorn', description: 'Forty bare-root plants for the hedge.' },
      { title: 'Plant the hedge', description: 'Hawthorn and beech; hedge, hedge, hedge.' },
      { title: 'Call IT about the printer' },
      { title: 'Hecke schneiden', description: 'Vor dem 1. März' },
    ],
  });
  await bob(create, { tasks: [{ title: 'Trim the hedge of alice' }] });
});

async function found(search: string | null, args = 'orderBy: CREATED_AT_ASC') {
  const answer = await alice(
    `query ($search: String) { tasks(search: $search, ${args}) { totalCount nodes { title } } }`,
    { search },
  );
  const titles = answer.data.tasks.nodes.map(({ title }: { title: string }) => title);
  expect(answer.data.tasks.totalCount).toBe(titles.length);
  return titles;
}

test.each([
  ['a word of a title', 'hedge', ['Order hawthorn', 'Plant the hedge']],
  ['another form of it', 'planting', ['Order hawthorn', 'Plant the hedge']],
  ['a word of a description', 'beech', ['Plant the hedge']],
  ['both words', 'hawthorn order', ['Order hawthorn']],
  ['either word', 'printer or beech', ['Plant the hedge', 'Call IT about the printer']],
  ['words in this order', '"the hedge"', ['Order hawthorn', 'Plant the hedge']],
  ['words in another order', '"hedge the"', []],
  ['one word without another', 'hedge -beech', ['Order hawthorn']],
  ['a word that English leaves out of its indexes', 'it', ['Call IT about the printer']],
  ['capitals', 'HAWTHORN', ['Order hawthorn', 'Plant the hedge']],
  ['another language', 'hecke märz', ['Hecke schneiden']],
  ['something that is nowhere', 'unicorn', []],
  ['signs alone', '& | ! ( )', []],
])('%s: %s', async (_what, search, titles) => {
  expect(await found(search)).toEqual(titles);
});

test.each([null, '', '  '])('an empty search is no search: %j', async (search) => {
  expect(await found(search)).toHaveLength(4);
});

test.each([`"`, `'`, `\\`, `-`, `"a" -"`, `:*`, `a:*b`, `<->`, '%', '🌳', 'x'.repeat(5_000)])(
  'what people type is never an error: %s',
  async (search) => {
    expect(await found(search)).toEqual([]);
  },
);

test('by relevance, what fits best comes first', async () => {
  expect(await found('hedge', 'orderBy: RELEVANCE')).toEqual(['Plant the hedge', 'Order hawthorn']);
});

test('pages go on in the order of relevance', async () => {
  const page = `query ($after: Cursor) {
    tasks(search: "hedge", orderBy: RELEVANCE, first: 1, after: $after) { nodes { title } pageInfo { endCursor hasNextPage } }
  }`;

  const first = await alice(page);
  const second = await alice(page, { after: first.data.tasks.pageInfo.endCursor });

  expect(first.data.tasks.nodes).toEqual([{ title: 'Plant the hedge' }]);
  expect(second.data.tasks.nodes).toEqual([{ title: 'Order hawthorn' }]);
  expect(second.data.tasks.pageInfo.hasNextPage).toBe(false);
});

test('relevance needs a search', async () => {
  const answer = await alice('{ tasks(orderBy: RELEVANCE) { totalCount nodes { title } } }');

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
});

test('a search goes with filters, and on the tasks of me too', async () => {
  const answer = await alice(
    '{ me { tasks(search: "hedge", filter: { title: { startsWith: "Plant" } }) { totalCount nodes { title } } } }',
  );

  expect(answer.data.me.tasks).toEqual({ totalCount: 1, nodes: [{ title: 'Plant the hedge' }] });
});

test('a change changes what a task is found by', async () => {
  const made = await bob('mutation { createTask(input: { task: { title: "Rake" } }) { task { id } } }');
  await bob('mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { title: "Sweep" } }) { task { id } } }', {
    id: made.data.createTask.task.id,
  });

  const answer = await bob('{ old: tasks(search: "rake") { totalCount } now: tasks(search: "sweep") { totalCount } }');

  expect(answer.data).toEqual({ old: { totalCount: 0 }, now: { totalCount: 1 } });
});

test('others’ tasks are not found', async () => {
  expect(await found('trim')).toEqual([]);
});
