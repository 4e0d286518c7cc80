/* error: Visitors can read a materialized view, which has no policies. */
select
  relations.identity as object,
  format(
    'It holds rows as its owner read them, has no policies, and can be read by %s.',
    string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname)
  ) as problem,
  format('revoke all on table %s from %s;', relations.identity, string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname))
    as remedy
from pg_temp.relations
cross join pg_temp.visitors
where relations.relkind = 'm'
and pg_temp.reachable(visitors.oid, relations.oid)
group by relations.identity
