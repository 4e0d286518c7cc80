/* warning: Users' rows are numbered in one sequence, so that a number tells how many others have. */
select
  format('%s.%I', protected_tables.identity, attribute.attname) as object,
  format(
    'It is numbered across all users and can be read by %s: two rows of one''s own tell how many others made in between.',
    string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname)
  ) as problem,
  'Use a uuid, or numbers that start anew for each owner.' as remedy
from pg_temp.protected_tables
join pg_attribute as attribute on attribute.attrelid = protected_tables.oid and attribute.attnum > 0
left join pg_attrdef as preset on preset.adrelid = attribute.attrelid and preset.adnum = attribute.attnum
cross join pg_temp.visitors
where (attribute.attidentity <> '' or pg_get_expr(preset.adbin, preset.adrelid) ~ '\mnextval\(')
and has_schema_privilege(visitors.oid, protected_tables.relnamespace, 'usage')
and has_column_privilege(visitors.oid, protected_tables.oid, attribute.attnum, 'select')
group by protected_tables.identity, attribute.attname
