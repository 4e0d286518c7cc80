/*
 * warning: A unique index spans the rows of all users, so that a clash tells what others have.
 *
 * Where it holds a column by which a policy finds rows, a clash is only with rows of one's own, or of one's team. Where visitors
 * may write none of its columns, they cannot ask.
 */
select
  pg_temp.identity('pg_class', index.indexrelid) as object,
  format('Its values are unique among the rows of all users: a clash tells that somebody else has one (%s).', written.columns) as problem,
  format('Let it begin with the column that says whose the row is%s.', coalesce(': ' || owners.columns, '')) as remedy
from pg_index as index
join pg_temp.protected_tables on protected_tables.oid = index.indrelid
left join lateral (
  select string_agg(quote_ident(owner.name), ', ' order by owner.name) as columns
  from pg_temp.policy_columns as owner
  where owner.relation = index.indrelid
) as owners on true
join lateral (
  select string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
  from pg_temp.index_columns as part
  join pg_attribute as attribute on attribute.attrelid = part.indrelid and attribute.attnum = part.column_number
  where part.indexrelid = index.indexrelid
  and exists (select from pg_temp.visitors where pg_temp.writable(visitors.oid, part.indrelid, part.column_number))
) as written on written.columns is not null
where index.indisunique
and not exists (
  select
  from pg_temp.policy_columns as owner
  where owner.relation = index.indrelid
  and owner.column_number = any (index.indkey[0:index.indnkeyatts - 1])
)
and exists (
  select from pg_temp.policies
  where policies.relation = index.indrelid
  and policies.command in ('insert', 'update')
  and policies.permissive
  and pg_temp.granted(policies.role, policies.relation, policies.command)
)
