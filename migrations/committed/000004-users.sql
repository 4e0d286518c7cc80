--! Previous: sha1:2f2a2890c09ff72f9fb3d4d085ba41a7a3fd4005
--! Hash: sha1:f8ffc762311bbc0188557f83525f5effde63e798
--! Message: users

--! split: 1-current.sql
/*
 * People. The identity provider knows them; this table holds what tasks refer to. There is no unique constraint on email: a clash would
 * tell one user that another exists.
 */
create table app_public.users (
  id text default app_hidden.current_user_id(),
  email text default app_hidden.current_user_email(),
  name text default app_hidden.current_user_name(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_id_length_check check (char_length(id) between 1 and 255),
  constraint users_email_length_check check (char_length(email) between 1 and 320),
  constraint users_name_length_check check (char_length(name) between 1 and 200)
);

comment on table app_public.users is 'A person who signs in.';
comment on column app_public.users.id is 'The subject (`sub`) of the user''s tokens.';
comment on column app_public.users.email is 'The e-mail address that the token carried when the user was first seen, if any.';
comment on column app_public.users.name is 'The display name that the token carried when the user was first seen, if any.';
comment on column app_public.users.created_at is 'When the user was first seen.';
comment on column app_public.users.updated_at is 'When the record last changed.';
comment on constraint users_id_length_check on app_public.users is 'A user id has 1 to 255 characters.';
comment on constraint users_email_length_check on app_public.users is 'An e-mail address has 1 to 320 characters.';
comment on constraint users_name_length_check on app_public.users is 'A name has 1 to 200 characters.';

create trigger _500_updated_at
before update on app_public.users
for each row
execute function app_private.tg__updated_at();

comment on trigger _500_updated_at on app_public.users is 'Keeps updated_at.';

--! Included users.policy.sql
/*
 * A user sees one user record, their own, which their first write brings into being from the claims of their token.
 */

/* Reset */
select app_private.close_table('app_public.users');

/* Policies */
create policy select_owner on app_public.users
for select to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy insert_owner on app_public.users
for insert to hedgerow_visitor
with check (id = app_hidden.current_user_id());

/*
 * Grants. `id` and `email` are not granted: their defaults take them from the token, so that a user record cannot claim an address
 * that the identity provider did not vouch for. Update and delete are not granted: nothing in the API changes a user record yet.
 */
grant select on table app_public.users to hedgerow_visitor;
grant insert (name) on table app_public.users to hedgerow_visitor;

comment on policy select_owner on app_public.users is 'A user reads only their own record.';
comment on policy insert_owner on app_public.users is 'A user brings only their own record into being.';
--! EndIncluded users.policy.sql

/*
 * Before its first write a user has no record yet. Reading must not write (it may run on a replica), so the record is answered as the
 * first write would make it.
 */
create function app_public.me() returns app_public.users
language sql
stable
as $$
  select person.*
  from app_public.users as person
  where person.id = app_hidden.current_user_id()
  union all
  select
    app_hidden.current_user_id(),
    app_hidden.current_user_email(),
    app_hidden.current_user_name(),
    pg_catalog.now(),
    pg_catalog.now()
  where app_hidden.current_user_id() is not null
  limit 1
$$;

grant execute on function app_public.me() to hedgerow_visitor;

comment on function app_public.me() is 'The signed-in user: the record as it stands or, before the first write, as the token describes it.';
