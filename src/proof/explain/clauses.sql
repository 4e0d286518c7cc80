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
