/**
 * At 1,000,000 tasks of 10,000 users, whatever the API is asked, PostgreSQL reads the rows of one owner: every order, filter, search, group,
 * count and change goes through HTTP, and auto_explain tells what the statements that came of it have read. C-23, C-26, C-31, C-56
 */
import {
  getNamedType,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { useApi } from '../support/api.ts';
import { endConnections } from '../support/database.ts';
import { readOrders, readSchema } from '../support/schema.ts';

const users = 10_000;
const tasksEach = 100;
const sub = 'user-4711';

const api = useApi();
const ask = api.as(sub);

/** Plans of statements on tasks, in the order in which they ran. */
const plans: Plan[] = [];
let ids: string[];

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
};

beforeAll(async () => {
  const { admin, pool } = api.database;
  // As a superuser, without triggers, and without checks, which hold; user by user for each number, so that the rows of one owner lie far apart.
  const { rows: checks } = await admin.query<{ name: string; definition: string }>(
    `select quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint
     where conrelid = 'app_public.tasks'::regclass
     and contype = 'c'`,
  );
  for (const { name } of checks) await admin.query(`alter table app_public.tasks drop constraint ${name}`);
  // An index that is made when the rows are there takes a fraction of the time.
  const { rows: indexes } = await admin.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index
     where indrelid = 'app_public.tasks'::regclass
     and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
  for (const { name } of indexes) await admin.query(`drop index ${name}`);
  await admin.query(`
    set session_replication_role = replica;
    insert into app_public.users (id) select 'user-' || number from generate_series(1, ${users}) as number;
    insert into app_public.tasks (id, owner_id, title, description, completed, completed_at, priority, due_at, tags, deleted_at, created_at)
      select gen_random_uuid(), 'user-' || owner, 'Task ' || number, case when number % 2 = 0 then 'Plant and water the hedge' end,
        number % 3 = 0, case when number % 3 = 0 then now() end,
        (enum_range(null::app_public.task_priority))[1 + number % 4],
        case when number % 5 > 0 then now() + number * interval '1 day' end,
        array['tag ' || number % 7], case when number % 20 = 0 then now() end, now() - number * interval '1 hour'
      from generate_series(1, ${tasksEach}) as number, generate_series(1, ${users}) as owner;
    set session_replication_role = origin`);
  for (const { name, definition } of checks) {
    await admin.query(`alter table app_public.tasks add constraint ${name} ${definition} not valid`);
  }
  for (const { definition } of indexes) await admin.query(definition);
  await admin.query('vacuum (analyze) app_public.tasks');
  const { rows } = await admin.query<{ id: string }>('select id from app_public.tasks where owner_id = $1', [sub]);
  ids = rows.map(({ id }) => id);

  const {
    rows: [database],
  } = await admin.query<{ name: string }>('select current_database() as name');
  for (const [name, value] of Object.entries({
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  })) {
    await admin.query(`alter database ${database!.name} set ${name} = '${value}'`);
  }
  pool.on('connect', (client) =>
    client.on('notice', ({ message }) => {
      const plan = /^duration: .* plan:\n(.*)$/s.exec(message ?? '');
      if (plan) plans.push((JSON.parse(plan[1]!) as { Plan: Plan }).Plan);
    }),
  );
  // The connections of the start do not explain anything.
  await endConnections(admin, { application: 'hedgerow' });
  await new Promise((resolve) => setTimeout(resolve, 200));
}, 300_000);

beforeEach(() => void plans.splice(0));

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** How tasks were read: by which index, under which condition, how many rows. */
function readsOfTasks() {
  return plans.flatMap(nodesOf).flatMap((node) => {
    const isIndex = node['Index Name']?.startsWith('tasks_');
    if (!isIndex && node['Relation Name'] !== 'tasks') return [];
    if (['ModifyTable', 'LockRows', 'Bitmap Heap Scan'].includes(node['Node Type'])) return [];
    const rows =
      (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) *
      node['Actual Loops'];
    return [{ scan: node['Node Type'], index: node['Index Name'], condition: node['Index Cond'] ?? '', rows }];
  });
}

/** Runs the operation and holds what it read against what its user owns. */
async function expectOwnRowsOnly(document: string, variables?: object, asked = ask): Promise<void> {
  const { errors } = await asked(document, variables);

  expect(errors).toBeUndefined();
  const reads = readsOfTasks();
  expect(plans).not.toEqual([]);
  for (const read of reads) {
    expect(read).toMatchObject({ index: expect.any(String), condition: expect.stringContaining('owner_id = ') });
    expect(read.rows).toBeLessThanOrEqual(tasksEach);
  }
}

test.each([
  ['a list', '{ tasks { nodes { id title } } }'],
  ['a count', '{ tasks { totalCount } }'],
  ['the trash', '{ tasks(trash: ONLY) { totalCount nodes { id } } }'],
  ['everything', '{ tasks(trash: INCLUDE, first: 100) { totalCount nodes { id } } }'],
  ['a search', '{ tasks(search: "water -unicorn") { totalCount nodes { id } } }'],
  ['a search by relevance', '{ tasks(search: "hedge", orderBy: RELEVANCE) { nodes { id } } }'],
  ['the counts of me', '{ me { taskCounts { total open completed overdue trashed } } }'],
  ['the tasks of me', '{ me { tasks { totalCount nodes { id owner { id } } } } }'],
  [
    'a combination',
    '{ tasks(filter: { or: [{ completed: { equalTo: true } }, { not: { title: { like: "%1%" } } }] }) { totalCount } }',
  ],
])('%s reads the owner’s rows only', async (_what, document) => {
  await expectOwnRowsOnly(document);
});

test('the newest 20 come out of an index, in order: 20 rows and those in the trash are read', async () => {
  await expectOwnRowsOnly('{ tasks { nodes { id } } }');

  expect(readsOfTasks()).toEqual([expect.objectContaining({ index: 'tasks_newest_idx' })]);
  expect(readsOfTasks()[0]!.rows).toBeLessThanOrEqual(22);
});

test('the next page starts where the last one ended', async () => {
  const first = await ask('{ tasks { pageInfo { endCursor } } }');
  plans.splice(0);

  await expectOwnRowsOnly('query ($after: Cursor) { tasks(after: $after) { nodes { id } } }', {
    after: first.data.tasks.pageInfo.endCursor,
  });

  expect(readsOfTasks()[0]!.rows).toBeLessThanOrEqual(22);
});

test('one task is one row', async () => {
  await expectOwnRowsOnly('query ($id: UUID!) { task(id: $id) { id title } }', { id: ids[0] });

  expect(readsOfTasks()).toMatchObject([{ index: 'tasks_pkey', rows: 1 }]);
});

test.each(readOrders().filter((order) => order !== 'RELEVANCE'))('order %s', async (order) => {
  await expectOwnRowsOnly('query ($order: [TaskOrderBy!]) { tasks(orderBy: $order) { nodes { id } } }', {
    order: [order],
  });
});

const groups = (readSchema().getType('TaskGroupBy') as GraphQLEnumType).getValues().map(({ name }) => name);

test.each(groups)('group %s', async (group) => {
  await expectOwnRowsOnly('query ($by: [TaskGroupBy!]!) { tasks { groupedAggregates(groupBy: $by) { keys count } } }', {
    by: [group],
  });
});

/** Something that the type accepts. */
function sample(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [sample(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  const samples: Record<string, unknown> = {
    String: 'tag 1',
    Int: 1,
    Boolean: true,
    UUID: '01890000-0000-7000-8000-000000000000',
    Datetime: '2027-01-01T00:00:00Z',
  };
  const { name } = getNamedType(type);
  if (!(name in samples)) throw new Error(`A sample of ${name} is needed.`);
  return samples[name];
}

const filters = Object.values((readSchema().getType('TaskFilter') as GraphQLInputObjectType).getFields()).flatMap(
  ({ name, type }) => {
    const filter = getNamedType(type);
    return isInputObjectType(filter) && filter.name !== 'TaskFilter'
      ? Object.values(filter.getFields()).map((operator) => [name, operator.name, sample(operator.type)] as const)
      : [];
  },
);

test.each(filters)('filter %s %s', async (field, operator, value) => {
  await expectOwnRowsOnly('query ($filter: TaskFilter) { tasks(filter: $filter) { totalCount nodes { id } } }', {
    filter: { [field]: { [operator]: value } },
  });
});

test.each([
  [
    'updateTask',
    'mutation ($id: UUID!) { updateTask(input: { id: $id, ifVersion: 1, patch: { title: "x" } }) { task { id } } }',
  ],
  ['replaceTask', 'mutation ($id: UUID!) { replaceTask(input: { id: $id, task: { title: "x" } }) { task { id } } }'],
  ['completeTask', 'mutation ($id: UUID!) { completeTask(input: { id: $id }) { task { id } } }'],
  ['toggleTask', 'mutation ($id: UUID!) { toggleTask(input: { id: $id }) { task { id } } }'],
  ['trashTask', 'mutation ($id: UUID!) { trashTask(input: { id: $id }) { task { id } } }'],
  ['restoreTask', 'mutation ($id: UUID!) { restoreTask(input: { id: $id }) { task { id } } }'],
  ['deleteTask', 'mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { id } } }'],
])('%s changes one row by its key', async (_name, document) => {
  await expectOwnRowsOnly(document, { id: ids[1] });

  for (const read of readsOfTasks()) expect(read).toMatchObject({ index: 'tasks_pkey', rows: 1 });
});

test.each(['completeTasks', 'trashTasks', 'restoreTasks', 'deleteTasks'])(
  '%s reads the owner’s rows only',
  async (operation) => {
    await expectOwnRowsOnly(
      `mutation ($tasks: [TaskRefInput!]!) { ${operation}(input: { tasks: $tasks }) { tasks { id } } }`,
      { tasks: ids.slice(2, 12).map((id) => ({ id })) },
    );
  },
);

test('updateTasks reads the owner’s rows only', async () => {
  await expectOwnRowsOnly(
    `mutation ($updates: [TaskUpdateInput!]!) { updateTasks(input: { updates: $updates }) { tasks { id } } }`,
    { updates: ids.slice(12, 22).map((id) => ({ id, patch: { title: 'x' } })) },
  );
});

// As another user: the indexes still hold the old versions of the rows that were changed above.
test.each([
  ['emptyTrash', 'mutation { emptyTrash(input: {}) { deletedCount } }'],
  ['deleteMe', 'mutation { deleteMe(input: {}) { user { id } } }'],
])('%s reads the owner’s rows only', async (_name, document) => {
  await expectOwnRowsOnly(document, undefined, api.as('user-42'));
});

// The guard itself.
test('reading other rows is noticed', async () => {
  const everything = api.database.pool.query(
    '/* outside the fence: it would read everything */ select count(*) from app_public.tasks',
  );
  await expect(everything).rejects.toThrow('permission denied');
  const { rows } = await api.database.admin.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    'explain (analyze, format json) select count(*) from app_public.tasks where completed',
  );
  plans.splice(0, Infinity, rows[0]!['QUERY PLAN'][0].Plan);

  expect(Math.max(...readsOfTasks().map((read) => read.rows))).toBeGreaterThan(tasksEach);
});
