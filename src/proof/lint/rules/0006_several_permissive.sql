/* warning: Two permissive policies apply to one command of one role, and either of them will do. */
with several as (
  select
    policies.table_identity,
    policies.command,
    policies.rolname,
    string_agg(quote_ident(policies.polname), ' or ' order by policies.polname) as names
  from pg_temp.policies
  where policies.permissive
  group by policies.table_identity, policies.command, policies.rolname
  having count(*) > 1
)
select
  several.table_identity as object,
  format(
    'It is enough that one of them lets the row pass: %s.',
    string_agg(format('%s as %I: %s', several.command, several.rolname, several.names), '; ' order by several.command, several.rolname)
  ) as problem,
  'Write one permissive policy per command with `or` in it, or make the stricter one `as restrictive`.' as remedy
from several
group by several.table_identity
