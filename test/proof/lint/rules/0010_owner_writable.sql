-- clean

-- broken: app_public.notes.owner_id
grant update (owner_id) on table app_public.notes to story_visitor;

-- mended
revoke update (owner_id) on table app_public.notes from story_visitor;

-- broken: app_public.notes.owner_id
-- A grant on the table is a grant on each of its columns.
grant insert on table app_public.notes to story_visitor;

-- mended
revoke insert on table app_public.notes from story_visitor;
grant insert (id, title) on table app_public.notes to story_visitor;

-- near miss: other columns, reading it, and a grant for which there is no policy
grant select (owner_id), update (id) on table app_public.notes to story_visitor;
drop policy insert_owner on app_public.notes;
grant insert (owner_id) on table app_public.notes to story_visitor;
alter table app_public.notes add column author_id text generated always as (owner_id) stored;
alter policy select_owner on app_public.notes using (owner_id = app_hidden.user_id() and author_id = app_hidden.user_id());
grant update (author_id) on table app_public.notes to story_visitor;

-- near miss: guests may insert, and there is a policy for the insert, but not of guests, or not one that lets anything pass
create policy insert_owner on app_public.notes
for insert to story_visitor
with check (owner_id = app_hidden.user_id());
revoke insert (owner_id) on table app_public.notes from story_visitor;
grant insert (owner_id) on table app_public.notes to story_guest;
create policy insert_guest on app_public.notes
as restrictive
for insert to story_guest
with check (owner_id = app_hidden.user_id());

-- near miss: the owner of a table without a policy for the command, beside one that has it
create table app_public.lines (owner_id text);
create policy select_owner on app_public.lines
for select to story_visitor
using (owner_id = app_hidden.user_id());
grant insert (owner_id) on table app_public.lines to story_visitor;
