-- clean

-- broken: app_public.notes_title_key
alter table app_public.notes add constraint notes_title_key unique (title);

-- mended
alter table app_public.notes drop constraint notes_title_key;
alter table app_public.notes add constraint notes_title_key unique (owner_id, title);

-- broken: app_public.notes_lower_title_idx
-- An index with an expression, and without the name of a constraint.
create unique index notes_lower_title_idx on app_public.notes (lower(title)) include (owner_id);

-- mended
drop index app_public.notes_lower_title_idx;

-- broken: app_public.notes_pkey
alter table app_public.notes drop constraint notes_pkey;
alter table app_public.notes add constraint notes_pkey primary key (id);

-- mended: what a visitor cannot choose cannot be used to ask
revoke insert (id) on table app_public.notes from story_visitor;

-- near miss: an index that is not unique, a key of the team, a table that visitors only read
create index notes_title_idx on app_public.notes (title);
create table app_public.boards (
  id uuid not null,
  team_id uuid not null,
  slug text not null,
  constraint boards_pkey primary key (team_id, id),
  constraint boards_slug_key unique (team_id, slug)
);
create function app_hidden.my_teams() returns setof uuid
language sql
stable
as $$
  select null::uuid
$$;
alter table app_public.boards enable row level security;
create policy all_team on app_public.boards
for all to story_visitor
using (team_id in (select app_hidden.my_teams()))
with check (team_id in (select app_hidden.my_teams()));
grant all on table app_public.boards to story_visitor;
create table app_public.colors (name text primary key);
alter table app_public.colors enable row level security;
create policy select_all on app_public.colors
for select to story_visitor
using (true);
grant select on table app_public.colors to story_visitor;

-- broken: app_public.boards_slug_key
alter table app_public.boards drop constraint boards_slug_key;
alter table app_public.boards add constraint boards_slug_key unique (slug);

-- mended: visitors who only read and delete cannot ask
drop policy all_team on app_public.boards;
create policy select_team on app_public.boards
for select to story_visitor
using (team_id in (select app_hidden.my_teams()));

-- near miss: a policy that narrows inserts lets none pass, and guests who may insert have no policy
create policy insert_titled on app_public.boards
as restrictive
for insert to story_visitor
with check (slug <> '');
grant insert on table app_public.boards to story_guest;

-- broken: app_public.slugs_pkey
-- Where another table has its owner, this one has the slug.
create table app_public.slugs (
  slug text constraint slugs_pkey primary key,
  owner_id text not null default app_hidden.user_id()
);
alter table app_public.slugs enable row level security;
create policy insert_owner on app_public.slugs
for insert to story_visitor
with check (owner_id = app_hidden.user_id());
grant insert (slug) on table app_public.slugs to story_visitor;

-- near miss: what may be written is granted for an insert, and the policy is for updates
drop policy insert_owner on app_public.slugs;
create policy update_owner on app_public.slugs
for update to story_visitor
using (owner_id = app_hidden.user_id())
with check (owner_id = app_hidden.user_id());
