/**
 * What the database itself says of roles and relations, memberships counted in: privileges, whom row-level security binds, what views rest on.
 * The catalog as objects has grants as they were written; here PostgreSQL answers for a role.
 */
import type { ClientBase } from 'pg';
import { readCatalog, type Catalog, type Policy, type Relation } from '../catalog.ts';

export type ForeignKey = {
  table: string;
  columns: string[];
  target: string;
  targetColumns: string[];
  required: boolean;
};

export type RelationFacts = {
  partition: boolean;
  /** Of a view, as pg_relation_is_updatable says: 4 update, 8 insert, 16 delete. */
  updatable: number;
  /** Whether triggers stand in for writes of a view. */
  instead: boolean;
  /** The relations that a view names, with the columns that it uses. */
  bases: { name: string; columns: string[] }[];
  /** Columns that no value can be given to: generated, numbered always, computed by a view. */
  fixed: string[];
};

type Privileges = {
  schema: boolean;
  relation: Record<string, boolean>;
  columns: Record<string, Record<string, boolean>> | null;
  /** Whether it passes row-level security for a reason of its own: superuser or bypassrls; or, unless forced, as owner. */
  bypass: boolean;
  owner: boolean;
};

export type Facts = {
  catalog: Catalog;
  foreignKeys: ForeignKey[];
  /** Of a relation of the catalog. */
  relation(name: string): Relation;
  of(name: string): RelationFacts;
  policiesOf(name: string): Policy[];
  may(role: string, relation: string, privilege: string, column?: string): boolean;
  isBound(role: string, relation: string): boolean;
  /** Whether a policy for these roles is one for this role. */
  applies(role: string, roles: readonly string[]): boolean;
};

const foreignKeysQuery = `
  select format('%I.%I', n.nspname, c.relname) as table, format('%I.%I', fn.nspname, fc.relname) as target,
    array(select attname::text from unnest(conkey) with ordinality as key (number, place)
      join pg_catalog.pg_attribute on attrelid = conrelid and attnum = number order by place) as columns,
    array(select attname::text from unnest(confkey) with ordinality as key (number, place)
      join pg_catalog.pg_attribute on attrelid = confrelid and attnum = number order by place) as "targetColumns",
    (select bool_and(attnotnull) from pg_catalog.pg_attribute where attrelid = conrelid and attnum = any (conkey)) as required
  from pg_catalog.pg_constraint as con
  join pg_catalog.pg_class as c on c.oid = conrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  join pg_catalog.pg_class as fc on fc.oid = confrelid
  join pg_catalog.pg_namespace as fn on fn.oid = fc.relnamespace
  where contype = 'f'
  order by 1, conname`;

const relationsQuery = `
  select given.name, relispartition as partition, case relkind when 'v' then pg_catalog.pg_relation_is_updatable(class.oid, true) else 0 end as updatable,
    exists (select from pg_catalog.pg_trigger where tgrelid = class.oid and tgtype & 64 > 0) as instead,
    array(select attname::text from pg_catalog.pg_attribute
      where attrelid = class.oid and attnum > 0 and (attgenerated <> '' or attidentity = 'a'
        or (class.relkind = 'v' and not pg_catalog.pg_column_is_updatable(class.oid, attnum, true)))) as fixed,
    coalesce((
      select json_agg(json_build_object('name', name, 'columns', columns) order by name)
      from (
        select format('%I.%I', nspname, base.relname) as name,
          coalesce(array_agg(attname::text order by attnum) filter (where attname is not null), '{}') as columns
        from pg_catalog.pg_rewrite as rule
        join pg_catalog.pg_depend as depend on classid = 'pg_catalog.pg_rewrite'::regclass and objid = rule.oid
        join pg_catalog.pg_class as base on refclassid = 'pg_catalog.pg_class'::regclass and base.oid = refobjid
        join pg_catalog.pg_namespace as namespace on namespace.oid = base.relnamespace
        left join pg_catalog.pg_attribute on attrelid = base.oid and attnum = refobjsubid and refobjsubid > 0
        where rule.ev_class = class.oid and base.oid <> class.oid and class.relkind in ('v', 'm')
        and base.relkind in ('r', 'p', 'v', 'm', 'f')
        group by 1
      ) as base
    ), '[]') as bases
  from unnest($1::text[]) as given (name)
  join pg_catalog.pg_class as class on class.oid = given.name::regclass`;

const asked = (names: string[], call: string) =>
  `json_build_object(${names.map((name) => `'${name}', ${call.replace('?', `'${name}'`)}`).join(', ')})`;

const privilegesQuery = `
  select role.rolname::text as role, given.name,
    has_schema_privilege(role.oid, relnamespace, 'usage') as schema,
    rolsuper or rolbypassrls as bypass, pg_has_role(role.oid, relowner, 'usage') as owner,
    case when relkind = 'S' then ${asked(['usage', 'update'], 'has_sequence_privilege(role.oid, class.oid, ?)')}
    else ${asked(['select', 'insert', 'update', 'delete', 'truncate'], 'has_table_privilege(role.oid, class.oid, ?)')} end as relation,
    (select json_object_agg(attname, ${asked(['select', 'insert', 'update'], 'has_column_privilege(role.oid, class.oid, attnum, ?)')})
     from pg_catalog.pg_attribute where attrelid = class.oid and attnum > 0 and not attisdropped and relkind <> 'S') as columns
  from unnest($1::text[]) as given (name)
  join pg_catalog.pg_class as class on class.oid = given.name::regclass
  cross join (select * from pg_catalog.pg_roles where rolname = any ($2)) as role`;

/** Reads the facts about the relations of these schemas, and of the schemas that these refer to, for these roles and the owners of views. */
export async function readFacts(
  client: ClientBase,
  schemas: readonly string[],
  roles: readonly string[],
): Promise<Facts> {
  const { rows: foreignKeys } = await client.query<ForeignKey>(foreignKeysQuery);
  const catalog = await readCatalog(client, await withReferenced(client, schemas));
  const names = catalog.relations.map(({ name }) => name);
  const { rows: relations } = await client.query<RelationFacts & { name: string }>(relationsQuery, [names]);
  const owners = catalog.relations.map(({ owner }) => owner);
  const { rows: privileges } = await client.query<Privileges & { role: string; name: string }>(privilegesQuery, [
    names,
    [...new Set([...roles, ...owners])],
  ]);
  const { rows: memberships } = await client.query<{ member: string; of: string }>(`
    select member.rolname::text as member, role.rolname::text as of
    from pg_catalog.pg_roles as member, pg_catalog.pg_roles as role where pg_has_role(member.oid, role.oid, 'usage')`);

  const relationByName = new Map(catalog.relations.map((relation) => [relation.name, relation]));
  const factsByName = new Map(relations.map((facts) => [facts.name, facts]));
  const privilegesByKey = new Map(privileges.map((row) => [`${row.role} ${row.name}`, row]));
  const isMember = new Set(memberships.map(({ member, of }) => `${member} ${of}`));
  return {
    catalog,
    foreignKeys,
    relation: (name) => relationByName.get(name)!,
    of: (name) => factsByName.get(name)!,
    policiesOf: (name) => catalog.policies.filter(({ table }) => table === name),
    may(role, relation, privilege, column) {
      const found = privilegesByKey.get(`${role} ${relation}`);
      if (!found?.schema) return false;
      return (column === undefined ? found.relation[privilege] : found.columns?.[column]?.[privilege]) ?? false;
    },
    isBound(role, relation) {
      const { rowSecurity, forced } = relationByName.get(relation)!;
      const { bypass, owner } = privilegesByKey.get(`${role} ${relation}`)!;
      return rowSecurity && !bypass && !(owner && !forced);
    },
    applies: (role, of) => of.some((name) => name === 'public' || isMember.has(`${role} ${name}`)),
  };
}

/** The schemas of tables that foreign keys and views of the given ones lead to, themselves among them. */
async function withReferenced(client: ClientBase, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ nspname: string }>(
    `with recursive reached as (
       select oid from pg_catalog.pg_class
       where relnamespace in (select oid from pg_catalog.pg_namespace where nspname = any ($1))
       union
       select next.oid from reached cross join lateral (
         select confrelid as oid from pg_catalog.pg_constraint where conrelid = reached.oid and contype = 'f'
         union all
         select refobjid from pg_catalog.pg_rewrite join pg_catalog.pg_depend on objid = pg_rewrite.oid
         where ev_class = reached.oid and classid = 'pg_catalog.pg_rewrite'::regclass and refclassid = 'pg_catalog.pg_class'::regclass
       ) as next
     )
     select distinct nspname::text from reached
     join pg_catalog.pg_class as class using (oid)
     join pg_catalog.pg_namespace as namespace on namespace.oid = relnamespace`,
    [schemas],
  );
  return [...new Set([...schemas, ...rows.map(({ nspname }) => nspname)])];
}
