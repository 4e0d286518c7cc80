-- clean

-- broken: update_owner on app_public.notes
drop policy update_owner on app_public.notes;
create policy update_owner on app_public.notes
for update to story_visitor
using (owner_id = app_hidden.user_id());

-- mended
alter policy update_owner on app_public.notes with check (owner_id = app_hidden.user_id());

-- broken: all_owner on app_public.notes
create policy all_owner on app_public.notes
for all to story_visitor
using (owner_id = app_hidden.user_id());

-- mended
alter policy all_owner on app_public.notes with check (owner_id = app_hidden.user_id());

-- near miss: what only reads or deletes needs none, and one that says more than `using` is as good
alter policy update_owner on app_public.notes with check (owner_id = app_hidden.user_id() and title is not null);
