/** Every order there is, paged in both directions: ties and nulls are no trouble. C-23, C-24 */
import { useApi } from '../support/api.ts';
import '../support/on-export.ts';
import { readOrders } from '../support/schema.ts';

const api = useApi();
const alice = api.as('alice');
const total = 23;

beforeAll(async () => {
  // Few values for many rows: nearly every order has ties, and those of the columns that may be empty have nulls.
  const tasks = Array.from({ length: total }, (_, number) => ({
    title: `Task ${number % 4}`,
    description: number % 3 ? `About ${number % 2}` : null,
    priority: ['LOW', 'NORMAL', 'HIGH', 'URGENT'][number % 4],
    dueAt: number % 3 === 1 ? `202${number % 5}-01-01T00:00:00Z` : null,
    tags: number % 2 ? ['a', `tag ${number % 3}`] : [],
    completed: number % 5 === 0,
  }));
  await alice('mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { clientMutationId } }', {
    tasks,
  });
  await api.as('bob')('mutation { createTask(input: { task: { title: "Bob" } }) { clientMutationId } }');
});

/** Ids of all pages of 5 in one direction. */
async function pages(orderBy: string[], direction: 'forwards' | 'backwards'): Promise<string[]> {
  const [size, from, cursor, more] =
    direction === 'forwards'
      ? ['first', 'after', 'endCursor', 'hasNextPage']
      : ['last', 'before', 'startCursor', 'hasPreviousPage'];
  const document = `query ($orderBy: [TaskOrderBy!], $from: Cursor) {
    tasks(${size}: 5, ${from}: $from, orderBy: $orderBy, search: "task") { nodes { id } pageInfo { ${cursor} ${more} } }
  }`;
  const ids: string[] = [];
  for (let position: string | null = null; ;) {
    const { data, errors } = await alice(document, { orderBy, from: position });
    expect(errors).toBeUndefined();
    const page = data.tasks.nodes.map(({ id }: { id: string }) => id);
    if (direction === 'forwards') ids.push(...page);
    else ids.unshift(...page);
    if (!data.tasks.pageInfo[more]) return ids;
    position = data.tasks.pageInfo[cursor];
  }
}

test.each(readOrders().map((order) => [order]))('%s: all tasks, each once, the same both ways', async (order) => {
  const whole = await alice(
    `query ($orderBy: [TaskOrderBy!]) { tasks(first: 100, orderBy: $orderBy, search: "task") { nodes { id } } }`,
    { orderBy: [order] },
  );
  const expected = whole.data.tasks.nodes.map(({ id }: { id: string }) => id);

  expect(new Set(expected).size).toBe(total);
  expect(await pages([order], 'forwards')).toEqual(expected);
  expect(await pages([order], 'backwards')).toEqual(expected);
});

test.each(['ASC', 'DESC'])('what has no value comes last: DUE_AT_%s', async (direction) => {
  const answer = await alice(`{ tasks(first: 100, orderBy: DUE_AT_${direction}) { nodes { dueAt } } }`);

  const due = answer.data.tasks.nodes.map(({ dueAt }: { dueAt: string | null }) => dueAt);
  const times = due.filter((time: string | null) => time !== null).toSorted();
  expect(due).toEqual([
    ...(direction === 'ASC' ? times : times.toReversed()),
    ...Array(total - times.length).fill(null),
  ]);
});

test('several orders at once', async () => {
  const orderBy = ['PRIORITY_DESC', 'DUE_AT_ASC', 'TITLE_DESC'];

  const ids = await pages(orderBy, 'forwards');

  expect(new Set(ids).size).toBe(total);
  expect(await pages(orderBy, 'backwards')).toEqual(ids);
});

test('priorities are in the order of urgency', async () => {
  const answer = await alice('{ tasks(first: 100, orderBy: PRIORITY_DESC) { nodes { priority } } }');

  const priorities = answer.data.tasks.nodes.map(({ priority }: { priority: string }) => priority);
  expect([...new Set(priorities)]).toEqual(['URGENT', 'HIGH', 'NORMAL', 'LOW']);
});
