--! Previous: sha1:483f73a655d5fd41b19cf371a0baf2a68dbfdbbc
--! Hash: sha1:4da4227783b6a16d794c8e012e3796cedeb284d5
--! Message: explanations of access that write nothing

--! split: 1-current.sql
/*
 * An explanation writes nothing when who asks may only read: the row is put aside in a setting, not in a temporary table, and who cannot become the
 * role that is asked about gets an answer with rights of their own, and a note that says so. The functions are those of src/proof/explain.
 */
/*
 * Takes the SQL of a predicate apart, as pg_get_expr prints it: with parentheses round everything. It knows words, quotes and brackets, no
 * more; what it cannot split stays whole, so that a clause is never wrong, only less detailed.
 */

/* Whatever is between a CASE and its END is deeper, as if in parentheses. A keyword is in capitals, a name in capitals is in quotes. */
create or replace function admin.tokens_of(expression text)
returns table (place bigint, token text, depth bigint)
language sql
immutable
set search_path = ''
as $$
  select listed.place, listed.token, listed.depth
  from (
    select
      found.place,
      case when found.parts[1] ~ '^\s' then ' ' else found.parts[1] end as token,
      pg_catalog.lag(found.parts[1]) over (order by found.place) as before,
      pg_catalog.sum(step.up - step.down) over (order by found.place) - step.up as depth
    from pg_catalog.regexp_matches(
      expression,
      'E''(?:[^''\\]|\\.|'''')*''|''(?:[^'']|'''')*''|"(?:[^"]|"")*"|[[:alpha:]_][\w$]*|\d[\w.]*|::|\.\*|[-+*/<>=~!@#%^&|`?]+|\s+|.',
      'g'
    ) with ordinality as found (parts, place)
    cross join lateral (
      select
        (found.parts[1] in ('(', '[', 'CASE'))::int as up,
        (found.parts[1] in (')', ']', 'END'))::int as down
    ) as step
  ) as listed
  where listed.token <> ' '
  or listed.before is distinct from '('
$$;

comment on function admin.tokens_of(text) is
'The words, strings, brackets and operators of an expression, with the number of brackets that each is in; white space is one blank, or none after a parenthesis.';

/* The outermost depth is that of the first token: an expression does not begin within brackets. */
create or replace function admin.at_top(tokens text[], depths int[], pattern text) returns int[]
language sql
immutable
set search_path = ''
as $$
  select coalesce(pg_catalog.array_agg(listed.place::int order by listed.place), '{}')
  from rows from (pg_catalog.unnest(tokens), pg_catalog.unnest(depths)) with ordinality as listed (token, depth, place)
  where listed.depth = depths[1]
  and listed.token ~ pattern
$$;

comment on function admin.at_top(text[], int[], text) is 'The places of the tokens that are in no brackets and match a pattern.';

create or replace function admin.cut_at(tokens text[], cuts int[]) returns text[]
language sql
immutable
set search_path = ''
as $$
  select pg_catalog.array_agg(
    pg_catalog.btrim(pg_catalog.array_to_string(tokens[cut.after + 1:cut.before - 1], ''))
    order by cut.after
  )
  from rows from (
    pg_catalog.unnest(0 || cuts),
    pg_catalog.unnest(cuts || (pg_catalog.cardinality(tokens) + 1))
  ) as cut (after, before)
$$;

comment on function admin.cut_at(text[], int[]) is 'What is between the tokens at some places.';

create or replace function admin.is_list(tokens text[], depths int[]) returns boolean
language sql
immutable
set search_path = ''
as $$
  select pg_catalog.ltrim(pg_catalog.array_to_string(tokens, '')) ~ '^(SELECT|WITH|VALUES|TABLE)\M'
    or admin.at_top(tokens, depths, '^,$') <> '{}'
$$;

comment on function admin.is_list(text[], int[]) is 'Whether what is in parentheses needs them: a sub-select, or several expressions.';

/* The left side, and the right one unless it is a sub-select or says no more than `is null` does. */
create or replace function admin.operands_of(tokens text[], depths int[]) returns text[]
language plpgsql
immutable
set search_path = ''
as $$
declare
  operators int[] = admin.at_top(tokens, depths, '^[-+*/<>=~!@#%^&|`?]+$');
  words int[] = admin.at_top(tokens, depths, '^(IS|IN|OPERATOR)$');
  place int = (operators || words)[1];
  left_side text;
  right_side text;
begin
  if pg_catalog.cardinality(operators || words) <> 1 or place = 1 then
    return '{}';
  end if;
  left_side = pg_catalog.btrim(pg_catalog.array_to_string(tokens[:place - 1], ''));
  right_side = pg_catalog.btrim(pg_catalog.array_to_string(tokens[place + 1:], ''));

  if tokens[place] = 'OPERATOR' then
    right_side = pg_catalog.substring(right_side, '^\([^()]*\)\s*(.*)$');
  elsif tokens[place] = 'IS' then
    right_side = pg_catalog.substring(right_side, '^(?:NOT )?DISTINCT FROM (.*)$');
  elsif tokens[place] = 'IN' then
    right_side = null;
  end if;

  /* Of `any` and `all` the operand is the array; that a sub-select of rows is in its place shows within. */
  if right_side ~ '^(ANY|ALL|SOME) \(.*\)$' then
    right_side = pg_catalog.substring(right_side, '^\w+ \((.*)\)$');
    if pg_catalog.ltrim(right_side) ~ '^(SELECT|WITH|VALUES|TABLE)\M' then
      right_side = null;
    end if;
  end if;
  return pg_catalog.array_remove(array[left_side, right_side], null);
end
$$;

comment on function admin.operands_of(text[], int[]) is 'The two sides of a comparison, or one; none when it is something else.';

/*
 * `parts` are expressions themselves: what `and` and `or` join, what `not` turns round, what a comparison compares, what a function is
 * called with. Sub-selects are no parts.
 */
create or replace function admin.parts_of(expression text, out kind text, out whole text, out parts text[])
language plpgsql
immutable
set search_path = ''
as $$
declare
  tokens text[];
  depths int[];
  from_here int = 1;
  to_here int;
  top int = 0;
  place int;
  splitter text;
  cuts int[];
begin
  select pg_catalog.array_agg(listed.token order by listed.place), pg_catalog.array_agg(listed.depth::int order by listed.place)
  into tokens, depths
  from admin.tokens_of(pg_catalog.btrim(expression, E' \n\t')) as listed;
  to_here = pg_catalog.cardinality(tokens);
  kind = 'whole';
  parts = '{}';

  /* Parentheses round the whole say nothing, except round a sub-select or a row. */
  while tokens[from_here] = '('
    and tokens[to_here] = ')'
    and top <> all (depths[from_here + 1:to_here - 1])
    and not admin.is_list(tokens[from_here + 1:to_here - 1], depths[from_here + 1:to_here - 1])
  loop
    from_here = from_here + 1;
    to_here = to_here - 1;
    top = top + 1;
    while tokens[from_here] = ' ' loop from_here = from_here + 1; end loop;
    while tokens[to_here] = ' ' loop to_here = to_here - 1; end loop;
  end loop;
  tokens = tokens[from_here:to_here];
  depths = depths[from_here:to_here];
  to_here = pg_catalog.cardinality(tokens);
  whole = pg_catalog.array_to_string(tokens, '');

  /* Brackets that do not match, or a word that PostgreSQL does not print where we look for others. */
  if top > any (depths) or depths[to_here] <> top or admin.at_top(tokens, depths, '^BETWEEN$') <> '{}' then
    return;
  end if;

  foreach splitter in array array['OR', 'AND'] loop
    cuts = admin.at_top(tokens, depths, '^' || splitter || '$');
    if cuts <> '{}' then
      kind = pg_catalog.lower(splitter);
      parts = admin.cut_at(tokens, cuts);
      return;
    end if;
  end loop;

  if tokens[1] = 'NOT' then
    kind = 'not';
    parts = array[pg_catalog.ltrim(pg_catalog.array_to_string(tokens[2:], ''))];
    return;
  end if;

  parts = admin.operands_of(tokens, depths);
  if parts <> '{}' then
    kind = 'comparison';
    return;
  end if;

  /* A call: a name, and one pair of parentheses to the end. Named and variadic arguments have syntax of their own. */
  place = pg_catalog.array_position(tokens, '(');
  if place > 1
    and tokens[to_here] = ')'
    and depths[place] = top
    and pg_catalog.cardinality(admin.at_top(tokens, depths, '^\($')) = 1
    and pg_catalog.array_to_string(tokens[1:place - 1], '') ~ '^(\w+|"(""|[^"])*")(\.(\w+|"(""|[^"])*"))*$'
    and not tokens && array['=>', 'VARIADIC', 'DISTINCT', 'ORDER', 'FROM']
    and to_here > place + 1
  then
    kind = 'call';
    depths = depths[place + 1:to_here - 1];
    tokens = tokens[place + 1:to_here - 1];
    parts = admin.cut_at(tokens, admin.at_top(tokens, depths, '^,$'));
  end if;
end
$$;

comment on function admin.parts_of(text) is
'An expression without the parentheses round it, what kind it is (and, or, not, comparison, call, whole), and the expressions that it is made of.';

/*
 * What an expression of a policy comes to for a role, on a row which that role may not see.
 *
 * PostgreSQL keeps a policy as a tree: its names are looked up when it is made, the rights to what they stand for when it runs, as the role
 * that asks. A view with security_invoker does the same, so the expression becomes one, made by the caller and read by the role. Run as text
 * by the role it would fail wherever a policy calls into a schema that the role may not use. The row was put aside before, by the caller, so no
 * policy of its table is asked; those of the tables that the expression reads are.
 *
 * Who cannot become the role evaluates with rights of their own, and writes nothing: the settings are the role's all the same.
 */

/* From 16 on, a member may be one who cannot become the role. */
create or replace function admin.can_become(role name) returns boolean
language sql
stable
set search_path = ''
as $$
  select pg_catalog.pg_has_role(
    role,
    case when pg_catalog.current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end
  )
$$;

comment on function admin.can_become(name) is 'Whether who asks may `set role` to this one.';

create or replace function admin.evaluate(
  relation regclass,
  role name,
  settings jsonb,
  expression text,
  out value text,
  out failed boolean
)
language plpgsql
volatile
as $$
declare
  path text = pg_catalog.current_setting('search_path');
  question text;
begin
  begin
    perform pg_catalog.set_config('search_path', '', true);
    /* The one element of the array has the table's row type: a column, the table's name and `table.*` mean in it what they mean in a policy. */
    question = pg_catalog.format(
      'select (%s)::pg_catalog.text as value
       from pg_catalog.unnest(array[pg_catalog.current_setting(''admin.explained_row'')::%s]) as %I',
      expression,
      relation,
      (select class.relname from pg_catalog.pg_class as class where class.oid = relation)
    );
    if admin.can_become(role) then
      execute 'create temporary view explained_expression with (security_invoker = true) as ' || question;
      execute pg_catalog.format('grant select on pg_temp.explained_expression to %I', role);
      question = 'select explained.value from pg_temp.explained_expression as explained';
      perform pg_catalog.set_config('role', role, true);
    end if;

    /* Functions that do not pin their search path find what they find in a request. */
    perform pg_catalog.set_config('search_path', path, true);
    perform pg_catalog.set_config('row_security', 'on', true);
    perform pg_catalog.set_config(setting.key, setting.value, true) from pg_catalog.jsonb_each_text(settings) as setting;
    execute question into value;

    /* Takes back the view, the role, the settings, and whatever the expression did; variables keep their values. */
    raise exception using errcode = 'XUNDO';
  exception
    when sqlstate 'XUNDO' then
      value = coalesce(value, 'null');
      failed = false;
    when others then
      value = 'error: ' || sqlerrm;
      failed = true;
  end;
end
$$;

comment on function admin.evaluate(regclass, name, jsonb, text) is
'The value of an expression as text, for a role with these settings, of the row that admin.keep_row has put aside; or the error that it raises.';

/*
 * Finds the row that a key names: {"column": "value"} with any columns, (a,b) in the order of a key, or one value of any column
 * that is part of a key. Where the owner is part of the key, a bare id is enough as long as no two owners have it.
 */

/* Null when the value is none of the column's type. The operator is named with its schema, for types of extensions. */
create or replace function admin.column_condition(relation regclass, column_name name, value text) returns text
language plpgsql
volatile
set search_path = ''
as $$
declare
  column_type text;
  operator_schema name;
begin
  select
    pg_catalog.format_type(attribute.atttypid, -1),
    coalesce(
      (
        select operator.oprnamespace::regnamespace::text
        from pg_catalog.pg_operator as operator
        where operator.oprname = '='
        and operator.oprleft = coalesce(nullif(type.typbasetype, 0), type.oid)
        and operator.oprright = operator.oprleft
      ),
      'pg_catalog'
    )
  into strict column_type, operator_schema
  from pg_catalog.pg_attribute as attribute
  join pg_catalog.pg_type as type on type.oid = attribute.atttypid
  where attribute.attrelid = relation
  and attribute.attname = column_name
  and attribute.attnum > 0
  and not attribute.attisdropped;

  if value is null then
    return pg_catalog.format('%I is null', column_name);
  end if;
  begin
    execute pg_catalog.format('select %L::%s', value, column_type);
  exception
    when others then return null;
  end;
  return pg_catalog.format('%I operator(%s.=) %L::%s', column_name, operator_schema, value, column_type);
exception
  when no_data_found then
    raise exception using
      errcode = '22023',
      message = pg_catalog.format('%s has no column %I.', relation, column_name),
      hint = 'Name columns of the table.';
end
$$;

comment on function admin.column_condition(regclass, name, text) is
'The SQL which says that a column has a value; null when the value does not fit its type.';

create or replace function admin.unique_keys(relation regclass)
returns table (is_primary boolean, columns name[])
language sql
stable
set search_path = ''
as $$
  select
    index.indisprimary,
    array(
      select attribute.attname
      from pg_catalog.unnest(index.indkey::int2[]) with ordinality as part (number, place)
      join pg_catalog.pg_attribute as attribute on attribute.attrelid = relation and attribute.attnum = part.number
      where part.place <= index.indnkeyatts
      order by part.place
    )
  from pg_catalog.pg_index as index
  where index.indrelid = relation
  and index.indisunique
  and index.indisvalid
  and index.indpred is null
  and index.indexprs is null
  order by index.indisprimary desc, index.indnkeyatts, index.indexrelid
$$;

comment on function admin.unique_keys(regclass) is 'The columns of each key of a table: of the primary key first.';

/* What to look for, in this order, until something is found: a whole key before a part of one. */
create or replace function admin.row_conditions(relation regclass, key text) returns setof text
language plpgsql
volatile
set search_path = ''
as $$
declare
  named jsonb;
  listed text[];
  condition text;
begin
  begin
    named = case when key ~ '^\s*\{' then key::jsonb end;
    listed = case when key ~ '^\s*\(.*\)\s*$' then ('{' || pg_catalog.substring(key, '\((.*)\)') || '}')::text[] end;
  exception
    when data_exception then null;
  end;

  if named is not null then
    select pg_catalog.string_agg(coalesce(admin.column_condition(relation, part.key, part.value), 'false'), ' and ')
    into condition
    from pg_catalog.jsonb_each_text(named) as part;
    return query select condition where condition is not null;
    return;
  end if;

  return query
  select matching.condition
  from admin.unique_keys(relation) as found
  cross join lateral (
    select
      pg_catalog.string_agg(admin.column_condition(relation, part.name, part.value), ' and ') as condition,
      pg_catalog.bool_and(admin.column_condition(relation, part.name, part.value) is not null) as fits
    from rows from (pg_catalog.unnest(found.columns), pg_catalog.unnest(listed)) as part (name, value)
  ) as matching
  where pg_catalog.cardinality(listed) = pg_catalog.cardinality(found.columns)
  and pg_catalog.cardinality(listed) > 1
  and matching.fits;

  return query
  select admin.column_condition(relation, found.columns[1], key)
  from admin.unique_keys(relation) as found
  where pg_catalog.cardinality(found.columns) = 1
  and admin.column_condition(relation, found.columns[1], key) is not null;

  return query
  select pg_catalog.string_agg(distinct admin.column_condition(relation, part.name, key), ' or ')
  from admin.unique_keys(relation) as found
  cross join lateral pg_catalog.unnest(found.columns) as part (name)
  having pg_catalog.bool_or(admin.column_condition(relation, part.name, key) is not null);
end
$$;

comment on function admin.row_conditions(regclass, text) is 'Conditions in SQL, one of which finds the row that a key names.';

/*
 * Puts the row aside in a setting, as text from which its type reads it back: a temporary table could not be made by who may only read.
 */
create or replace function admin.keep_row(relation regclass, key text) returns boolean
language plpgsql
volatile
set search_path = ''
as $$
declare
  condition text;
  kept_rows text[];
  tried boolean = false;
begin
  for condition in select admin.row_conditions(relation, key) loop
    tried = true;
    execute pg_catalog.format(
      'select array(select row_of_the_table::pg_catalog.text from %s as row_of_the_table where %s limit 2)',
      relation,
      condition
    )
    into kept_rows;
    if pg_catalog.cardinality(kept_rows) = 1 then
      perform pg_catalog.set_config('admin.explained_row', kept_rows[1], true);
      return true;
    elsif pg_catalog.cardinality(kept_rows) > 1 then
      raise exception using
        errcode = '22023',
        message = pg_catalog.format('More than one row of %s has the key %s.', relation, key),
        hint = pg_catalog.format('Say which: %s.', admin.key_shape(relation));
    end if;
  end loop;
  if not tried then
    raise exception using
      errcode = '22023',
      message = pg_catalog.format('The key %s fits no key of %s.', key, relation),
      hint = pg_catalog.format('Name the row by its columns: %s.', admin.key_shape(relation));
  end if;
  return false;
end
$$;

comment on function admin.keep_row(regclass, text) is 'Finds the row that a key names and keeps it for admin.evaluate, until the end of the transaction: whether it is there.';

create or replace function admin.key_shape(relation regclass) returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select '{' || pg_catalog.string_agg(pg_catalog.to_json(part.name)::text || ': "…"', ', ' order by part.place) || '}'
      from (select keys.columns from admin.unique_keys(relation) as keys limit 1) as found
      cross join lateral pg_catalog.unnest(found.columns) with ordinality as part (name, place)
    ),
    '{"column": "value", …}'
  )
$$;

comment on function admin.key_shape(regclass) is 'How a row of the table is named by its columns, with the values left out.';

/* What PostgreSQL asks of its catalog when a command comes: are the privileges there, do the policies bind the role, and which of them answer. */

/* What a command which names the row by its columns needs. The last of the columns says whether the command is refused without it. */
create or replace function admin.privileges_of(relation regclass, command text, role name)
returns table (what text, granted boolean, needed boolean)
language sql
stable
set search_path = ''
as $$
  select
    'usage on schema ' || class.relnamespace::regnamespace,
    pg_catalog.has_schema_privilege(role, class.relnamespace, 'usage'),
    true
  from pg_catalog.pg_class as class
  where class.oid = relation
  union all
  (
    select
      case
        when pg_catalog.count(*) over (partition by wanted.privilege) = 1
          then pg_catalog.format('%s on %s', wanted.privilege, relation)
        else pg_catalog.format('%s on column%s %s', wanted.privilege, case when found.several then 's' end, found.columns)
      end,
      found.granted,
      pg_catalog.count(*) over (partition by wanted.privilege) = 1
    from (
      values (1, command), (2, case when command in ('update', 'delete') then 'select' end)
    ) as wanted (place, privilege)
    cross join lateral (
      select
        case
          when wanted.privilege = 'delete' then pg_catalog.has_table_privilege(role, relation, 'delete')
          else pg_catalog.has_column_privilege(role, relation, attribute.attnum, wanted.privilege)
        end as granted,
        pg_catalog.count(*) > 1 as several,
        pg_catalog.string_agg(pg_catalog.quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
      from pg_catalog.pg_attribute as attribute
      where attribute.attrelid = relation
      and attribute.attnum > 0
      and not attribute.attisdropped
      and (wanted.privilege in ('select', 'delete') or attribute.attgenerated = '')
      group by 1
    ) as found
    where wanted.privilege is not null
    order by wanted.place, found.granted desc
  )
$$;

comment on function admin.privileges_of(regclass, text, name) is
'The grants that a command on one row needs, whether the role has them, and whether nothing goes without; columns apart where they differ.';

create or replace function admin.row_security_of(relation regclass, role name, out bound boolean, out what text)
language sql
stable
set search_path = ''
as $$
  select
    class.relrowsecurity and reason.words is null,
    case
      when not class.relrowsecurity then pg_catalog.format('off on %s: whoever has the privileges has every row', relation)
      when reason.words is not null then pg_catalog.format('on, but %s goes past it: %s', role, reason.words)
      else pg_catalog.format('on%s: %s is bound by the policies', case when class.relforcerowsecurity then ' and forced' end, role)
    end
  from pg_catalog.pg_class as class
  join pg_catalog.pg_roles as visitor on visitor.rolname = role
  cross join lateral (
    select case
      when visitor.rolsuper then 'a superuser'
      when visitor.rolbypassrls then 'it has bypassrls'
      when pg_catalog.pg_has_role(role, class.relowner, 'usage') and not class.relforcerowsecurity
        then 'it has the rights of the owner, and row security is not forced'
    end as words
  ) as reason
  where class.oid = relation
$$;

comment on function admin.row_security_of(regclass, name) is 'Whether the policies of a table bind a role, and why.';

/* One question to the policies after the other: what each is for, in words, and the predicates that answer it. */
create or replace function admin.questions_of(command text)
returns table (place int, policies_for text, is_check boolean, meaning text)
language sql
immutable
set search_path = ''
as $$
  select asked.place, asked.policies_for, asked.is_check, asked.meaning
  from (
    values
      ('select', 1, 'select', false, 'to see the row'),
      ('insert', 1, 'insert', true, 'to make a row like it'),
      ('insert', 2, 'select', false, 'to have it returned (returning, on conflict)'),
      ('update', 1, 'select', false, 'to find it by its columns and have it returned (where, returning)'),
      ('update', 2, 'update', false, 'to change it'),
      ('update', 3, 'update', true, 'to leave it as it is now'),
      ('delete', 1, 'select', false, 'to find it by its columns and have it returned (where, returning)'),
      ('delete', 2, 'delete', false, 'to delete it')
  ) as asked (command, place, policies_for, is_check, meaning)
  where asked.command = questions_of.command
$$;

comment on function admin.questions_of(text) is 'What a command asks of which policies, in the order in which a failure counts.';

/* A policy without `with check` checks with its `using`. One without a predicate that applies lets nothing through and stops nothing. */
create or replace function admin.policies_of(relation regclass, role name, policies_for text, is_check boolean)
returns table (policy name, permissive boolean, title text, predicate text)
language sql
stable
set search_path = ''
as $$
  select
    policy.polname,
    policy.polpermissive,
    pg_catalog.format(
      '%I (%s, for %s): %s',
      policy.polname,
      case when policy.polpermissive then 'permissive' else 'restrictive' end,
      case when policy.polcmd = '*' then 'all' else policies_for end,
      case when is_check and policy.polwithcheck is not null then 'with check' else 'using' end
    ),
    pg_catalog.pg_get_expr(
      case when is_check then coalesce(policy.polwithcheck, policy.polqual) else policy.polqual end,
      policy.polrelid
    )
  from pg_catalog.pg_policy as policy
  where policy.polrelid = relation
  and policy.polcmd in ('*', case policies_for when 'select' then 'r' when 'insert' then 'a' when 'update' then 'w' else 'd' end)
  and exists (
    select from pg_catalog.unnest(policy.polroles) as audience
    where audience = 0
    or pg_catalog.pg_has_role(role, audience, 'usage')
  )
  order by policy.polpermissive, policy.polname
$$;

comment on function admin.policies_of(regclass, name, text, boolean) is
'The policies that answer for a command and role, restrictive ones first, each with its predicate.';

/* As PostgreSQL joins them: every restrictive one, and one of the permissive. */
create or replace function admin.joined_predicate(relation regclass, role name, policies_for text, is_check boolean) returns text
language sql
stable
set search_path = ''
as $$
  select pg_catalog.concat_ws(
    ' and ',
    pg_catalog.string_agg('(' || listed.predicate || ')', ' and ' order by listed.policy) filter (where not listed.permissive),
    coalesce(
      '(' || pg_catalog.string_agg('(' || listed.predicate || ')', ' or ' order by listed.policy) filter (where listed.permissive) || ')',
      'false'
    )
  )
  from admin.policies_of(relation, role, policies_for, is_check) as listed
$$;

comment on function admin.joined_predicate(regclass, name, text, boolean) is 'What the policies come to together, as one expression.';

/*
 * Why a row is seen, changed or refused: the privileges, then the policies, each with its clauses and their values, then the verdict. Run it as a
 * superuser, or as a role that may read the table, sees the row, and may become the role that is asked about. One that may not become it gets
 * an answer with rights of its own, which says so.
 */

/* What an expression that reads other tables takes from the row: those of its columns that it names with the table's name. */
create or replace function admin.columns_in(relation regclass, expression text) returns setof text
language sql
stable
set search_path = ''
as $$
  with listed as (
    select
      tokens.place,
      pg_catalog.lag(tokens.token) over (order by tokens.place) as before,
      tokens.token,
      pg_catalog.lead(tokens.token) over (order by tokens.place) as point,
      pg_catalog.lead(tokens.token, 2) over (order by tokens.place) as column_name
    from admin.tokens_of(expression) as tokens
  )
  select listed.token || '.' || listed.column_name
  from listed
  join pg_catalog.pg_class as class on class.oid = relation and pg_catalog.quote_ident(class.relname) = listed.token
  join pg_catalog.pg_attribute as attribute
    on attribute.attrelid = relation
    and attribute.attnum > 0
    and pg_catalog.quote_ident(attribute.attname) = listed.column_name
  where listed.point = '.'
  and listed.before is distinct from '.'
  group by 1
  order by pg_catalog.min(listed.place)
$$;

comment on function admin.columns_in(regclass, text) is 'The columns of the row that an expression with sub-selects names.';

create or replace function admin.explain_clause(relation regclass, role name, settings jsonb, expression text, at_depth int)
returns table (depth int, part text, what text, value text)
language plpgsql
volatile
as $$
declare
  split record;
  operand text;
  operands text[];
begin
  select * into split from admin.parts_of(expression);
  depth = at_depth;
  part = 'clause';
  what = case split.kind when 'and' then 'all of these' when 'or' then 'one of these' when 'not' then 'not' else split.whole end;
  value = (admin.evaluate(relation, role, settings, expression)).value;
  return next;

  if split.kind in ('and', 'or', 'not') then
    foreach operand in array split.parts loop
      return query select * from admin.explain_clause(relation, role, settings, operand, at_depth + 1);
    end loop;
    return;
  end if;

  depth = at_depth + 1;
  part = 'operand';
  operands = array(
    select (admin.parts_of(listed.side)).whole
    from pg_catalog.unnest(split.parts) with ordinality as listed (side, place)
    /* A constant is its own value. */
    where listed.side !~ '^\(*(''([^'']|'''')*''|[-\d.]+|true|false|NULL)\)*(::[\w ."\[\]]+)?$'
    order by listed.place
  );
  if expression ~ '\mSELECT\M' then
    operands = operands || array(
      select named from admin.columns_in(relation, expression) as named where named <> all (operands)
    );
  end if;
  foreach operand in array operands loop
    what = operand;
    value = (admin.evaluate(relation, role, settings, operand)).value;
    return next;
  end loop;
end
$$;

comment on function admin.explain_clause(regclass, name, jsonb, text, int) is
'An expression and its value, then those of its parts, down to what is compared.';

/* Of an `and`, the first of its clauses that does not hold: the others say nothing about why. */
create or replace function admin.why_not(relation regclass, role name, settings jsonb, expression text) returns text
language plpgsql
volatile
as $$
declare
  split record;
  clause text;
  found text;
begin
  select * into split from admin.parts_of(expression);
  foreach clause in array case split.kind when 'and' then split.parts else array[expression] end loop
    found = (admin.evaluate(relation, role, settings, clause)).value;
    if found <> 'true' then
      return pg_catalog.format('%s is %s', (admin.parts_of(clause)).whole, found);
    end if;
  end loop;
  return pg_catalog.format('%s is not true', split.whole);
end
$$;

comment on function admin.why_not(regclass, name, jsonb, text) is 'The clause for which a predicate does not hold, and its value.';

/* The answer of the policies to one question, and, when it is no, whose fault that is. */
create or replace function admin.explain_question(
  relation regclass,
  role name,
  settings jsonb,
  policies_for text,
  is_check boolean,
  meaning text
)
returns table (depth int, part text, what text, value text, reason text)
language plpgsql
volatile
as $$
declare
  answer record;
  policy record;
  own record;
  faults text[] = '{}';
  stopped_by text;
begin
  answer = admin.evaluate(relation, role, settings, admin.joined_predicate(relation, role, policies_for, is_check));
  for policy in select * from admin.policies_of(relation, role, policies_for, is_check) where predicate is not null loop
    own = admin.evaluate(relation, role, settings, policy.predicate);
    if own.value <> 'true' then
      reason = pg_catalog.format('%I: %s', policy.policy, admin.why_not(relation, role, settings, policy.predicate));
      if policy.permissive then
        faults = faults || reason;
      else
        stopped_by = coalesce(stopped_by, reason);
      end if;
    end if;
  end loop;

  depth = 0;
  part = 'row security';
  what = pg_catalog.format('policies for %s: %s', policies_for, meaning);
  value = answer.value;
  reason = case
    when answer.value = 'true' then null
    when answer.failed then pg_catalog.format('the policies for %s fail with an %s', policies_for, answer.value)
    when stopped_by is not null then pg_catalog.format('a restrictive policy stops it (%s)', stopped_by)
    when faults <> '{}' then pg_catalog.format('no permissive policy lets it through (%s)', pg_catalog.array_to_string(faults, '; '))
    else pg_catalog.format('no permissive policy for %s is for %s', policies_for, role)
  end;
  return next;

  reason = null;
  for policy in select * from admin.policies_of(relation, role, policies_for, is_check) loop
    depth = 1;
    part = 'policy';
    what = policy.title;
    value = case
      when policy.predicate is null then 'no condition'
      else (admin.evaluate(relation, role, settings, policy.predicate)).value
    end;
    return next;
    return query
    select clause.depth, clause.part, clause.what, clause.value, null
    from admin.explain_clause(relation, role, settings, policy.predicate, 2) as clause
    where policy.predicate is not null;
  end loop;
end
$$;

comment on function admin.explain_question(regclass, name, jsonb, text, boolean, text) is
'What the policies say to one question about the row that admin.keep_row has put aside, policy by policy.';

/* The verdict when the policies have let the row through, or were not asked: which columns are out of reach all the same. */
create or replace function admin.verdict_in_words(relation regclass, command text, role name, remark text) returns text
language sql
stable
set search_path = ''
as $$
  select pg_catalog.concat_ws(
    '; ',
    case when command = 'select' then 'visible' else 'allowed' end,
    remark,
    (
      select 'not granted: ' || pg_catalog.string_agg(privilege.what, ', ')
      from admin.privileges_of(relation, command, role) as privilege
      where not privilege.granted
    )
  )
$$;

comment on function admin.verdict_in_words(regclass, text, name, text) is 'What to say when a command goes through.';

/* Things that would make the explanation wrong, or stop it half way with an error that nobody understands. */
create or replace function admin.check_question(relation regclass, command text, role name) returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if command not in ('select', 'insert', 'update', 'delete') then
    raise exception using
      errcode = '22023',
      message = pg_catalog.format('%s is no command that has policies.', command),
      hint = 'Ask about select, insert, update or delete.';
  end if;
  if (select class.relkind not in ('r', 'p') from pg_catalog.pg_class as class where class.oid = relation) then
    raise exception using
      errcode = '42809',
      message = pg_catalog.format('%s is not a table.', relation),
      hint = 'Row-level security is on tables: ask about one that a view reads.';
  end if;
  if not exists (select from pg_catalog.pg_roles as found where found.rolname = role) then
    raise exception using
      errcode = '42704',
      message = pg_catalog.format('There is no role %I.', role),
      hint = 'Name the role that requests run as.';
  end if;
  if not pg_catalog.has_table_privilege(relation, 'select')
    or not pg_catalog.has_schema_privilege(
      (select class.relnamespace from pg_catalog.pg_class as class where class.oid = relation),
      'usage'
    )
  then
    raise exception using
      errcode = '42501',
      message = pg_catalog.format('%I may not read %s.', current_user, relation),
      hint = 'Connect as a superuser, or as a role that may read the table and sees every row.';
  end if;
end
$$;

comment on function admin.check_question(regclass, text, name) is 'Refuses what cannot be explained, or not by who asks.';

create or replace function admin.explain_row(relation regclass, key text, command text, role name, settings jsonb)
returns table (depth int, part text, what text, value text)
language plpgsql
volatile
as $$
declare
  there boolean;
  refusal text;
  bound boolean;
  question record;
  line record;
  /* Where the first question that was answered with no would end the command. */
  ending text;
  reason text;
  remark text;
begin
  perform admin.check_question(relation, command, role);
  begin
    /* Who asks looks for the row as they are, not as the user whom this transaction may have been given to. */
    perform pg_catalog.set_config(setting.name, '', true) from pg_catalog.jsonb_object_keys(settings) as setting (name);
    there = admin.keep_row(relation, key);

    depth = 0;
    part = 'privilege';
    for line in select * from admin.privileges_of(relation, command, role) loop
      what = line.what;
      value = line.granted::text;
      if line.needed and not line.granted then
        refusal = coalesce(refusal, pg_catalog.format('%I has no %s', role, line.what));
      end if;
      return next;
    end loop;

    part = 'row security';
    select state.bound, state.what into bound, what from admin.row_security_of(relation, role) as state;
    value = case when bound then 'on' else 'off' end;
    return next;

    if bound and there and not admin.can_become(role) then
      part = 'note';
      what = pg_catalog.format(
        '%I cannot become %I: what the policies read beside the row is what %1$I sees of it',
        current_user,
        role
      );
      value = 'rights of ' || pg_catalog.quote_ident(current_user);
      return next;
    end if;

    for question in select * from admin.questions_of(command) where bound and there order by place loop
      for line in
        select * from admin.explain_question(relation, role, settings, question.policies_for, question.is_check, question.meaning)
      loop
        depth = line.depth;
        part = line.part;
        what = line.what;
        value = line.value;
        return next;

        if line.reason is not null and command = 'insert' and question.policies_for = 'select' then
          remark = pg_catalog.format('but refused with returning: %s', line.reason);
        elsif line.reason is not null and ending is null then
          ending = case
            when line.value like 'error: %' then 'fails'
            when question.is_check then 'refused'
            else 'hidden'
          end;
          reason = line.reason;
        end if;
      end loop;
    end loop;

    depth = 0;
    part = 'verdict';
    value = case
      when not there then 'missing'
      when refusal is not null then 'refused'
      when ending is not null then ending
      when command = 'select' then 'visible'
      else 'allowed'
    end;
    what = case
      when not there and pg_catalog.row_security_active(relation) then pg_catalog.format('there is no such row that %I sees', current_user)
      when not there then 'there is no such row'
      when refusal is not null then 'refused: ' || refusal
      when ending is not null then pg_catalog.format('%s: %s', ending, reason)
      else admin.verdict_in_words(relation, command, role, remark)
    end;
    return next;

    /* Takes back everything that was made for the explanation. The lines that were returned stay. */
    raise exception using errcode = 'XDONE';
  exception
    when sqlstate 'XDONE' then null;
  end;
end
$$;

comment on function admin.explain_row(regclass, text, text, name, jsonb) is
'Why a command of a role with these settings does, or does not, come through to the row that the key names: line by line, the verdict last.';
