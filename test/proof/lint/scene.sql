/*
 * A small schema that no rule has anything to say of: notes that belong to who made them, and guests who have none. Every story begins with it, in a transaction that
 * is rolled back.
 */
create role story_owner;
create role story_visitor;
create role story_guest;
create role story_login login noinherit;
grant story_visitor, story_guest to story_login;

create schema app_public authorization story_owner;
create schema app_hidden authorization story_owner;
create schema elsewhere authorization story_owner;

set local role story_owner;
alter default privileges revoke execute on functions from public;
grant usage on schema app_public, app_hidden to story_visitor, story_guest;

create function app_hidden.user_id() returns text
language sql
stable
as $$
  select nullif(current_setting('claims.sub', true), '')
$$;
grant execute on function app_hidden.user_id() to story_visitor;

create table app_public.notes (
  owner_id text not null default app_hidden.user_id(),
  id uuid not null default gen_random_uuid(),
  title text,
  constraint notes_pkey primary key (owner_id, id)
);
alter table app_public.notes enable row level security;
alter table app_public.notes force row level security;

create policy select_owner on app_public.notes
for select to story_visitor
using (owner_id = app_hidden.user_id());

create policy insert_owner on app_public.notes
for insert to story_visitor
with check (owner_id = app_hidden.user_id());

create policy update_owner on app_public.notes
for update to story_visitor
using (owner_id = app_hidden.user_id())
with check (owner_id = app_hidden.user_id());

create policy delete_owner on app_public.notes
for delete to story_visitor
using (owner_id = app_hidden.user_id());

grant select, delete on table app_public.notes to story_visitor;
grant insert (id, title), update (title) on table app_public.notes to story_visitor;
