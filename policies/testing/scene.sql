/*
 * What every test file starts with: a transaction that the file ends with a rollback, pgTAP, and words to change the actor with. One cast
 * everywhere: alice (who owns things), bob (another user), mallory (who attacks), nobody (no token).
 *
 * Run by a superuser: `npm run policies -- test`, or `psql -f policies/tasks.test.sql` on any migrated database whose server has pgTAP.
 */
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on

begin;

set local client_min_messages = warning;

create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to hedgerow_visitor, hedgerow_admin;
set local search_path = tap, pg_catalog;

/* As the server does it for a request of `sub`. */
create function tap.sign_in(sub text) returns text
language sql
volatile
as $$
  select set_config('jwt.claims.sub', sub, true), set_config('role', 'hedgerow_visitor', true);
  select '# ' || sub || ':';
$$;

/* A request without a token cannot come this far; if it did, it would be nobody. */
create function tap.sign_out() returns text
language sql
volatile
as $$
  select set_config('jwt.claims.sub', '', true), set_config('role', 'hedgerow_visitor', true);
  select '# nobody:';
$$;

/* An administrator who looks, at what is everybody's or, as admin.as_user does it, at what is one user's. */
create function tap.look_as_admin(sub text default '') returns text
language sql
volatile
as $$
  select set_config('jwt.claims.sub', sub, true), set_config('role', 'hedgerow_admin', true);
  select '# an administrator' || case when sub <> '' then ', as ' || sub else '' end || ':';
$$;

/* Back to the superuser, whom row-level security does not bind: for controls, which show that what was denied is really there. */
create function tap.step_out() returns text
language sql
volatile
as $$
  select set_config('jwt.claims.sub', '', true), set_config('role', 'none', true);
  select '# control:';
$$;

/* The role that owns a table: bound by its policies like everybody, because row-level security is forced. */
create function tap.be_owner_of(owned regclass) returns text
language plpgsql
volatile
as $$
declare
  table_owner name = (select pg_get_userbyid(relowner) from pg_class where oid = owned);
begin
  perform set_config('role', 'none', true);
  execute format('grant usage on schema tap to %I', table_owner);
  perform set_config('jwt.claims.sub', '', true), set_config('role', table_owner, true);
  return '# ' || table_owner || ':';
end
$$;

insert into app_public.users (id, email, name) values
  ('alice', 'alice@example.com', 'Alice'),
  ('bob', 'bob@example.com', 'Bob');

insert into app_public.tasks (owner_id, id, title) values
  ('alice', '00000000-0000-7000-8000-00000000000a', 'Alice plants'),
  ('bob', '00000000-0000-7000-8000-00000000000b', 'Bob trims');
