/*
 * warning: An exclusion constraint spans the rows of all users, so that a clash tells what others have.
 *
 * It does not where it compares a column by which a policy finds rows for equality.
 */
select
  pg_temp.identity('pg_constraint', con.oid) as object,
  'It compares a new row with the rows of all users: a clash tells that somebody else has one like it.' as problem,
  format('Let it exclude only among rows of one owner: %s.', coalesce(owners.columns, 'the column that says whose the row is, `with =`')) as remedy
from pg_constraint as con
join pg_temp.protected_tables on protected_tables.oid = con.conrelid
left join lateral (
  select string_agg(format('`%I with =`', owner.name), ', ' order by owner.name) as columns
  from pg_temp.policy_columns as owner
  where owner.relation = con.conrelid
) as owners on true
where con.contype = 'x'
and not exists (
  select
  from unnest(con.conkey, con.conexclop) as compared (column_number, operator)
  join pg_operator as operator on operator.oid = compared.operator
  join pg_temp.policy_columns as owner on owner.relation = con.conrelid and owner.column_number = compared.column_number
  where operator.oprname = '='
)
and exists (
  select
  from pg_temp.index_columns as part
  cross join pg_temp.visitors
  where part.indexrelid = con.conindid
  and pg_temp.writable(visitors.oid, part.indrelid, part.column_number)
)
