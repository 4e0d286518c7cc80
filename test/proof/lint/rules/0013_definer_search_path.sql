-- clean

-- broken: app_hidden.count_notes()
create function app_hidden.count_notes() returns bigint
language sql
stable
security definer
as $$
  select count(*) from app_public.notes
$$;

-- mended
alter function app_hidden.count_notes() set search_path = '';

-- broken: app_hidden.count_notes()
-- A temporary table `notes` of the caller would go before the real one.
alter function app_hidden.count_notes() set search_path = app_public;

-- mended
alter function app_hidden.count_notes() set search_path = app_public, pg_temp;

-- broken: app_hidden.count_notes()
grant create on schema app_public to story_visitor;

-- mended
revoke create on schema app_public from story_visitor;

-- broken: app_hidden.count_notes()
alter function app_hidden.count_notes() set search_path = pg_temp, pg_catalog, pg_temp;

-- mended
alter function app_hidden.count_notes() set search_path = '';

-- broken: app_hidden.count_notes()
alter function app_hidden.count_notes() set search_path = "$user", pg_temp;

-- mended
alter function app_hidden.count_notes() set search_path = '';

-- broken: app_hidden.count_notes()
-- A setting, but not that one.
alter function app_hidden.count_notes() reset search_path;
alter function app_hidden.count_notes() set work_mem = '64kB';

-- near miss: PostgreSQL's own names only, and a function that runs as its caller
alter function app_hidden.count_notes() set search_path = pg_catalog;
create function app_hidden.count_own() returns bigint
language sql
stable
as $$
  select count(*) from app_public.notes
$$;
