-- clean

-- broken: app_public.title_length(text)
create function app_public.title_length(title text) returns integer
language sql
immutable
as $$
  select length(title)
$$;
grant execute on function app_public.title_length(text) to public;

-- mended
revoke execute on function app_public.title_length(text) from public;

-- broken: app_public.late(integer)
-- Made by a role whose default privileges nobody set.
reset role;
create function app_public.late(by_days integer) returns boolean
language sql
immutable
as $$
  select by_days > 0
$$;

-- mended
revoke execute on function app_public.late(integer) from public;
grant execute on function app_public.late(integer) to story_visitor;

-- near miss: a function of a schema that is not meant
create function elsewhere.late(by_days integer) returns boolean
language sql
immutable
as $$
  select by_days > 0
$$;
