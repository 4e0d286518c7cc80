/*
 * error: A definer function looks up names where its caller can put objects.
 *
 * Temporary objects come first wherever `pg_temp` is not said to come last: so a path that names schemas has to end in it.
 */
with definers as (
  select functions.*, path.text, path.schemas
  from pg_temp.functions
  left join lateral (
    select
      substr(setting.text, 13) as text,
      array(
        select btrim(entry, ' "')
        from unnest(string_to_array(substr(setting.text, 13), ',')) as entry
        where btrim(entry, ' "') <> ''
      ) as schemas
    from unnest(functions.proconfig) as setting (text)
    where setting.text like 'search_path=%'
  ) as path on true
  where functions.prosecdef
)
select
  definers.identity as object,
  case
    when definers.text is null then 'It runs as its owner and looks up names by the search path of its caller.'
    else format('It runs as its owner, and its search path, %s, has places where its caller can put objects.', definers.text)
  end as problem,
  format('alter function %s set search_path = '''';', definers.identity) as remedy
from definers
where definers.text is null
or not definers.schemas <@ array['pg_catalog', 'pg_temp'] and definers.schemas[cardinality(definers.schemas)] <> 'pg_temp'
or 'pg_temp' = any (definers.schemas[1:cardinality(definers.schemas) - 1])
or '$user' = any (definers.schemas)
or exists (
  select
  from pg_namespace as namespace
  cross join pg_temp.visitors
  where namespace.nspname = any (definers.schemas)
  and has_schema_privilege(visitors.oid, namespace.oid, 'create')
)
