/** The rows that the prober makes up, those that it is given, and that nothing of either stays. */
import { readAllAccess } from '../../support/access.ts';
import { config, file, outcomes, readMatrix, roles, useScene } from './scene.ts';

const { database, given } = useScene();
const own = (table: string, column = 'owner') => `
  alter table ${table} enable row level security;
  create policy own on ${table} using (${column} = auth.uid());
  grant select, insert, update, delete on ${table} to user_role;`;

test.each([
  [
    'an owner by default',
    `create table app.notes (id integer generated always as identity primary key, owner uuid not null default auth.uid());`,
    '',
  ],
  [
    'an owner that refers to users elsewhere',
    `drop table if exists auth.users cascade; create table auth.users (id uuid primary key default gen_random_uuid(), email text not null unique);
     create table app.notes (id serial primary key, owner uuid not null references auth.users);`,
    '',
  ],
  [
    'a chain of foreign keys, and keys of two columns',
    `create table app.shelves (owner uuid not null default auth.uid(), id smallint not null, name varchar(5) not null, primary key (owner, id));
     create table app.books (owner uuid not null, shelf smallint not null, isbn char(13) not null unique, primary key (owner, isbn), foreign key (owner, shelf) references app.shelves);
     create table app.notes (owner uuid not null, isbn char(13) not null, page bigint not null, primary key (owner, isbn, page), foreign key (owner, isbn) references app.books);`,
    own('app.shelves') + own('app.books'),
  ],
  [
    'check constraints, enums, domains, arrays and ranges',
    `create type app.state as enum ('open', 'closed');
     create domain app.mail as text check (value ~ '^[^@]+@[^@]+$');
     create table app.notes (
       id bigint primary key, owner uuid not null, state app.state not null, mail app.mail not null, tags text[] not null, span daterange not null,
       kind text not null check (kind in ('red', 'green')), low integer not null, high integer not null, code text check (code is not null and char_length(code) = 1),
       at timestamptz not null, day date not null, amount numeric(8, 2) not null check (amount > 50), data jsonb not null check (jsonb_typeof(data) = 'array'),
       constraint room check (low + 10 < high));`,
    '',
  ],
])('are made up for %s', async (_what, tables, more) => {
  await given(`${tables} ${own('app.notes')} ${more} grant usage on all sequences in schema app to user_role;`);

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'select', 'owner')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.notes', 'insert', 'owner')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.notes', 'update', 'owner')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.notes', 'delete')).toEqual(['own rows', 'refused']);
  expect(matrix.findings).toEqual([]);
});

test('a table that cannot be filled is named, with the column and the error', async () => {
  await given(`create table app.notes (id integer primary key, title text not null check (title = md5('secret')));`);

  await expect(readMatrix(database.admin, config)).rejects.toThrow(
    /^No row could be made up for app\.notes \(title\): .*notes_title_check.*\(23514\)\. Write SQL .*"rows"\.$/,
  );
});

test('a file of rows is taken as it is; only what it leaves empty is filled', async () => {
  await given(`create table app.notes (id integer primary key, title text not null check (title = md5('secret')), owner uuid not null);
    create table app.tags (id integer primary key, owner uuid not null); ${own('app.notes')} ${own('app.tags')}`);
  const rows = await file(`
    insert into app.notes select n, md5('secret'), case when n < 3 then '${config.users[0]}' else '${config.users[1]}' end::uuid from generate_series(1, 5) as n;`);

  const matrix = await readMatrix(database.admin, { ...config, rows });

  expect(outcomes(matrix, 'app.notes', 'delete')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.tags', 'delete')).toEqual(['own rows', 'refused']);
  expect(matrix.findings).toEqual([]);
});

test.each([
  ['ends the transaction', 'commit; create table app.left (id integer);', /begins or ends a transaction/],
  ['fails', 'insert into app.nowhere values (1)', /fails: relation "app.nowhere" does not exist/],
])('a file of rows that %s is refused', async (_what, sql, message) => {
  await given('create table app.notes (id integer primary key)');

  await expect(readMatrix(database.admin, { ...config, rows: await file(sql) })).rejects.toThrow(message);
  expect((await database.admin.query("select to_regclass('app.left') as left")).rows).toEqual([{ left: null }]);
});

test('a role that is not there is named', async () => {
  await given('create table app.notes (id integer primary key)');

  await expect(readMatrix(database.admin, { ...config, logins: ['matrix_ghost'] })).rejects.toThrow(
    /There is no role matrix_ghost\./,
  );
});

test('nothing is left behind, not in sequences either, and rows that were there are not taken for ours', async () => {
  await given(`create table app.notes (id serial primary key, number integer generated always as identity, owner uuid not null default auth.uid());
    ${own('app.notes')} grant usage, update on sequence app.notes_id_seq to user_role;
    insert into app.notes (owner) select '${config.users[0]}' from generate_series(1, 3);
    create materialized view app.counted as select count(*) from app.notes;`);
  const state = async () => ({
    access: await readAllAccess(database.admin),
    rows: (await database.admin.query('select ctid, xmin, * from app.notes order by id')).rows as unknown[],
    counted: (await database.admin.query('select * from app.counted')).rows as unknown[],
    sequences: (
      await database.admin.query(
        `select 'id', last_value, is_called from app.notes_id_seq union all select 'number', last_value, is_called from app.notes_number_seq`,
      )
    ).rows as unknown[],
    who: (
      await database.admin.query(
        "select current_user, current_setting('request.jwt.claims', true) as claims, current_setting('session_replication_role') as triggers",
      )
    ).rows as unknown[],
  });
  await database.admin.query("select set_config('request.jwt.claims', '', false)");
  const before = await state();

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'insert', 'owner')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.notes_id_seq', 'use')).toEqual(['allowed', 'refused']);
  expect(await state()).toEqual(before);
  expect(
    (await database.admin.query('insert into app.notes (owner) values ($1) returning id', [config.users[0]])).rows,
  ).toEqual([{ id: 4 }]);
});

test('further roles of requests are actors, each once', async () => {
  await given(`create table app.notes (id integer primary key, owner uuid not null default auth.uid());
    alter table app.notes enable row level security; grant select on app.notes to login_role; grant usage on schema app to login_role;`);

  const { actors } = await readMatrix(database.admin, {
    ...config,
    visitors: [...config.visitors, roles.login],
    logins: [roles.login],
  });

  expect(actors.map(({ name, kind }) => [name, kind])).toEqual([
    ['a user', 'user'],
    ['nobody', 'nobody'],
    [roles.login, 'visitor'],
  ]);
});
