/**
 * What a database says of who may do what: relations, policies, functions, triggers, constraints, indexes, grants. Read from the catalog as
 * plain objects, for the schemas that are meant and the functions that these rest on. Every name is qualified and quoted where it must be.
 */
import type { ClientBase } from 'pg';

export type Column = {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  /** Computed by the database, or numbered by it (`generated … as identity`): not to be written. */
  generated: boolean;
  identity: boolean;
};

export type Relation = {
  /** Such as `app_public.tasks`; likewise everywhere below. */
  name: string;
  schema: string;
  kind: 'table' | 'view' | 'materialized view' | 'foreign table' | 'sequence';
  owner: string;
  rowSecurity: boolean;
  forced: boolean;
  /** Such as `security_invoker=true`. */
  options: string[];
  /** The query of a view. */
  query: string | null;
  columns: Column[];
};

export type PolicyCommand = 'all' | 'select' | 'insert' | 'update' | 'delete';

export type Policy = {
  table: string;
  name: string;
  command: PolicyCommand;
  permissive: boolean;
  /** `public` for everybody. */
  roles: string[];
  using: string | null;
  check: string | null;
};

export type SqlFunction = {
  /** With the types of its arguments: `app_hidden.new_id()`. */
  name: string;
  schema: string;
  owner: string;
  kind: 'function' | 'procedure';
  language: string;
  returns: string;
  volatility: 'immutable' | 'stable' | 'volatile';
  definer: boolean;
  /** Such as `search_path=""`. */
  settings: string[];
  /** The whole `create or replace function`. */
  definition: string;
};

export type Trigger = { table: string; name: string; function: string; enabled: boolean; definition: string };

export type Constraint = {
  table: string;
  name: string;
  type: 'primary key' | 'unique' | 'foreign key' | 'exclusion' | 'check';
  columns: string[];
  /** The table that a foreign key names. */
  references: string | null;
  definition: string;
};

/** An index that no constraint made. */
export type Index = { table: string; name: string; unique: boolean; definition: string };

export type Grant = {
  kind: 'schema' | 'table' | 'column' | 'function' | 'type';
  object: string;
  column: string | null;
  grantee: string;
  /** In small letters. */
  privilege: string;
};

export type DefaultGrant = { owner: string; schema: string | null; kind: string; grantee: string; privilege: string };

export type Catalog = {
  schemas: string[];
  relations: Relation[];
  policies: Policy[];
  functions: SqlFunction[];
  triggers: Trigger[];
  constraints: Constraint[];
  indexes: Index[];
  grants: Grant[];
  defaultGrants: DefaultGrant[];
};

/** The schemas that are meant; the relations in them, but those of an extension; the functions in them, and those that their policies, defaults and triggers call. */
const scope = `
with meant as materialized (
  select oid, nspname, nspacl, nspowner from pg_catalog.pg_namespace where nspname = any ($1)
),
relations as materialized (
  select class.*, format('%I.%I', nspname, relname) as identity, nspname
  from pg_catalog.pg_class as class
  join meant on meant.oid = relnamespace
  where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  and not exists (
    select from pg_catalog.pg_depend
    where classid = 'pg_catalog.pg_class'::regclass and objid = class.oid and deptype = 'e'
  )
),
functions as materialized (
  select proc.*, nspname, proc.oid::regprocedure::text as identity
  from pg_catalog.pg_proc as proc
  join pg_catalog.pg_namespace as namespace on namespace.oid = pronamespace
  where prokind in ('f', 'p')
  and nspname not in ('pg_catalog', 'information_schema')
  and not exists (
    select from pg_catalog.pg_depend
    where classid = 'pg_catalog.pg_proc'::regclass and objid = proc.oid and deptype = 'e'
  )
  and (
    pronamespace in (select oid from meant)
    or proc.oid in (
      select refobjid from pg_catalog.pg_depend as depend
      where refclassid = 'pg_catalog.pg_proc'::regclass
      and (
        (classid = 'pg_catalog.pg_policy'::regclass and objid in (select oid from pg_catalog.pg_policy where polrelid in (select oid from relations)))
        or (classid = 'pg_catalog.pg_attrdef'::regclass and objid in (select oid from pg_catalog.pg_attrdef where adrelid in (select oid from relations)))
        or (classid = 'pg_catalog.pg_trigger'::regclass and objid in (select oid from pg_catalog.pg_trigger where tgrelid in (select oid from relations)))
      )
    )
  )
)`;

const granteeName = `case grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(grantee)::text end`;

const queries: { readonly [Part in keyof Omit<Catalog, 'schemas'>]: string } = {
  relations: `
    select identity as name, nspname::text as schema, pg_catalog.pg_get_userbyid(relowner)::text as owner,
      case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' when 'S' then 'sequence' else 'table' end as kind,
      relrowsecurity as "rowSecurity", relforcerowsecurity as forced, coalesce(reloptions, '{}') as options,
      case when relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(relations.oid) end as query,
      coalesce((
        select json_agg(json_build_object(
          'name', attname, 'type', pg_catalog.format_type(atttypid, atttypmod), 'notNull', attnotnull, 'generated', attgenerated <> '',
          'identity', attidentity <> '', 'default', pg_catalog.pg_get_expr(adbin, adrelid)) order by attnum)
        from pg_catalog.pg_attribute
        left join pg_catalog.pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = relations.oid and attnum > 0 and not attisdropped and relkind <> 'S'
      ), '[]') as columns
    from relations order by 1`,

  policies: `
    select identity as table, polname::text as name, polpermissive as permissive,
      case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
      (select array_agg(case role when 0 then 'public' else pg_catalog.pg_get_userbyid(role)::text end order by 1) from unnest(polroles) as role) as roles,
      pg_catalog.pg_get_expr(polqual, polrelid) as using, pg_catalog.pg_get_expr(polwithcheck, polrelid) as check
    from pg_catalog.pg_policy join relations on relations.oid = polrelid order by 1, 2`,

  functions: `
    select identity as name, nspname::text as schema, pg_catalog.pg_get_userbyid(proowner)::text as owner,
      case prokind when 'p' then 'procedure' else 'function' end as kind, lanname::text as language,
      coalesce(pg_catalog.pg_get_function_result(functions.oid), 'void') as returns,
      case provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      prosecdef as definer, coalesce(proconfig, '{}') as settings, pg_catalog.pg_get_functiondef(functions.oid) as definition
    from functions join pg_catalog.pg_language as language on language.oid = prolang order by 1`,

  triggers: `
    select identity as table, tgname::text as name, tgfoid::regprocedure::text as function, tgenabled <> 'D' as enabled,
      pg_catalog.pg_get_triggerdef(trigger.oid) as definition
    from pg_catalog.pg_trigger as trigger join relations on relations.oid = tgrelid
    where not tgisinternal order by 1, 2`,

  constraints: `
    select identity as table, conname::text as name,
      case contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'x' then 'exclusion' else 'check' end as type,
      (select coalesce(array_agg(attname::text order by place), '{}') from unnest(conkey) with ordinality as key (number, place)
       join pg_catalog.pg_attribute on attrelid = conrelid and attnum = number) as columns,
      nullif(confrelid, 0)::regclass::text as references, pg_catalog.pg_get_constraintdef(con.oid) as definition
    from pg_catalog.pg_constraint as con join relations on relations.oid = conrelid
    where contype in ('p', 'u', 'f', 'x', 'c') order by 1, 2`,

  indexes: `
    select identity as table, index.indexrelid::regclass::text as name, indisunique as unique, pg_catalog.pg_get_indexdef(index.indexrelid) as definition
    from pg_catalog.pg_index as index join relations on relations.oid = indrelid
    where not exists (select from pg_catalog.pg_constraint where conindid = indexrelid and conrelid = indrelid) order by 1, 2`,

  grants: `
    select kind, object, "column", ${granteeName} as grantee, lower(privilege_type) as privilege
    from (
      select 'schema' as kind, format('%I', nspname) as object, null::text as "column", nspowner as owner, coalesce(nspacl, acldefault('n', nspowner)) as acl from meant
      union all
      select 'table', identity, null, relowner, coalesce(relacl, acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner)) from relations
      union all
      select 'column', identity, format('%I', attname), relowner, attacl
      from relations join pg_catalog.pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
      union all
      select 'function', identity, null, proowner, coalesce(proacl, acldefault('f', proowner)) from functions
      union all
      select 'type', format_type(type.oid, null), null, typowner, typacl
      from pg_catalog.pg_type as type join meant on meant.oid = typnamespace where typacl is not null
    ) as granted
    cross join lateral aclexplode(acl)
    where grantee <> owner order by 1, 2, 3, 4, 5`,

  defaultGrants: `
    select pg_catalog.pg_get_userbyid(defaclrole)::text as owner, nspname::text as schema, ${granteeName} as grantee, lower(privilege_type) as privilege,
      case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' else 'schemas' end as kind
    from pg_catalog.pg_default_acl
    left join pg_catalog.pg_namespace as namespace on namespace.oid = defaclnamespace
    cross join lateral aclexplode(defaclacl)
    where grantee <> defaclrole and (defaclnamespace = 0 or nspname = any ($1)) order by 1, 2, 3, 4, 5`,
};

/**
 * Reads the catalog of these schemas. In a transaction, what it has changed so far is seen.
 * @param schemas those of them that do not exist are passed over
 */
export async function readCatalog(client: ClientBase, schemas: readonly string[]): Promise<Catalog> {
  const { rows } = await client.query<{ before: string }>("select pg_catalog.current_setting('search_path') as before");
  // So that PostgreSQL qualifies every name that it prints.
  await client.query("select pg_catalog.set_config('search_path', '', false)");
  try {
    const catalog: Record<string, unknown> = {};
    for (const [part, query] of Object.entries(queries)) {
      catalog[part] = (await client.query(scope + query, [schemas])).rows;
    }
    return { schemas: [...schemas], ...catalog } as Catalog;
  } finally {
    await client.query("select pg_catalog.set_config('search_path', $1, false)", [rows[0]!.before]);
  }
}
