/*
 * warning: An error tells the content of rows that its reader may not see.
 *
 * Of functions in PL/pgSQL that visitors reach, by calling them or by writing to a table. A function that runs as its caller reads only what
 * the policies show to the caller, unless it names a relation that has none.
 */
with reached as (
  select functions.*
  from pg_temp.functions
  where exists (
    select from pg_temp.visitors
    where has_schema_privilege(visitors.oid, functions.pronamespace, 'usage')
    and has_function_privilege(visitors.oid, functions.oid, 'execute')
  )
  or exists (
    select
    from pg_trigger as trigger
    cross join pg_temp.visitors
    cross join (values ('insert'), ('update'), ('delete')) as command (name)
    where trigger.tgfoid = functions.oid
    and pg_temp.granted(visitors.oid, trigger.tgrelid, command.name)
  )
)
select
  reached.identity as object,
  format(
    'What it raises carries values of rows: %s.',
    string_agg(distinct format('`%s`', told.expression), ', ')
  ) as problem,
  'Raise a sentence that is the same for every row; name at the most what the caller has sent.' as remedy
from reached
join pg_temp.told on told.function = reached.oid and told.via = 'raise'
where reached.prosecdef
or exists (
  select
  from pg_temp.mentions
  join pg_temp.relations
    on relations.relname = mentions.relation
    and (mentions.schema is null or mentions.schema = relations.relnamespace::regnamespace::text)
  where mentions.function = reached.oid
  and case relations.relkind
    when 'v' then not coalesce(
      (
        select option.option_value::boolean
        from pg_options_to_table(relations.reloptions) as option
        where option.option_name = 'security_invoker'
      ),
      false
    )
    else relations.relkind in ('r', 'p', 'm', 'f') and not relations.relrowsecurity
  end
)
group by reached.identity
union all
select
  reached.identity,
  format('It runs as its owner, and what it raises could not be read: %s.', told.expression),
  'Read what it raises, and accept this with the result.'
from reached
join pg_temp.told on told.function = reached.oid and told.via = 'unread'
where reached.prosecdef
