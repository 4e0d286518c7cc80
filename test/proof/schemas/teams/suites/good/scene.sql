/*
 * What every file of this suite starts with: a transaction, pgTAP, words to change the actor with, and rows. Alice leads the gardeners, bob
 * is a member there and leads the builders; mallory leads a team of her own; nobody is not signed in. The team ids end in 1.
 */
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on

begin;

set local client_min_messages = warning;

create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to anon, authenticated;
set local search_path = tap, pg_catalog;

create function tap.id_of(who text) returns uuid
language sql
immutable
as $$
  select case who
    when 'alice' then 'a11ce000-0000-4000-8000-000000000000'
    when 'bob' then 'b0b00000-0000-4000-8000-000000000000'
    when 'mallory' then '3a110000-0000-4000-8000-000000000000'
    when 'gardeners' then 'a11ce000-0000-4000-8000-000000000001'
    when 'builders' then 'b0b00000-0000-4000-8000-000000000001'
    when 'plotters' then '3a110000-0000-4000-8000-000000000001'
  end::uuid
$$;

create function tap.sign_in(who text) returns text
language sql
volatile
as $$
  select
    set_config('request.jwt.claims', json_build_object('sub', id_of(who), 'role', 'authenticated')::text, true),
    set_config('role', 'authenticated', true);
  select '# ' || who || ':';
$$;

/* The platform runs a request without a token as anon; its settings are those that the connection had before. */
create function tap.sign_out(as_role text default 'anon') returns text
language sql
volatile
as $$
  select set_config('request.jwt.claims', '', true), set_config('role', as_role, true);
  select '# nobody:';
$$;

/* Back to the superuser, whom no policy binds: for controls, which show that what was denied is really there. */
create function tap.step_out() returns text
language sql
volatile
as $$
  select set_config('request.jwt.claims', '', true), set_config('role', 'none', true);
  select '# control:';
$$;

grant execute on all functions in schema tap to anon, authenticated;

insert into auth.users (id, email) values
  (id_of('alice'), 'alice@example.com'),
  (id_of('bob'), 'bob@example.com'),
  (id_of('mallory'), 'mallory@example.com');

insert into public.teams (id, name) values
  (id_of('gardeners'), 'Gardeners'),
  (id_of('builders'), 'Builders'),
  (id_of('plotters'), 'Plotters');

insert into public.members (team_id, user_id, role) values
  (id_of('gardeners'), id_of('alice'), 'leader'),
  (id_of('gardeners'), id_of('bob'), 'member'),
  (id_of('builders'), id_of('bob'), 'leader'),
  (id_of('plotters'), id_of('mallory'), 'leader');

insert into public.documents (team_id, owner_id, title, status) values
  (id_of('gardeners'), id_of('alice'), 'Alice drafts', 'draft'),
  (id_of('gardeners'), id_of('alice'), 'Alice shares', 'shared'),
  (id_of('gardeners'), id_of('alice'), 'Alice shows', 'public'),
  (id_of('gardeners'), id_of('bob'), 'Bob drafts', 'draft'),
  (id_of('builders'), id_of('bob'), 'Bob builds', 'shared'),
  (id_of('plotters'), id_of('mallory'), 'Mallory plots', 'shared');

insert into public.notes (owner_id, id, body) values
  (id_of('alice'), 'a11ce000-0000-4000-8000-00000000000e', 'Alice notes'),
  (id_of('bob'), 'b0b00000-0000-4000-8000-00000000000e', 'Bob notes');
