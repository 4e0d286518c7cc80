-- clean

-- broken: select_owner on app_public.notes
drop policy select_owner on app_public.notes;
create policy select_owner on app_public.notes
for select
using (owner_id = app_hidden.user_id());

-- mended
alter policy select_owner on app_public.notes to story_visitor;

-- near miss: a policy for two roles that are named
alter policy select_owner on app_public.notes to story_visitor, story_owner;
