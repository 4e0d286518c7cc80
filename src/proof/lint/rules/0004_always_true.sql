/*
 * error: The predicate of a policy lets every row pass.
 *
 * By plan: of a predicate that is always true PostgreSQL leaves no filter; of `owner_id = owner_id` it leaves `owner_id is not null`. A
 * permissive predicate that mentions no column, such as `auth.uid() is not null`, is asked as a user who is signed in: it opens either all
 * rows or none.
 */
with predicates as (
  select distinct policies.oid, policies.identity, policies.relation, policies.rolname, policies.permissive, part.name, part.expression
  from pg_temp.policies
  cross join lateral (
    values ('using', policies.using_expression), ('check', policies.check_expression)
  ) as part (name, expression)
  where part.expression is not null
),
planned as materialized (
  select predicates.*, pg_temp.plan_of_predicate(predicates.rolname, predicates.oid, predicates.name) as plan
  from predicates
),
judged as (
  select
    planned.*,
    case
      when plan ? 'Error' then false
      when not plan ?| array['Filter', 'Index Cond', 'Recheck Cond', 'One-Time Filter'] then true
      when not exists (
        select from pg_temp.predicate_columns as used
        where used.policy = planned.oid
        and used.part = planned.name
        and used.kind = 'used'
      ) then permissive and pg_temp.holds(rolname, current_setting('proof.settings')::jsonb, expression)
      else exists (
        select from pg_attribute as attribute
        where attribute.attrelid = planned.relation
        and attribute.attnum > 0
        and coalesce(plan ->> 'Filter', plan ->> 'Index Cond', plan ->> 'Recheck Cond') = format('(%I IS NOT NULL)', attribute.attname)
        and (attribute.attnotnull or expression !~ 'IS NOT NULL')
      )
    end as always_true
  from planned
)
select
  identity as object,
  format(
    'Lets every row pass for %s: %s.',
    string_agg(distinct quote_ident(rolname), ', '),
    string_agg(distinct format('%s %s', case name when 'check' then 'with check' else name end, expression), ', ')
  ) as problem,
  'Compare the column that says whose the row is with who asks.' as remedy
from judged
where always_true
group by identity
