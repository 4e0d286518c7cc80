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
