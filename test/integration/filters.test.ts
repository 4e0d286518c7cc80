/** Filters on own tasks: each kind of field, and conditions within conditions. C-22, C-23, C-31 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');

beforeAll(async () => {
  const create = 'mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { clientMutationId } }';
  await alice(create, {
    tasks: [
      { title: 'Plant', priority: 'URGENT', tags: ['garden', 'spring'], dueAt: '2027-03-01T09:00:00Z' },
      {
        title: 'Water',
        priority: 'HIGH',
        tags: ['garden'],
        dueAt: '2027-04-01T09:00:00Z',
        description: 'Each evening',
      },
      { title: 'Rest', completed: true },
    ],
  });
  await api.as('bob')(create, { tasks: [{ title: 'Plant', tags: ['garden'] }] });
});

async function found(filter: object): Promise<string[]> {
  const answer = await alice(
    'query ($filter: TaskFilter) { tasks(filter: $filter, orderBy: TITLE_ASC) { totalCount nodes { title ownerId } } }',
    { filter },
  );
  expect(answer.errors).toBeUndefined();
  const { nodes, totalCount } = answer.data.tasks;
  expect(totalCount).toBe(nodes.length);
  expect(nodes.every(({ ownerId }: { ownerId: string }) => ownerId === 'alice')).toBe(true);
  return nodes.map(({ title }: { title: string }) => title);
}

test.each<[string, object, string[]]>([
  ['state', { completed: { equalTo: false } }, ['Plant', 'Water']],
  ['priority', { priority: { greaterThanOrEqualTo: 'HIGH' } }, ['Plant', 'Water']],
  ['one of some priorities', { priority: { in: ['NORMAL', 'URGENT'] } }, ['Plant', 'Rest']],
  ['a tag', { tags: { anyEqualTo: 'spring' } }, ['Plant']],
  ['tags that must all be there', { tags: { contains: ['garden', 'spring'] } }, ['Plant']],
  ['tags of which one must be there', { tags: { overlaps: ['spring', 'winter'] } }, ['Plant']],
  ['no tags', { tags: { equalTo: [] } }, ['Rest']],
  ['due before', { dueAt: { lessThan: '2027-03-15T00:00:00Z' } }, ['Plant']],
  [
    'due in a span',
    { dueAt: { greaterThan: '2027-03-15T00:00:00+01:00', lessThan: '2027-05-01T00:00:00Z' } },
    ['Water'],
  ],
  ['no due date', { dueAt: { isNull: true } }, ['Rest']],
  ['a part of a title, in any case', { title: { includesInsensitive: 'LAN' } }, ['Plant']],
  ['a description', { description: { isNull: false } }, ['Water']],
  ['two fields', { completed: { equalTo: false }, tags: { anyEqualTo: 'spring' } }, ['Plant']],
  ['and', { and: [{ completed: { equalTo: false } }, { priority: { equalTo: 'HIGH' } }] }, ['Water']],
  ['or', { or: [{ completed: { equalTo: true } }, { priority: { equalTo: 'HIGH' } }] }, ['Rest', 'Water']],
  ['not', { not: { tags: { anyEqualTo: 'garden' } } }, ['Rest']],
  [
    'conditions within conditions',
    {
      or: [
        { not: { completed: { equalTo: false } } },
        { and: [{ title: { startsWith: 'W' } }, { version: { equalTo: 1 } }] },
      ],
    },
    ['Rest', 'Water'],
  ],
  ['somebody else as owner', { ownerId: { equalTo: 'bob' } }, []],
  ['anybody but oneself', { not: { ownerId: { equalTo: 'alice' } } }, []],
])('by %s', async (_what, filter, titles) => {
  expect(await found(filter)).toEqual(titles);
});

test.each(['owner', 'tasks', 'words', 'some'])(
  'there is no filter by relation or by what is not shown: %s',
  async (field) => {
    const answer = await alice('query ($filter: TaskFilter) { tasks(filter: $filter) { totalCount } }', {
      filter: { [field]: {} },
    });

    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('VALIDATION_FAILED');
  },
);
