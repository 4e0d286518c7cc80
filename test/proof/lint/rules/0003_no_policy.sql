-- clean

-- broken: app_public.notes
-- The grant was meant for a policy that nobody wrote.
drop policy delete_owner on app_public.notes;

-- mended
revoke delete on table app_public.notes from story_visitor;

-- broken: app_public.notes
drop policy update_owner on app_public.notes;
create policy update_owner on app_public.notes
as restrictive
for update to story_visitor
using (owner_id = app_hidden.user_id())
with check (owner_id = app_hidden.user_id());

-- mended
revoke update on table app_public.notes from story_visitor;

-- broken: app_public.notes
-- There is a policy to read, for others.
grant select on table app_public.notes to story_guest;

-- mended
revoke select on table app_public.notes from story_guest;

-- near miss: a table that visitors have no right to, and one of a schema that they may not use
create table app_public.drafts (body text);
alter table app_public.drafts enable row level security;
create table elsewhere.drafts (body text);
alter table elsewhere.drafts enable row level security;
grant select on table elsewhere.drafts to story_visitor;
create table app_public.open_drafts (body text);
grant select on table app_public.open_drafts to story_visitor;

-- broken: app_public.drafts
grant select (body) on table app_public.drafts to story_visitor;
