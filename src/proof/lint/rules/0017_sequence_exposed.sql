/*
 * warning: Visitors can read or move a sequence.
 *
 * An identity column needs no grant on its sequence; a `serial` column does.
 */
select
  relations.identity as object,
  format(
    'Its numbers, which count what everybody makes, can be read or moved by %s.',
    string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname)
  ) as problem,
  format('revoke all on sequence %s from %s;', relations.identity, string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname))
    as remedy
from pg_temp.relations
cross join pg_temp.visitors
where relations.relkind = 'S'
and pg_temp.reachable(visitors.oid, relations.oid)
group by relations.identity
