/*
 * warning: No index begins with the column by which a policy finds its rows.
 *
 * A policy of several such columns needs an index for one of them, and a restrictive policy may be the one that has it. A partial index
 * counts when the policy says what its `where` says.
 */
with led as (
  select
    policies.relation,
    policies.role,
    policies.command,
    policies.permissive,
    policies.oid,
    found.name,
    exists (
      select from pg_index as index
      where index.indrelid = policies.relation
      and index.indkey[0] = found.column_number
      and index.indisvalid
      and (index.indpred is null or strpos(policies.using_expression, pg_get_expr(index.indpred, index.indrelid)) > 0)
    ) as indexed
  from pg_temp.policies
  join pg_temp.columns_of('searchable') as found on found.policy = policies.oid and found.part = 'using'
  where policies.using_expression is not null
),
unled as (
  select distinct led.relation, led.name
  from led
  where not exists (
    select from led as other
    where other.relation = led.relation
    and other.role = led.role
    and other.command = led.command
    and other.indexed
    and (other.oid = led.oid or not other.permissive or not led.permissive)
  )
)
select
  format('%s.%I', tables.identity, unled.name) as object,
  'A policy finds its rows by this column, and no index begins with it: every query reads the whole table.' as problem,
  format('create index on %s (%I);', tables.identity, unled.name) as remedy
from unled
join pg_temp.tables on tables.oid = unled.relation
