/** Whatever decides access shows in the snapshot, and the comparison says which way it went: one edit of a small schema at a time. */
import { readAccess, type Access } from '../../../src/proof/diff/access.ts';
import { compareAccess } from '../../../src/proof/diff/compare.ts';
import { printSnapshot } from '../../../src/proof/diff/snapshot.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const roles = ['diff_visitor', 'diff_login'];
const read = () => readAccess(database.admin, ['desk', 'back'], roles);
let before: Access;

/** All of it in one transaction, which ends with the connection: roles are the server's, and these never come to be. */
beforeAll(async () => {
  await database.admin.query(`
    begin;
    create role diff_visitor nologin;
    create role diff_other nologin;
    create role diff_login noinherit;
    grant diff_visitor to diff_login;
    create schema desk;
    create schema back;
    grant usage on schema desk to diff_visitor;
    create function back.me() returns text language sql stable security definer set search_path = ''
      as $$ select pg_catalog.current_setting('request.sub', true) $$;
    create function back.guard() returns trigger language plpgsql as $$ begin return new; end $$;
    revoke execute on function back.guard() from public;
    create domain desk.label as text check (value <> '');
    create type desk.colour as enum ('red');
    create table desk.notes (
      id bigint generated always as identity,
      owner text not null default back.me(),
      team text,
      body desk.label,
      shared boolean not null default false,
      constraint notes_pkey primary key (owner, id),
      constraint notes_team_check check (team <> '' and team <> 'x')
    );
    create unique index notes_body_idx on desk.notes (owner, body);
    create index notes_team_idx on desk.notes (owner, team);
    alter table desk.notes enable row level security, force row level security;
    create policy reading on desk.notes for select to diff_visitor using (owner = back.me() and team is not null);
    create policy sharing on desk.notes for select to diff_visitor using (shared or team = 'all');
    create policy writing on desk.notes for update to diff_visitor using (owner = back.me()) with check (owner = back.me());
    create policy fencing on desk.notes as restrictive for select to diff_visitor using (id > 0);
    create policy filing on desk.notes for all to diff_other using (owner = back.me());
    grant select, delete on desk.notes to diff_visitor;
    grant insert (body, team), update (body) on desk.notes to diff_visitor;
    create trigger guarding before insert on desk.notes for each row execute function back.guard();
    create view desk.mine with (security_invoker, security_barrier) as select id, body from desk.notes where owner = back.me();
    grant select on desk.mine to diff_visitor;
    create sequence desk.numbers;
    create table desk.plain (id int, secret int);
    grant select, insert on desk.plain to diff_visitor;
    alter default privileges revoke execute on functions from public;
    comment on policy reading on desk.notes is 'One reads what is one''s own.';
  `);
  before = await read();
});
beforeEach(() => database.admin.query('savepoint untouched'));
afterEach(() => database.admin.query('rollback to savepoint untouched'));

const edits: [sql: string, ...changes: string[]][] = [
  // Grants.
  [
    'grant update (owner) on desk.notes to diff_visitor',
    'widened desk.notes: diff_visitor may now update desk.notes.owner.',
  ],
  [
    'revoke update (body) on desk.notes from diff_visitor',
    'narrowed desk.notes: diff_visitor may no longer update desk.notes.body.',
  ],
  [
    'grant insert, references, trigger on desk.notes to diff_visitor',
    'widened desk.notes: diff_visitor may now insert into desk.notes.',
    'widened desk.notes: diff_visitor may now refer to desk.notes.',
    'widened desk.notes: diff_visitor may now make triggers on desk.notes.',
  ],
  ['grant truncate on desk.notes to diff_visitor', 'widened desk.notes: diff_visitor may now truncate desk.notes.'],
  ['grant select on desk.notes to public', 'widened desk.notes: everybody may now select desk.notes.'],
  [
    'grant select on desk.notes to diff_visitor with grant option',
    'widened desk.notes: diff_visitor may now pass on the right to select desk.notes.',
  ],
  ['grant select (owner) on desk.notes to diff_visitor'],
  [
    'revoke select on desk.notes from diff_visitor; grant select (id, body) on desk.notes to diff_visitor',
    'narrowed desk.notes: diff_visitor may no longer select desk.notes as a whole, only id, body.',
  ],
  ['grant usage on schema back to diff_visitor', 'widened back: diff_visitor may now use the schema back.'],
  [
    'grant usage on sequence desk.numbers to diff_visitor',
    'widened desk.numbers: diff_visitor may now use desk.numbers.',
  ],
  [
    'grant execute on function back.guard() to public',
    'widened back.guard(): everybody may now execute the function back.guard().',
  ],
  [
    'revoke execute on function back.me() from public',
    'narrowed back.me(): not everybody may execute the function back.me() any more.',
  ],
  [
    'grant create on schema desk to diff_visitor',
    'widened desk: diff_visitor may now make objects in the schema desk.',
  ],
  [
    'revoke usage on type desk.colour from public',
    'narrowed desk.colour: not everybody may use the type desk.colour any more.',
  ],
  // Row-level security.
  [
    'alter table desk.notes disable row level security',
    'widened desk.notes: Row-level security of desk.notes is now off: whoever has a grant reaches all rows.',
  ],
  [
    'alter table desk.notes no force row level security',
    'widened desk.notes: The owner of desk.notes is no longer held to its policies.',
  ],
  [
    'alter table desk.plain enable row level security',
    'narrowed desk.plain: Row-level security of desk.plain is now on: only rows that a policy names can be reached.',
  ],
  // Policies.
  [
    'create policy opening on desk.notes for select to public using (true)',
    'widened desk.notes: The new permissive policy opening lets everybody select the rows that it names.',
  ],
  [
    'drop policy reading on desk.notes',
    'narrowed desk.notes: The permissive policy reading is gone: it no longer lets diff_visitor select the rows that it named.',
  ],
  [
    'create policy closing on desk.notes as restrictive for delete to diff_visitor using (shared)',
    'narrowed desk.notes: The new restrictive policy closing holds diff_visitor to the rows that it names, in what they delete.',
  ],
  [
    'drop policy fencing on desk.notes',
    'widened desk.notes: The restrictive policy fencing is gone: it no longer holds diff_visitor to the rows that it named.',
  ],
  [
    'alter policy reading on desk.notes rename to seeing',
    'changed desk.notes: The policy reading is now called seeing, and says the same.',
  ],
  [
    'alter policy reading on desk.notes using (owner = back.me())',
    'widened desk.notes: The policy reading allows more rows to be seen or touched.',
  ],
  [
    'alter policy reading on desk.notes using (team is not null and owner = back.me() and shared)',
    'narrowed desk.notes: The policy reading allows fewer rows to be seen or touched.',
  ],
  ['alter policy reading on desk.notes using (team is not null and owner = back.me())'],
  [
    'alter policy reading on desk.notes using (true)',
    'widened desk.notes: The policy reading allows more rows to be seen or touched.',
  ],
  [
    'alter policy reading on desk.notes using (owner = team)',
    'changed desk.notes: The policy reading allows other rows to be seen or touched.',
  ],
  [
    "alter policy sharing on desk.notes using (shared or team = 'all' or team = 'more')",
    'widened desk.notes: The policy sharing allows more rows to be seen or touched.',
  ],
  [
    'alter policy sharing on desk.notes using (shared)',
    'narrowed desk.notes: The policy sharing allows fewer rows to be seen or touched.',
  ],
  [
    'alter policy fencing on desk.notes using (id > 0 and shared)',
    'narrowed desk.notes: The policy fencing allows fewer rows to be seen or touched.',
  ],
  [
    'alter policy writing on desk.notes with check (owner = back.me() or shared)',
    'widened desk.notes: The policy writing allows more rows to be written.',
  ],
  [
    'alter policy filing on desk.notes with check (true)',
    'widened desk.notes: The policy filing allows more rows to be written.',
  ],
  [
    'alter policy reading on desk.notes to diff_visitor, diff_other',
    'widened desk.notes: The policy reading now applies to diff_visitor and diff_other instead of diff_visitor.',
  ],
  [
    'alter policy reading on desk.notes to public',
    'widened desk.notes: The policy reading now applies to everybody instead of diff_visitor.',
  ],
  [
    'alter policy reading on desk.notes to diff_other',
    'changed desk.notes: The policy reading now applies to diff_other instead of diff_visitor.',
  ],
  [
    'alter policy fencing on desk.notes to public',
    'narrowed desk.notes: The policy fencing now applies to everybody instead of diff_visitor.',
  ],
  [
    'drop policy filing on desk.notes; create policy filing on desk.notes for delete to diff_other using (owner = back.me())',
    'narrowed desk.notes: The policy filing is now for delete, no longer for all.',
  ],
  [
    'drop policy fencing on desk.notes; create policy fencing on desk.notes for select to diff_visitor using (id > 0)',
    'widened desk.notes: The policy fencing is now permissive: it opens rows by itself.',
  ],
  // Functions.
  [
    "create or replace function back.me() returns text language sql stable security definer set search_path = '' as $$ select 'alice' $$",
    'changed back.me(): back.me() does something else; it decides in the policies of desk.notes and defaults of desk.notes.',
  ],
  [
    'alter function back.me() security invoker',
    'narrowed back.me(): back.me() now runs with the rights of who calls it.',
  ],
  [
    'alter function back.guard() security definer',
    'widened back.guard(): back.guard() now runs with the rights of its owner, whoever calls it.',
  ],
  [
    'alter function back.me() reset search_path',
    'widened back.me(): back.me() looks names up where its caller says: its search path is pinned no more.',
  ],
  ['alter function back.me() set search_path = desk', 'changed back.me(): back.me() looks names up elsewhere.'],
  ["alter function back.me() set row_security = 'off'", 'changed back.me(): back.me() runs with other settings.'],
  [
    'alter function back.me() volatile',
    'changed back.me(): back.me() is now volatile, no longer stable; it decides in the policies of desk.notes and defaults of desk.notes.',
  ],
  [
    'alter function back.me() leakproof',
    'widened back.me(): back.me() may now look at rows before the policies have decided: it is said to be leakproof.',
  ],
  [
    'alter function back.me() strict',
    'changed back.me(): back.me() is declared otherwise; it decides in the policies of desk.notes and defaults of desk.notes.',
  ],
  [
    'alter function back.me() owner to diff_other',
    'widened back.me(): back.me() now belongs to diff_other, and runs with their rights.',
  ],
  [
    'create function desk.all() returns setof desk.notes language sql security definer as $$ select * from desk.notes $$',
    'widened desk."all"(): The function desk."all"() is new, and runs with the rights of its owner.',
  ],
  // Triggers, rules.
  [
    'drop trigger guarding on desk.notes',
    'widened desk.notes: The trigger guarding is gone: what it refused or set is not any more.',
  ],
  [
    'alter table desk.notes disable trigger guarding',
    'widened desk.notes: The trigger guarding fires no more: what it refused or set is not any more.',
  ],
  [
    'alter table desk.notes enable replica trigger guarding',
    'widened desk.notes: The trigger guarding fires no more: what it refused or set is not any more.',
  ],
  [
    'alter table desk.notes enable always trigger guarding',
    'changed desk.notes: The trigger guarding fires in other sessions.',
  ],
  [
    'drop trigger guarding on desk.notes; create trigger guarding before update on desk.notes for each row execute function back.guard()',
    'changed desk.notes: The trigger guarding is another.',
  ],
  [
    'create rule echo as on insert to desk.plain do also insert into desk.notes default values',
    "widened desk.plain: The rule echo is new: what it does runs with the rights of the table's owner.",
  ],
  // Constraints, indexes, domains.
  [
    'alter table desk.notes drop constraint notes_pkey',
    'widened desk.notes: The primary key notes_pkey is gone: what it refused is taken.',
  ],
  [
    "alter table desk.notes drop constraint notes_team_check, add constraint notes_team_check check (team <> '')",
    'widened desk.notes: The check notes_team_check is another.',
  ],
  [
    "alter table desk.notes drop constraint notes_team_check, add constraint notes_team_check check (team <> '' and team <> 'x') not valid",
    'changed desk.notes: The check notes_team_check is another.',
  ],
  [
    'alter table desk.plain add constraint plain_check check (id > 0)',
    'narrowed desk.plain: The check plain_check is new: what it refuses was taken.',
  ],
  ['drop index desk.notes_body_idx', 'widened desk.notes: The unique index desk.notes_body_idx is gone.'],
  [
    'drop index desk.notes_team_idx; create index notes_team_idx on desk.notes (team)',
    'changed desk.notes: The index desk.notes_team_idx is another.',
  ],
  [
    "alter domain desk.label add constraint other check (value <> 'x')",
    'changed desk.label: The domain desk.label takes other values.',
  ],
  // Columns.
  [
    "alter table desk.notes alter owner set default 'alice'",
    'changed desk.notes: desk.notes.owner, which says whose a row is, comes from elsewhere when it is not given.',
  ],
  [
    'alter table desk.notes alter shared set default true',
    'changed desk.notes: desk.notes.shared has another value when it is not given.',
  ],
  ['alter table desk.notes alter shared drop not null', 'widened desk.notes: desk.notes.shared may now be null.'],
  [
    'alter table desk.notes alter id set generated by default',
    'changed desk.notes: The database makes desk.notes.id in another way.',
  ],
  ['alter table desk.plain alter secret type bigint', 'changed desk.plain: desk.plain.secret has another type.'],
  [
    'alter table desk.plain add extra text',
    'widened desk.plain: diff_visitor may insert the new column desk.plain.extra, because the whole table is granted.',
    'widened desk.plain: diff_visitor may select the new column desk.plain.extra, because the whole table is granted.',
    'changed desk.plain: The column desk.plain.extra is new.',
  ],
  ['alter table desk.plain drop secret', 'narrowed desk.plain: The column desk.plain.secret is gone.'],
  [
    'alter table desk.plain add constraint plain_pkey primary key (id)',
    'narrowed desk.plain: desk.plain.id can no longer be null.',
    'narrowed desk.plain: The primary key plain_pkey is new: what it refuses was taken.',
  ],
  // Relations.
  [
    'alter view desk.mine reset (security_invoker)',
    'widened desk.mine: desk.mine now reads with the rights of its owner, so the policies for who asks do not count.',
  ],
  [
    'alter view desk.mine set (security_barrier = false)',
    'widened desk.mine: A condition on desk.mine may now see rows that the view leaves out: it is no security barrier any more.',
  ],
  [
    'create or replace view desk.mine with (security_invoker, security_barrier) as select id, body from desk.notes',
    'changed desk.mine: desk.mine shows something else.',
  ],
  [
    'create view desk.everything as select * from desk.notes; grant select on desk.everything to diff_visitor',
    'widened desk.everything: The view desk.everything is new and reads with the rights of its owner; diff_visitor may use it.',
    'widened desk.everything: diff_visitor may now select desk.everything.',
  ],
  [
    'create table desk.extra (id int); grant select on desk.extra to diff_visitor',
    'widened desk.extra: The table desk.extra is new and has no row-level security; diff_visitor may use it.',
    'widened desk.extra: diff_visitor may now select desk.extra.',
  ],
  [
    'create table desk.extra (id int); alter table desk.extra enable row level security',
    'changed desk.extra: The table desk.extra is new; nobody but its owner may use it.',
  ],
  [
    'create table desk.heir () inherits (desk.plain)',
    'changed desk.heir: The table desk.heir is new and has no row-level security; nobody but its owner may use it.',
  ],
  ['drop table desk.plain', 'narrowed desk.plain: The table desk.plain is gone.'],
  [
    'alter table desk.plain owner to diff_visitor',
    'widened desk.plain: desk.plain now belongs to diff_visitor, who may do everything with it.',
  ],
  // Roles and what is yet to come.
  ['alter role diff_visitor bypassrls', 'widened diff_visitor: It is now so: diff_visitor is held to no policy.'],
  ['alter role diff_login login', 'widened diff_login: It is now so: diff_login can log in.'],
  ['alter role diff_login set row_security = off', 'changed diff_login: diff_login starts with other settings.'],
  [
    'grant diff_other to diff_visitor',
    'widened diff_other: The role diff_other is new, or can now be reached.',
    'widened diff_visitor: diff_visitor is now a member of diff_other: has its rights, can become it.',
  ],
  ['revoke diff_visitor from diff_login', 'narrowed diff_login: diff_login is no longer a member of diff_visitor.'],
  [
    'grant diff_visitor to diff_login with admin option',
    'widened diff_login: As a member of diff_visitor, diff_login can become it, can make others members.',
  ],
  [
    'alter default privileges grant execute on functions to public',
    'widened default privileges: everybody will be able to execute functions that are yet to be made, unless it is said then.',
  ],
  [
    'alter default privileges in schema desk grant select on tables to diff_visitor',
    'widened desk: diff_visitor will be able to select tables that are yet to be made in desk, unless it is said then.',
  ],
];

test.each(edits)('%s', async (sql, ...changes) => {
  await database.admin.query(sql);

  const after = await read();

  expect(printSnapshot(after, 'test')).not.toBe(printSnapshot(before, 'test'));
  const told = compareAccess(before, after).map(({ direction, object, what }) => `${direction} ${object}: ${what}`);
  expect(told).toEqual(changes);
});
