/*
 * warning: A foreign key can point at rows of others, so that it tells which exist.
 *
 * PostgreSQL looks past the policies for the row that is referred to. It is no oracle where it carries a column by which a policy finds rows
 * (a reference to one's own record among them), where visitors may not write it, or where each policy for the write asks about the
 * column: through the policies of the other table, or by a function.
 */
select
  pg_temp.identity('pg_constraint', con.oid) as object,
  format('Whoever writes the id of a row of %s learns whether there is one, whosever it is.', target.identity) as problem,
  format(
    'Let both keys begin with the column that says whose the row is: `foreign key (owner_id, …) references %s (owner_id, …)`.',
    target.identity
  ) as remedy
from pg_constraint as con
join pg_temp.protected_tables as source on source.oid = con.conrelid
join pg_temp.tables as target on target.oid = con.confrelid and target.relrowsecurity
where con.contype = 'f'
and con.conparentid = 0
and not exists (
  select from pg_temp.policy_columns as owner
  where owner.relation = con.conrelid
  and owner.column_number = any (con.conkey)
)
and exists (
  select
  from unnest(con.conkey) as key (column_number)
  cross join pg_temp.visitors
  cross join (values ('insert'), ('update')) as command (name)
  where pg_temp.writable(visitors.oid, con.conrelid, key.column_number)
  and has_column_privilege(visitors.oid, con.conrelid, key.column_number, command.name)
  -- Some permissive policy lets the write pass without a question about the column, and no restrictive one asks it.
  and exists (
    select from pg_temp.policies
    where policies.relation = con.conrelid
    and policies.role = visitors.oid
    and policies.command = command.name
    and policies.permissive
    and not exists (
      select
      from pg_temp.policies as asking
      join pg_temp.columns_of('guarded') as guarded on guarded.policy = asking.oid
      where guarded.column_number = key.column_number
      and guarded.part = case when asking.check_expression is distinct from asking.using_expression then 'check' else guarded.part end
      and asking.relation = con.conrelid
      and asking.role = policies.role
      and asking.command = policies.command
      and (asking.oid = policies.oid or not asking.permissive)
    )
  )
)
