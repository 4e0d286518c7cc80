/*
 * warning: An update policy does not say what a row may become.
 *
 * PostgreSQL then checks the new row by `using`: what the author meant for the row as it was.
 */
select
  policy.identity as object,
  'It has no `with check`: what a row may become is decided by what it must have been.' as problem,
  format('alter policy %I on %s with check (%s);', policy.polname, policy.table_identity, policy.using_expression) as remedy
from pg_temp.written_policies as policy
where policy.polcmd in ('w', '*')
and policy.check_expression is null
