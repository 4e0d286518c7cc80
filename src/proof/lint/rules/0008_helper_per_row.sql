/*
 * warning: A policy calls a function for every row.
 *
 * By plan, on an empty copy of the table with its indexes, as the visitor: a function that is not immutable in a filter. In an index
 * condition, an InitPlan or a hashed SubPlan it is called once. PostgreSQL's own functions are quick enough, such as `now()`; but
 * `current_setting` is what helpers are inlined to.
 */
with recursive planned as materialized (
  select
    read.oid,
    read.identity,
    pg_temp.plan_of_predicate(read.rolname, read.oid, 'using') as plan
  from (
    select distinct policies.oid, policies.identity, policies.rolname
    from pg_temp.policies
    where policies.using_expression is not null
  ) as read
),
nodes as (
  select planned.oid, planned.identity, planned.plan as node, false as once
  from planned
  union all
  select
    nodes.oid,
    nodes.identity,
    child.node,
    nodes.once
    or child.node ->> 'Parent Relationship' = 'InitPlan'
    or nodes.node::text ~ ('hashed ' || (child.node ->> 'Subplan Name') || '\M')
  from nodes
  cross join lateral jsonb_array_elements(nodes.node -> 'Plans') as child (node)
),
calls as (
  select distinct nodes.oid, nodes.identity, called.part[1] as function_schema, called.part[2] as function_name
  from nodes
  cross join lateral regexp_matches(
    concat_ws(' ', nodes.node ->> 'Filter', nodes.node ->> 'Join Filter'),
    '(?:(\w+|"[^"]+")\.)?(\w+|"[^"]+")\(',
    'g'
  ) as called (part)
  where not coalesce(nodes.once, false)
),
slow as (
  select distinct calls.identity, concat_ws('.', calls.function_schema, calls.function_name) as call
  from calls
  join pg_proc as proc on quote_ident(proc.proname) = calls.function_name
  join pg_namespace as namespace on namespace.oid = proc.pronamespace
  where proc.provolatile <> 'i'
  and quote_ident(namespace.nspname) = coalesce(calls.function_schema, 'pg_catalog')
  and (namespace.nspname <> 'pg_catalog' or proc.proname = 'current_setting')
)
select
  slow.identity as object,
  format('Called for every row that is looked at: %s.', string_agg(slow.call, ', ' order by slow.call)) as problem,
  'Let an index begin with the column that is compared, or wrap the call: `(select f())` is called once.' as remedy
from slow
group by slow.identity
union all
select
  planned.identity,
  format('Reading by it fails: %s.', min(planned.plan ->> 'Error')),
  'Mend what the error says; then it can be judged.'
from planned
where planned.plan ? 'Error'
and planned.plan ->> 'Code' <> '42501'
group by planned.identity
