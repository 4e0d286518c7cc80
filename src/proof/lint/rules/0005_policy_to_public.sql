/* warning: A policy is for every role. */
select
  policy.identity as object,
  'It has no `to`, or says `to public`: it applies to every role that there is or will be.' as problem,
  format('alter policy %I on %s to %s;', policy.polname, policy.table_identity, visitors.names) as remedy
from pg_temp.written_policies as policy
cross join (
  select string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname) as names
  from pg_temp.visitors
) as visitors
where policy.polroles = array[0]::oid[]
