/** The text of a select is written once for an operation; its values are those of each request. C-24, C-30 */
import { jest } from '@jest/globals';
import { PgSelectStep } from 'postgraphile/@dataplan/pg';
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const bob = api.as('bob');

/** @dataplan/pg asks for it whenever it writes a select. */
const writes = jest.spyOn(PgSelectStep, 'getStaticInfo');
beforeEach(() => writes.mockClear());

const one = 'query One($id: UUID!) { task(id: $id) { title } }';
const fields = '{ nodes { title } pageInfo { hasNextPage endCursor } }';
const page = `query Page($n: Int) { tasks(first: $n) ${fields} }`;
const found = `query Found($n: Int, $filter: TaskFilter, $after: Cursor) { tasks(first: $n, filter: $filter, after: $after) ${fields} }`;
const ids: Record<string, string> = {};

beforeAll(async () => {
  await api.database.admin.query(
    `insert into app_public.users (id) values ('alice'), ('bob');
     insert into app_public.tasks (owner_id, title) values ('alice', 'A1'), ('bob', 'B1');
     insert into app_public.tasks (owner_id, title) values ('alice', 'A2'), ('bob', 'B2');
     insert into app_public.tasks (owner_id, title) values ('alice', 'A3')`,
  );
  const { rows } = await api.database.admin.query<{ id: string; title: string }>(
    'select id, title from app_public.tasks',
  );
  for (const { id, title } of rows) ids[title] = id;
});

const titles = (answer: Awaited<ReturnType<typeof alice>>) =>
  answer.data.tasks.nodes.map(({ title }: { title: string }) => title);

test('whoever asks, for whichever row, gets the own one, or none', async () => {
  const asked = [await alice(one, { id: ids.A1 }), await alice(one, { id: ids.A2 }), await bob(one, { id: ids.B1 })];
  const foreign = [await bob(one, { id: ids.A1 }), await alice(one, { id: ids.B2 })];

  expect(asked.map(({ data }) => data.task)).toEqual([{ title: 'A1' }, { title: 'A2' }, { title: 'B1' }]);
  expect(foreign.map(({ data }) => data.task)).toEqual([null, null]);
  expect(writes).toHaveBeenCalledTimes(1);
});

test('each page size has a text of its own', async () => {
  const answers = [
    await alice(page, { n: 2 }),
    await alice(page, { n: 3 }),
    await bob(page, { n: 2 }),
    await alice(page),
  ];

  expect(answers.map(titles)).toEqual([
    ['A3', 'A2'],
    ['A3', 'A2', 'A1'],
    ['B2', 'B1'],
    ['A3', 'A2', 'A1'],
  ]);
  expect(answers.map(({ data }) => data.tasks.pageInfo.hasNextPage)).toEqual([true, false, false, false]);
  expect(writes).toHaveBeenCalledTimes(3);
  expect(titles(await alice(page, { n: 0 }))).toEqual([]);
});

test('more sizes than are kept are answered all the same', async () => {
  const sizes = Array.from({ length: 30 }, (_, index) => index + 1);

  for (const n of [...sizes, ...sizes])
    expect(titles(await alice(page, { n }))).toEqual(['A3', 'A2', 'A1'].slice(0, n));
});

test('filters and cursors are written anew', async () => {
  const only = async (title: string) => titles(await alice(found, { filter: { title: { equalTo: title } } }));
  const { data } = await alice(page, { n: 1 });
  writes.mockClear();

  expect([await only('A1'), await only('A2'), await only('B1')]).toEqual([['A1'], ['A2'], []]);
  expect(titles(await alice(found, { n: 1, after: data.tasks.pageInfo.endCursor }))).toEqual(['A2']);
  expect(titles(await alice(page, { n: 1 }))).toEqual(['A3']);
  expect(writes).toHaveBeenCalledTimes(4);
});

test('what moves a page is never taken for the page before it', async () => {
  const { data } = await alice(page, { n: 2 });
  const cursor: string = data.tasks.pageInfo.endCursor;
  const newest: string = (await alice(page, { n: 1 })).data.tasks.pageInfo.endCursor;
  const moved = (name: string, type: string, size: string) => (value: unknown) =>
    alice(`query ($value: ${type}) { tasks(${size}: 1, ${name}: $value) ${fields} }`, { value }).then(titles);
  const after = moved('after', 'Cursor', 'first');
  const before = moved('before', 'Cursor', 'first');
  const offset = moved('offset', 'Int', 'first');
  const last = (n: number | null) => alice(`query ($n: Int) { tasks(last: $n) ${fields} }`, { n }).then(titles);

  expect([await after(null), await after(cursor), await after(null)]).toEqual([['A3'], ['A1'], ['A3']]);
  expect([await before(null), await before(cursor), await before(newest)]).toEqual([['A3'], ['A3'], []]);
  expect([await offset(null), await offset(1), await offset(2), await offset(3)]).toEqual([['A3'], ['A2'], ['A1'], []]);
  expect([await last(null), await last(1), await last(2)]).toEqual([['A3', 'A2', 'A1'], ['A1'], ['A2', 'A1']]);
});

test('a filter that is absent changes nothing', async () => {
  const absent = [undefined, { filter: null }, { n: null }];
  const empty = [{ filter: {} }, { filter: { and: [] } }];

  for (const variables of [...absent, ...empty])
    expect(titles(await alice(found, variables))).toEqual(['A3', 'A2', 'A1']);
  expect(titles(await alice(found, { filter: { title: { in: ['A1'] } } }))).toEqual(['A1']);

  writes.mockClear();
  for (const variables of absent) expect(titles(await bob(found, variables))).toEqual(['B2', 'B1']);
  expect(writes).toHaveBeenCalledTimes(0);
});

test('the same select twice in one operation, and one that fails', async () => {
  const both = await alice(`query ($a: UUID!, $b: UUID!) { a: task(id: $a) { title } b: task(id: $b) { title } }`, {
    a: ids.A1,
    b: ids.A2,
  });
  await api.database.admin.query('revoke select on app_public.tasks from hedgerow_visitor');
  const refused = await alice(one, { id: ids.A1 });
  await api.database.admin.query('grant select on app_public.tasks to hedgerow_visitor');

  expect(both.data).toEqual({ a: { title: 'A1' }, b: { title: 'A2' } });
  expect([refused.data, codeOf(refused)]).toEqual([{ task: null }, 'FORBIDDEN']);
  expect((await alice(one, { id: ids.A1 })).data.task).toEqual({ title: 'A1' });
});
