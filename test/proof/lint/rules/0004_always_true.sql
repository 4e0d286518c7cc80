-- clean

-- broken: select_owner on app_public.notes
alter policy select_owner on app_public.notes using (true);

-- mended
alter policy select_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- broken: insert_owner on app_public.notes
alter policy insert_owner on app_public.notes with check (1 = 1 or owner_id = app_hidden.user_id());

-- mended
alter policy insert_owner on app_public.notes with check (owner_id = app_hidden.user_id());

-- broken: delete_owner on app_public.notes
-- A slip of the pen: the column is compared with itself.
alter policy delete_owner on app_public.notes using (owner_id = owner_id);

-- mended
alter policy delete_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- broken: delete_owner on app_public.notes
alter policy delete_owner on app_public.notes using (title = title);

-- mended
alter policy delete_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- broken: update_owner on app_public.notes
-- Signed in is not the same as entitled.
alter policy update_owner on app_public.notes using (app_hidden.user_id() is not null);

-- mended
alter policy update_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- broken: delete_owner on app_public.notes
-- A helper that the planner sees through.
create function app_hidden.anybody() returns boolean
language sql
immutable
as $$
  select true
$$;
grant execute on function app_hidden.anybody() to story_visitor;
alter policy delete_owner on app_public.notes using (app_hidden.anybody());

-- mended
alter policy delete_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- near miss: a column that may be null, a gate beside the real policy, a gate that is shut, and another role's policy
alter policy select_owner on app_public.notes using (title is not null and owner_id = app_hidden.user_id());
alter policy delete_owner on app_public.notes using (title is not null);
create policy signed_in on app_public.notes
as restrictive
for select to story_visitor
using (app_hidden.user_id() is not null);
create policy administrators on app_public.notes
for select to story_visitor
using (app_hidden.user_id() = 'root');
create policy everything on app_public.notes
for select to story_owner
using (true);
