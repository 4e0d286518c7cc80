-- clean

-- broken: select_owner on app_public.notes
-- Without an index that begins with the owner, the helper is called for each row.
alter table app_public.notes drop constraint notes_pkey;
drop policy delete_owner on app_public.notes;
drop policy update_owner on app_public.notes;

-- mended: wrapped, it is called once
alter policy select_owner on app_public.notes using (owner_id = (select app_hidden.user_id()));

-- broken: select_owner on app_public.notes
create function app_hidden.may_see(note uuid) returns boolean
language plpgsql
stable
as $$
begin
  return true;
end
$$;
grant execute on function app_hidden.may_see(uuid) to story_visitor;
alter policy select_owner on app_public.notes using (app_hidden.may_see(id));

-- mended
alter table app_public.notes add constraint notes_pkey primary key (owner_id, id);
alter policy select_owner on app_public.notes using (owner_id = app_hidden.user_id());

-- near miss: a set that is hashed once, a gate without a column, an immutable function, and the clock
create function app_hidden.my_ids() returns setof uuid
language plpgsql
stable
as $$
begin
  return;
end
$$;
grant execute on function app_hidden.my_ids() to story_visitor;
alter policy select_owner on app_public.notes
using (
  id in (select app_hidden.my_ids())
  and app_hidden.user_id() is not null
  and lower(title) <> 'secret'
  and title <> now()::text
);

create table app_hidden.members (team_id uuid, user_id text, admin_id text);
grant select on table app_hidden.members to story_visitor;
create function app_hidden.tidy(words text) returns text
language plpgsql
immutable
as $$
begin
  return words;
end
$$;
grant execute on function app_hidden.tidy(text) to story_visitor;
alter policy select_owner on app_public.notes
using (id in (select members.team_id from app_hidden.members where members.user_id = app_hidden.user_id()));
create policy update_owner on app_public.notes
for update to story_visitor
using (owner_id = (select members.user_id from app_hidden.members where members.admin_id = app_hidden.user_id()));
create policy delete_owner on app_public.notes
for delete to story_visitor
using (app_hidden.tidy(title) = 'x');

-- near miss: a policy that visitors could not run for want of a grant, which is told by every request
create policy select_guest on app_public.notes
for select to story_guest
using (id in (select members.team_id from app_hidden.members));

-- broken: select_owner on app_public.notes
-- For each note the members are looked through anew.
alter policy select_owner on app_public.notes
using (exists (select from app_hidden.members where members.team_id > notes.id and members.user_id = app_hidden.user_id()));

-- broken: select_owner on app_public.notes
-- A policy that reads its own table cannot be run at all.
alter policy select_owner on app_public.notes using (exists (select from app_public.notes as other where other.id = notes.id));
