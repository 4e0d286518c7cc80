/* error: A view reads with the rights of its owner, past the policies for those who read it. */
select
  relations.identity as object,
  format(
    'It reads its tables as %I, and can be read or written by %s.',
    pg_get_userbyid(relations.relowner),
    string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname)
  ) as problem,
  format('alter view %s set (security_invoker = true);', relations.identity) as remedy
from pg_temp.relations
cross join pg_temp.visitors
where relations.relkind = 'v'
and not exists (
  select from pg_options_to_table(relations.reloptions) as option
  where option.option_name = 'security_invoker'
  and option.option_value::boolean
)
and pg_temp.reachable(visitors.oid, relations.oid)
group by relations.identity, relations.relowner
