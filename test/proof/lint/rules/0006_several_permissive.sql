-- clean

-- broken: app_public.notes
-- Meant to narrow what may be seen, it widens it.
create policy select_titled on app_public.notes
for select to story_visitor
using (title is not null);

-- mended
drop policy select_titled on app_public.notes;

-- broken: app_public.notes
create policy all_owner on app_public.notes
for all to public
using (owner_id = app_hidden.user_id());

-- mended
drop policy all_owner on app_public.notes;

-- near miss: a restrictive one, and one of another role
create policy select_titled on app_public.notes
as restrictive
for select to story_visitor
using (title is not null);
create policy select_all on app_public.notes
for select to story_owner
using (true);
