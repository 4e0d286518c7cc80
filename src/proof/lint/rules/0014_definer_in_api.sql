/* warning: The API shows a function that runs as its owner. */
select
  functions.identity as object,
  format(
    'The API shows it to %s, and it runs as %I: no policy for them holds inside it.',
    string_agg(quote_ident(visitors.rolname), ', ' order by visitors.rolname),
    pg_get_userbyid(functions.proowner)
  ) as problem,
  'Make it `security invoker`, or move it to a schema that the API does not show and call it from a policy or an invoker function.' as remedy
from pg_temp.functions
cross join pg_temp.visitors
where functions.prosecdef
and functions.in_api
and has_schema_privilege(visitors.oid, functions.pronamespace, 'usage')
and has_function_privilege(visitors.oid, functions.oid, 'execute')
group by functions.identity, functions.proowner
