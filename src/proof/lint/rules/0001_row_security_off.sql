/* error: A table has no row-level security. */
select
  tables.identity as object,
  'Row-level security is off, so that every grant on it opens all rows.' as problem,
  format('alter table %s enable row level security;', tables.identity) as remedy
from pg_temp.tables
where not tables.relrowsecurity
