-- clean

-- broken: app_public.count_notes()
create function app_public.count_notes() returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select count(*) from app_public.notes
$$;
grant execute on function app_public.count_notes() to story_visitor;

-- mended
alter function app_public.count_notes() security invoker;

-- near miss: out of the API's sight, or not for visitors
create function app_hidden.count_notes() returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select count(*) from app_public.notes
$$;
grant execute on function app_hidden.count_notes() to story_visitor;
alter function app_public.count_notes() security definer;
revoke execute on function app_public.count_notes() from story_visitor;
grant execute on function app_public.count_notes() to story_guest;
revoke usage on schema app_public from story_guest;
