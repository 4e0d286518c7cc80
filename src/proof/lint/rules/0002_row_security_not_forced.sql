/* warning: Row-level security does not bind the owner of the table. */
select
  tables.identity as object,
  format('Its owner, %I, reads and writes past the policies, and so does every definer function of that role.', pg_get_userbyid(tables.relowner))
    as problem,
  format('alter table %s force row level security;', tables.identity) as remedy
from pg_temp.tables
where tables.relrowsecurity
and not tables.relforcerowsecurity
