/* warning: Every role may execute a function. */
select
  functions.identity as object,
  'Every role may execute it: PostgreSQL grants that on each new function, or somebody did.' as problem,
  format('revoke execute on routine %s from public;', functions.identity) as remedy
from pg_temp.functions
where has_function_privilege('public', functions.oid, 'execute')
