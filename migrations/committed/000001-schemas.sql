--! Previous: -
--! Hash: sha1:5a0bcbaae3cb43a172053b520e000f5a50bd221e
--! Message: schemas

--! split: 1-current.sql
/*
 * The rooms of the house. A schema's name tells who may look: app_public is what the API shows, app_hidden is callable by policies and
 * defaults but not shown, app_private is the owner's alone.
 */
create schema app_public;
create schema app_hidden;
create schema app_private;

comment on schema app_public is 'What the API shows.';
comment on schema app_hidden is 'What policies and defaults of app_public call: callable by the visitor, not shown by the API.';
comment on schema app_private is 'The owner''s own: no API role may look in.';

/* PostgreSQL lets everybody execute every new function. Here each execute is granted by name, or not at all. */
alter default privileges revoke execute on functions from public;

revoke all on schema public from public;

grant usage on schema app_public to hedgerow_visitor;
grant usage on schema app_hidden to hedgerow_visitor;

/*
 * The first step of every policy file. It empties the table's access decision completely, whatever was there before, so that what
 * follows in the file is all there is; dropping policies by name would leave behind the one that nobody remembers.
 */
create function app_private.close_table(closed_table regclass) returns void
language plpgsql
volatile
as $$
declare
  found_policy name;
  found_grantee regrole;
begin
  execute pg_catalog.format('alter table %s enable row level security', closed_table);
  execute pg_catalog.format('alter table %s force row level security', closed_table);

  for found_policy in
    select policy.polname
    from pg_catalog.pg_policy as policy
    where policy.polrelid = closed_table
  loop
    execute pg_catalog.format('drop policy %I on %s', found_policy, closed_table);
  end loop;

  execute pg_catalog.format('revoke all on table %s from public', closed_table);

  /* Revoking a privilege on the table revokes it on each of its columns too. */
  for found_grantee in
    select distinct entry.grantee::regrole
    from pg_catalog.pg_class as class
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid
    cross join lateral (
      select (pg_catalog.aclexplode(class.relacl)).grantee
      union all
      select (pg_catalog.aclexplode(attribute.attacl)).grantee
    ) as entry
    where class.oid = closed_table
    and entry.grantee not in (0, class.relowner)
  loop
    execute pg_catalog.format('revoke all on table %s from %s', closed_table, found_grantee);
  end loop;
end
$$;

comment on function app_private.close_table(regclass) is
'Enables and forces row-level security on a table, drops all its policies and revokes all that was granted on it or its columns: nobody but the owner is left, and the owner sees no row.';

/*
 * Is this database up to date? The server asks as the visitor, who may not look into graphile_migrate; hence a definer function: one
 * value, no argument, a pinned search path. It tells no more than which version of this published code runs.
 */
create function app_hidden.latest_migration() returns text
language sql
stable
security definer
set search_path = ''
as $$
  select migration.filename
  from graphile_migrate.migrations as migration
  order by migration.filename desc
  limit 1
$$;

grant execute on function app_hidden.latest_migration() to hedgerow_visitor;

comment on function app_hidden.latest_migration() is 'The file name of the newest migration that was applied, or null when there is none.';
