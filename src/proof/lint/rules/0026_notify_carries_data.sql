/*
 * warning: A notification carries the content of a row.
 *
 * Channels have no grants: whoever can connect can listen. Ids are let pass: who hears one looks the row up, under the policies.
 */
select
  functions.identity as object,
  format(
    'Whoever listens hears, whosever the row is: %s, in `%s`.',
    string_agg(distinct case carried.name when '*' then 'the whole row' else carried.name end, ', '),
    min(told.expression)
  ) as problem,
  'Notify the id alone, and let the listener read the row under its own policies.' as remedy
from pg_temp.functions
join pg_temp.told on told.function = functions.oid and told.via = 'notify'
cross join lateral unnest(told.carried) as carried (name)
where carried.name !~ '^(id|.*_id|ids|.*_ids)$'
group by functions.identity
