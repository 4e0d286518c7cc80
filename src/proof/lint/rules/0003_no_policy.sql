/*
 * warning: A visitor is granted a command for which there is no policy.
 *
 * Restrictive policies do not count: they let nothing pass that no permissive policy lets pass.
 */
select
  tables.identity as object,
  format(
    'Granted, but without a policy that would let a row pass: %s.',
    string_agg(format('%s to %I', commands.command, visitors.rolname), ', ' order by visitors.rolname, commands.command)
  ) as problem,
  'Write the policy that was meant, or revoke the grant.' as remedy
from pg_temp.tables
cross join pg_temp.visitors
cross join pg_temp.commands
where tables.relrowsecurity
and pg_temp.granted(visitors.oid, tables.oid, commands.command)
and not exists (
  select from pg_temp.policies
  where policies.relation = tables.oid
  and policies.role = visitors.oid
  and policies.command = commands.command
  and policies.permissive
)
group by tables.identity
