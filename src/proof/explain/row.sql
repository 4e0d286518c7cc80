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
