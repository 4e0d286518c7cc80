/**
 * The shape of app_public: all that the schema of the API is made of, as the catalog tells it to the visitor. An exported schema is served only
 * where the shape is that of the database from which it was exported.
 */
import { createHash } from 'node:crypto';
import type { FencedTransaction } from '../database/fence.ts';
import { nobody } from '../database/settings.ts';

/** By object, such as `table tasks` or `column tasks.title`, the digest of what is known of it. */
export type Shape = Readonly<Record<string, string>>;

/**
 * Names stand in for oids, which differ between databases; rights are those of the role that asks, whoever granted them; and nothing is deparsed,
 * because versions of PostgreSQL word it differently. What does not shape the API is left out: policies, indexes, views' queries, functions'
 * bodies, partitions. Types of pg_catalog are the same everywhere; of others, all that is reached from a column or a function is looked at.
 */
const objects = `
  with recursive
  schema as (
    select namespace.oid, namespace.nspname as name
    from pg_catalog.pg_namespace as namespace
    where namespace.nspname = 'app_public'
  ),
  named_type as not materialized (
    select type.*, namespace.nspname || '.' || type.typname as name, namespace.nspname = 'pg_catalog' as is_builtin
    from pg_catalog.pg_type as type
    join pg_catalog.pg_namespace as namespace on namespace.oid = type.typnamespace
  ),
  own_class as (
    select class.*
    from pg_catalog.pg_class as class
    where class.relnamespace = (select oid from schema)
    and class.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
    and not class.relispartition
  ),
  own_function as (
    select function.*,
      function.proname || '(' || (
        select coalesce(pg_catalog.string_agg(type.name, ', ' order by argument.place), '')
        from pg_catalog.unnest(function.proargtypes) with ordinality as argument (type, place)
        join named_type as type on type.oid = argument.type
      ) || ')' as signature
    from pg_catalog.pg_proc as function
    where function.pronamespace = (select oid from schema)
  ),
  reached (oid) as (
    select seed.oid
    from (
      select type.oid
      from pg_catalog.pg_type as type
      where type.typnamespace = (select oid from schema)
      and type.typtype in ('d', 'e', 'r', 'm')
      union all
      select class.reltype from own_class as class
      union all
      select function.prorettype from own_function as function
      union all
      select argument.type
      from own_function as function
      cross join lateral pg_catalog.unnest(function.proargtypes || function.proallargtypes) as argument (type)
    ) as seed
    union
    select next.oid
    from reached
    join named_type as type on type.oid = reached.oid and not type.is_builtin
    cross join lateral (
      select type.typelem
      union all
      select type.typbasetype
      union all
      select range.rngsubtype from pg_catalog.pg_range as range where type.oid in (range.rngtypid, range.rngmultitypid)
      union all
      select attribute.atttypid
      from pg_catalog.pg_attribute as attribute
      where attribute.attrelid = type.typrelid
      and attribute.attnum > 0
      and not attribute.attisdropped
    ) as next (oid)
    where next.oid <> 0
  ),
  class as (
    select class.*, namespace.nspname || '.' || class.relname as name
    from pg_catalog.pg_class as class
    join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
    where class.oid in (select own_class.oid from own_class)
    or class.oid in (select type.typrelid from reached join named_type as type on type.oid = reached.oid and not type.is_builtin)
  ),
  attribute as not materialized (
    select attribute.*
    from pg_catalog.pg_attribute as attribute
    where attribute.attnum > 0
    and not attribute.attisdropped
  )

  select 'schema ' || schema.name as object, pg_catalog.jsonb_build_array(
    pg_catalog.has_schema_privilege(schema.oid, 'usage'),
    pg_catalog.obj_description(schema.oid, 'pg_namespace')
  )::text as facts
  from schema

  union all
  select 'table ' || class.name, pg_catalog.jsonb_build_array(
    class.relkind, class.relpersistence, class.relispartition,
    class.relkind <> 'c' and pg_catalog.has_table_privilege(class.oid, 'select'),
    class.relkind <> 'c' and pg_catalog.has_table_privilege(class.oid, 'insert'),
    class.relkind <> 'c' and pg_catalog.has_table_privilege(class.oid, 'update'),
    class.relkind <> 'c' and pg_catalog.has_table_privilege(class.oid, 'delete'),
    (select pg_catalog.jsonb_agg(attribute.attname order by attribute.attnum) from attribute where attribute.attrelid = class.oid),
    (
      select pg_catalog.jsonb_agg(namespace.nspname || '.' || parent.relname order by inherits.inhseqno)
      from pg_catalog.pg_inherits as inherits
      join pg_catalog.pg_class as parent on parent.oid = inherits.inhparent
      join pg_catalog.pg_namespace as namespace on namespace.oid = parent.relnamespace
      where inherits.inhrelid = class.oid
    ),
    exists (
      select from pg_catalog.pg_depend as depend
      where depend.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and depend.objid = class.oid and depend.deptype = 'e'
    ),
    pg_catalog.obj_description(class.oid, 'pg_class')
  )::text
  from class

  union all
  select 'column ' || class.name || '.' || attribute.attname, pg_catalog.jsonb_build_array(
    type.name, attribute.atttypmod, attribute.attndims, attribute.attnotnull,
    attribute.atthasdef, attribute.attidentity, attribute.attgenerated,
    class.relkind <> 'c' and pg_catalog.has_column_privilege(class.oid, attribute.attnum, 'select'),
    class.relkind <> 'c' and pg_catalog.has_column_privilege(class.oid, attribute.attnum, 'insert'),
    class.relkind <> 'c' and pg_catalog.has_column_privilege(class.oid, attribute.attnum, 'update'),
    pg_catalog.col_description(class.oid, attribute.attnum)
  )::text
  from class
  join attribute on attribute.attrelid = class.oid
  join named_type as type on type.oid = attribute.atttypid

  union all
  select 'constraint ' || class.name || '.' || con.conname, pg_catalog.jsonb_build_array(
    con.contype,
    (
      select pg_catalog.jsonb_agg(attribute.attname order by key.place)
      from pg_catalog.unnest(con.conkey) with ordinality as key (number, place)
      join attribute on attribute.attrelid = con.conrelid and attribute.attnum = key.number
    ),
    (
      select namespace.nspname || '.' || target.relname
      from pg_catalog.pg_class as target
      join pg_catalog.pg_namespace as namespace on namespace.oid = target.relnamespace
      where target.oid = con.confrelid
    ),
    (
      select pg_catalog.jsonb_agg(attribute.attname order by key.place)
      from pg_catalog.unnest(con.confkey) with ordinality as key (number, place)
      join attribute on attribute.attrelid = con.confrelid and attribute.attnum = key.number
    ),
    pg_catalog.obj_description(con.oid, 'pg_constraint')
  )::text
  from class
  join pg_catalog.pg_constraint as con on con.conrelid = class.oid
  -- PostgreSQL 18 lists "not null" here, too.
  where con.contype in ('p', 'u', 'f', 'c', 'x')

  union all
  select 'function ' || function.signature, pg_catalog.jsonb_build_array(
    result.name, function.proretset, function.provolatile, function.proisstrict, function.prokind,
    function.proargnames, function.proargmodes, function.pronargs, function.pronargdefaults, function.provariadic <> 0,
    (
      select pg_catalog.jsonb_agg(type.name order by argument.place)
      from pg_catalog.unnest(function.proallargtypes) with ordinality as argument (type, place)
      join named_type as type on type.oid = argument.type
    ),
    pg_catalog.has_function_privilege(function.oid, 'execute'),
    exists (
      select from pg_catalog.pg_depend as depend
      where depend.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and depend.objid = function.oid and depend.deptype = 'e'
    ),
    pg_catalog.obj_description(function.oid, 'pg_proc')
  )::text
  from own_function as function
  join named_type as result on result.oid = function.prorettype

  union all
  select 'type ' || type.name, pg_catalog.jsonb_build_array(
    type.typtype, type.typcategory, type.typdelim, type.typnotnull, type.typtypmod, type.typndims, type.typdefault,
    (select element.name from named_type as element where element.oid = type.typelem),
    (select base.name from named_type as base where base.oid = type.typbasetype),
    (
      select pg_catalog.jsonb_agg(subtype.name order by subtype.name)
      from pg_catalog.pg_range as range
      join named_type as subtype on subtype.oid = range.rngsubtype
      where type.oid in (range.rngtypid, range.rngmultitypid)
    ),
    (
      select pg_catalog.jsonb_agg(label.enumlabel order by label.enumsortorder)
      from pg_catalog.pg_enum as label
      where label.enumtypid = type.oid
    ),
    (
      select pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_array(con.conname, pg_catalog.obj_description(con.oid, 'pg_constraint'))
        order by con.conname
      )
      from pg_catalog.pg_constraint as con
      where con.contypid = type.oid
      and con.contype = 'c'
    ),
    pg_catalog.obj_description(type.oid, 'pg_type')
  )::text
  from reached
  join named_type as type on type.oid = reached.oid
  where not type.is_builtin`;

/** The planner expects much of the catalog: compiling the query would take a second, running it takes milliseconds. */
const settings = { ...nobody, jit: 'off' };

/** Looks at the shape: one query in a transaction of nobody's, which sees the catalog and no row. */
export async function readShape(withTransaction: FencedTransaction): Promise<Shape> {
  const { rows } = await withTransaction(settings, (client) =>
    client.query<{ object: string; facts: string }>({ text: objects }),
  );
  return Object.fromEntries(
    [...rows]
      .sort((one, other) => (one.object < other.object ? -1 : 1))
      .map(({ object, facts }) => [object, createHash('sha256').update(facts).digest('hex')]),
  );
}

/** The objects that are in one shape only, or differ. */
export const differences = (one: Shape, other: Shape): string[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((object) => one[object] !== other[object]).sort();
