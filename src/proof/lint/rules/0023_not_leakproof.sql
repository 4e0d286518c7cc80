/*
 * note: An index on users' data cannot be used ahead of the policy.
 *
 * An operator that is not leakproof could tell of rows that the policy hides, by an error say; so PostgreSQL applies the policy first. A
 * policy's own columns are compared by the policy itself, so that for them it does not matter.
 */
with searched as (
  select index.indexrelid, coalesce(quote_ident(attribute.attname), pg_get_indexdef(index.indexrelid, key.position::integer, true)) as key,
    string_agg(distinct operator.oprname, ' ') as operators
  from pg_index as index
  join pg_temp.protected_tables on protected_tables.oid = index.indrelid
  cross join lateral unnest(index.indkey[0:index.indnkeyatts - 1], index.indclass[0:index.indnkeyatts - 1])
    with ordinality as key (column_number, operator_class, position)
  left join pg_attribute as attribute
    on attribute.attrelid = index.indrelid
    and attribute.attnum = key.column_number
    and attribute.attnum <> 0
  join pg_opclass as class on class.oid = key.operator_class
  join pg_amop as search
    on search.amopfamily = class.opcfamily
    and search.amoplefttype = class.opcintype
    and search.amoppurpose = 's'
    -- Comparisons with another type, such as of a timestamptz with a date, are seldom asked for.
    and (search.amoprighttype = class.opcintype or class.opcmethod not in (select am.oid from pg_am as am where am.amname in ('btree', 'hash')))
  join pg_operator as operator on operator.oid = search.amopopr
  join pg_proc as proc on proc.oid = operator.oprcode
  where not proc.proleakproof
  and not exists (
    select from pg_temp.policy_columns as owner
    where owner.relation = index.indrelid
    and owner.column_number = key.column_number
  )
  group by index.indexrelid, key.position, key.column_number, attribute.attname
)
select
  pg_temp.identity('pg_class', searched.indexrelid) as object,
  format(
    'Not leakproof, so that under the policies it finds no rows by: %s.',
    string_agg(format('%s (%s)', searched.key, searched.operators), ', ' order by searched.key)
  ) as problem,
  'Let it begin with a column of the policy, and rely on that one; or drop it.' as remedy
from searched
group by searched.indexrelid
