-- Teams and documents.
begin;
create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to authenticated;
grant execute on all functions in schema tap to authenticated;
set local search_path = tap, public;

select plan(9);

-- as the superuser, whom no policy binds
select has_table('public', 'teams', 'there are teams');
select has_table('public', 'documents', 'there are documents');
select has_function('private', 'my_teams', 'there is a helper');
select ok((select count(*) > 0 from pg_policies where tablename = 'documents'), 'documents have policies');

insert into auth.users (id, email) values ('a11ce000-0000-4000-8000-000000000000', 'alice@example.com');
select set_config('request.jwt.claims', '{"sub": "a11ce000-0000-4000-8000-000000000000", "role": "authenticated"}', true);
set local role authenticated;

select isnt(public.create_team('Gardeners'), null, 'alice can make a team');
select ok(exists (select from public.teams where name = 'Gardeners'), 'alice can see her team');
select ok(exists (select from public.members), 'alice can see who is in it');
select lives_ok(
  $$insert into public.documents (team_id, title) select id, 'Plan' from public.teams$$,
  'alice can write a document'
);
select ok(exists (select from public.documents where title = 'Plan'), 'alice can see her document');

select * from finish();
rollback;
