/** What shapes the API changes the shape, under the name of the object; what does not leaves it. So an exported schema is never served to another API. */
import type pg from 'pg';
import { fencedPgService, fencedTransactions, type FencedTransaction } from '../../../src/database/fence.ts';
import { buildSchema } from '../../../src/graphql/build-schema.ts';
import { printSorted } from '../../../src/graphql/print-schema.ts';
import { differences, readShape, type Shape } from '../../../src/graphql/shape.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
let before: Shape;

beforeAll(async () => {
  before = await readShape(fencedTransactions(database.pool));
});

/** The shape as the visitor sees it within the transaction that makes the change, which then never was. */
async function after(change: string): Promise<Shape> {
  const { admin } = database;
  const asVisitor = (async (_settings: unknown, ask: (client: pg.Client) => Promise<unknown>) => {
    await admin.query('set local role hedgerow_visitor');
    return ask(admin);
  }) as unknown as FencedTransaction;
  await admin.query('begin');
  try {
    await admin.query(change);
    return await readShape(asVisitor);
  } finally {
    await admin.query('rollback');
  }
}

test.each<[change: string, objects: string[]]>([
  ['alter table app_public.tasks add column place text', ['column app_public.tasks.place', 'table app_public.tasks']],
  [
    'alter table app_public.tasks rename column title to name',
    [
      'column app_public.tasks.name',
      'column app_public.tasks.title',
      'constraint app_public.tasks.tasks_title_length_check',
      'table app_public.tasks',
    ],
  ],
  ['alter table app_public.tasks alter column title drop not null', ['column app_public.tasks.title']],
  ['alter type app_public.task_tally alter attribute overdue type bigint', ['column app_public.task_tally.overdue']],
  [
    'alter type app_public.task_tally drop attribute overdue',
    ['column app_public.task_tally.overdue', 'table app_public.task_tally'],
  ],
  ['alter table app_public.tasks alter column title set default $$a$$', ['column app_public.tasks.title']],
  ['comment on column app_public.tasks.title is $$What to do.$$', ['column app_public.tasks.title']],
  ['comment on schema app_public is $$All.$$', ['schema app_public']],
  ['alter table app_public.tasks set unlogged', ['table app_public.tasks']],
  [
    'revoke select on app_public.users from hedgerow_visitor; grant select (id) on app_public.users to hedgerow_visitor',
    [
      'column app_public.users.created_at',
      'column app_public.users.email',
      'column app_public.users.name',
      'column app_public.users.updated_at',
      'table app_public.users',
    ],
  ],
  ['comment on table app_public.tasks is $$Things.$$', ['table app_public.tasks']],
  [
    'comment on constraint tasks_title_length_check on app_public.tasks is $$Long.$$',
    ['constraint app_public.tasks.tasks_title_length_check'],
  ],
  ['comment on function app_public.me() is $$Me.$$', ['function me()']],
  ['comment on type app_public.task_priority is $$How soon.$$', ['type app_public.task_priority']],
  [
    'alter table app_public.tasks add constraint tasks_title_key unique (owner_id, title)',
    ['constraint app_public.tasks.tasks_title_key'],
  ],
  [
    'alter table app_public.tasks drop constraint tasks_owner_id_fkey',
    ['constraint app_public.tasks.tasks_owner_id_fkey'],
  ],
  [
    'create table app_public.notes (id uuid)',
    ['column app_public.notes.id', 'table app_public.notes', 'type app_public.notes'],
  ],
  [
    'create view app_public.open_tasks as select id from app_public.tasks',
    ['column app_public.open_tasks.id', 'table app_public.open_tasks', 'type app_public.open_tasks'],
  ],
  ['create domain app_public.colour as text not null', ['type app_public.colour']],
  ['alter type app_public.task_priority rename value $$urgent$$ to $$now$$', ['type app_public.task_priority']],
  ['create function app_public.answer() returns integer language sql stable return 42', ['function answer()']],
  ['alter function app_public.me() volatile', ['function me()']],
  ['alter function app_public.empty_trash() strict', ['function empty_trash()']],
  ['revoke delete on app_public.tasks from hedgerow_visitor', ['table app_public.tasks']],
  [
    'grant insert on app_public.users to hedgerow_visitor',
    [
      'column app_public.users.created_at',
      'column app_public.users.email',
      'column app_public.users.id',
      'column app_public.users.updated_at',
      'table app_public.users',
    ],
  ],
  ['revoke update (title) on app_public.tasks from hedgerow_visitor', ['column app_public.tasks.title']],
  ['revoke insert (title) on app_public.tasks from hedgerow_visitor', ['column app_public.tasks.title']],
  ['revoke execute on function app_public.me() from hedgerow_visitor', ['function me()']],
  ['revoke usage on schema app_public from hedgerow_visitor', ['schema app_public']],
  [
    // A type from elsewhere, and what it is made of.
    `create domain app_hidden.small as integer; create type app_hidden.place as (x app_hidden.small);
     alter table app_public.tasks add column place app_hidden.place`,
    [
      'column app_hidden.place.x',
      'column app_public.tasks.place',
      'table app_hidden.place',
      'table app_public.tasks',
      'type app_hidden.place',
      'type app_hidden.small',
    ],
  ],
])('%s', async (change, objects) => {
  expect(differences(before, await after(change))).toEqual(objects);
});

test('what a function gives is part of its shape', async () => {
  const [one, other] = [
    await after('create function app_public.answer() returns integer language sql return 42'),
    await after('create function app_public.answer() returns bigint language sql return 42'),
  ];

  expect(differences(one, other)).toEqual(['function answer()']);
});

test('what does not shape the API changes neither the schema that is built nor the shape', async () => {
  const build = async () => printSorted(await buildSchema({ pgServices: [fencedPgService(database.pool)] }));
  const built = await build();

  await database.admin.query(
    `create index on app_public.tasks (owner_id, title);
     create policy select_more on app_public.tasks for select to hedgerow_visitor using (false);
     create schema mine;
     create table mine.notes (id uuid);
     create function app_hidden.answer() returns integer language sql return 42;
     create table app_history.task_history_from_2001_01 partition of app_public.task_history for values from ('2001-01-01') to ('2001-02-01');
     grant select on app_public.tasks to hedgerow_historian;
     alter table app_public.tasks drop constraint tasks_title_length_check,
       add constraint tasks_title_length_check check (char_length(title) between 1 and 300);
     comment on constraint tasks_title_length_check on app_public.tasks is $$A title has 1 to 200 characters, white space at its ends not counted.$$;
     create or replace function app_public.tasks_overdue(task app_public.tasks) returns boolean language sql stable return false;
     alter table app_public.tasks set (autovacuum_enabled = off)`,
  );

  expect(differences(before, await readShape(fencedTransactions(database.pool)))).toEqual([]);
  expect(await build()).toBe(built);
});
