/* warning: A visitor may say whose a row is. */
select
  format('%s.%I', tables.identity, owner.name) as object,
  format(
    'It says whose the row is, and may be written: %s.',
    string_agg(format('%s by %I', command.name, visitors.rolname), ', ' order by visitors.rolname, command.name)
  ) as problem,
  format(
    'Give it a default of who asks, revoke the grant on the table, and grant %s by column without it.',
    string_agg(distinct command.name, ' and ')
  ) as remedy
from pg_temp.owner_columns as owner
join pg_temp.tables on tables.oid = owner.relation
cross join pg_temp.visitors
cross join (values ('insert'), ('update')) as command (name)
where pg_temp.writable(visitors.oid, owner.relation, owner.column_number)
and has_column_privilege(visitors.oid, owner.relation, owner.column_number, command.name)
and exists (
  select from pg_temp.policies
  where policies.relation = owner.relation
  and policies.role = visitors.oid
  and policies.command = command.name
  and policies.permissive
)
group by tables.identity, owner.name
