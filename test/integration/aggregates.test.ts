/** What can be counted of one's own tasks. C-26, C-31 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

const createTasks = `mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }`;

beforeAll(async () => {
  const tasks = [
    { title: 'Plant', priority: 'URGENT', tags: ['garden', 'spring'], dueAt: '2020-03-01T23:30:00Z' },
    { title: 'Water', priority: 'URGENT', tags: ['garden'], dueAt: '2020-03-02T00:30:00Z' },
    { title: 'Trim', tags: ['hedge'], dueAt: '2999-01-01T00:00:00Z' },
    { title: 'Rest', completed: true },
  ];
  await alice(createTasks, { tasks });
  await bob(createTasks, { tasks: [{ title: 'Bob trims', tags: ['hedge', 'bob'], priority: 'LOW' }] });
});

/** Groups of alice's tasks as `[keys, count]`. */
async function groups(groupBy: string, args = ''): Promise<[string[], number][]> {
  const answer = await alice(`{ tasks${args} { groupedAggregates(${groupBy}) { keys count } } }`);
  return answer.data.tasks.groupedAggregates.map(({ keys, count }: { keys: string[]; count: number }) => [keys, count]);
}

test.each([
  [
    'state',
    'groupBy: COMPLETED',
    [
      [['false'], 3],
      [['true'], 1],
    ],
  ],
  [
    'priority, by urgency',
    'groupBy: PRIORITY',
    [
      [['normal'], 2],
      [['urgent'], 2],
    ],
  ],
  [
    'tag',
    'groupBy: TAG',
    [
      [['garden'], 2],
      [['hedge'], 1],
      [['spring'], 1],
    ],
  ],
  [
    'due day',
    'groupBy: DUE_AT_DAY',
    [
      [['2020-03-01'], 1],
      [['2020-03-02'], 1],
      [['2999-01-01'], 1],
      [[null], 1],
    ],
  ],
  [
    'due day where the tasks are',
    'groupBy: DUE_AT_DAY, timeZone: "Europe/Berlin"',
    [
      [['2020-03-02'], 2],
      [['2999-01-01'], 1],
      [[null], 1],
    ],
  ],
  [
    'state and priority',
    'groupBy: [COMPLETED, PRIORITY]',
    [
      [['false', 'normal'], 1],
      [['false', 'urgent'], 2],
      [['true', 'normal'], 1],
    ],
  ],
])('own tasks are counted by %s', async (_what, groupBy, counted) => {
  expect(await groups(groupBy)).toEqual(counted);
});

test('completed tasks are counted by the Monday of their week', async () => {
  const counted = await groups('groupBy: COMPLETED_AT_WEEK', '(filter: { completed: { equalTo: true } })');

  const today = new Date();
  const monday = new Date(today.getTime() - ((today.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10);
  expect(counted).toEqual([[[monday], 1]]);
});

test('groups count what the list shows: filter, search and trash hold for them', async () => {
  expect(await groups('groupBy: TAG', '(filter: { priority: { equalTo: URGENT } }, search: "plant")')).toEqual([
    [['garden'], 1],
    [['spring'], 1],
  ]);
  expect(await groups('groupBy: TAG', '(trash: ONLY)')).toEqual([]);
});

test('overdue is what is not done and should have been', async () => {
  const answer = await alice(
    `{ tasks(filter: { overdue: { equalTo: true } }, orderBy: TITLE_ASC) { totalCount aggregates { count } nodes { title overdue } } }`,
  );

  expect(answer.data.tasks).toEqual({
    totalCount: 2,
    aggregates: { count: 2 },
    nodes: [
      { title: 'Plant', overdue: true },
      { title: 'Water', overdue: true },
    ],
  });
});

test('a time zone that is none is refused by name', async () => {
  const answer = await alice(
    '{ tasks { groupedAggregates(groupBy: DUE_AT_DAY, timeZone: "Mars/Olympus") { count } } }',
  );

  expect(codeOf(answer)).toBe('VALIDATION_FAILED');
  expect(answer.errors![0]!.message).toContain('Mars/Olympus');
});

// C-31: the order of groups is that of their keys, never that of a hash table whose size depends on everybody's rows.
test('groups are made by sorting', async () => {
  const { rows } = await api.database.admin.query<{ 'QUERY PLAN': string }>(
    `explain select priority, count(*) from app_public.tasks group by priority having count(distinct id) > 0`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');

  expect(plan).toContain('GroupAggregate');
  expect(plan).not.toContain('HashAggregate');
});
