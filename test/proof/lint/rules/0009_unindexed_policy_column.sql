-- clean

-- broken: app_public.notes.owner_id
-- The id alone makes as good a key, somebody thought.
alter table app_public.notes drop constraint notes_pkey;
alter table app_public.notes add constraint notes_pkey primary key (id);

-- mended
create index notes_owner_idx on app_public.notes (owner_id);

-- broken: app_public.notes.team_id
alter table app_public.notes add column team_id uuid;
create function app_hidden.my_teams() returns setof uuid
language sql
stable
as $$
  select null::uuid
$$;
alter policy select_owner on app_public.notes using (team_id in (select app_hidden.my_teams()));

-- mended
create index notes_team_idx on app_public.notes (team_id, id);

-- broken: app_public.notes.team_id
-- The index has no row that this policy would not hide as well.
drop index app_public.notes_team_idx;
create index notes_team_idx on app_public.notes (team_id) where title is null;

-- mended
drop index app_public.notes_team_idx;
create index notes_team_idx on app_public.notes (team_id) where title is not null;
alter policy select_owner on app_public.notes using (team_id in (select app_hidden.my_teams()) and title is not null);

-- broken: app_public.notes.team_id
-- Building it failed half way.
reset role;
update pg_index set indisvalid = false where indexrelid = 'app_public.notes_team_idx'::regclass;

-- mended
update pg_index set indisvalid = true where indexrelid = 'app_public.notes_team_idx'::regclass;
set local role story_owner;

-- near miss: of two columns one has an index; a column that only a check compares; one that is compared with a constant
drop index app_public.notes_team_idx;
alter policy select_owner on app_public.notes using (owner_id = app_hidden.user_id() and team_id in (select app_hidden.my_teams()));
alter policy insert_owner on app_public.notes with check (title = app_hidden.user_id());
create policy select_titled on app_public.notes
as restrictive
for select to story_visitor
using (title = 'x');

-- near miss: the restrictive policy has the index
alter policy select_owner on app_public.notes using (team_id in (select app_hidden.my_teams()));
alter policy select_titled on app_public.notes using (owner_id = app_hidden.user_id());

-- broken: app_public.notes.team_id
-- That is a policy for another command.
alter policy select_titled on app_public.notes using (title = 'x');

-- broken: app_public.notes.team_id
-- Another permissive policy has one; but either will do, and this one has none.
create policy select_own on app_public.notes
for select to story_visitor
using (owner_id = app_hidden.user_id());

-- broken: app_public.notes.team_id
-- And so has the restrictive one, but of guests.
drop policy select_own on app_public.notes;
create policy select_guest on app_public.notes
as restrictive
for select to story_guest
using (owner_id = app_hidden.user_id());

-- broken: app_public.lines.owner_id; app_public.notes.team_id
-- The table beside it has a restrictive policy with an index.
drop policy select_guest on app_public.notes;
create policy delete_narrow on app_public.notes
as restrictive
for delete to story_visitor
using (owner_id = app_hidden.user_id());
create table app_public.lines (owner_id text);
create policy delete_owner on app_public.lines
for delete to story_visitor
using (owner_id = app_hidden.user_id());
