/** What a comparison reads beyond the catalog, as SQL. `$1` are names of schemas, unless a query says otherwise; the search path is empty. Who prints it sorts it. */

const meant = `
with meant as materialized (
  select oid, nspname, nspacl, nspowner from pg_catalog.pg_namespace where nspname = any ($1)
),
relations as materialized (
  select class.*, format('%I.%I', nspname, relname) as identity
  from pg_catalog.pg_class as class
  join meant on meant.oid = relnamespace
  where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
)`;

/** As text, so that the collation of the database does not decide the order. */
const byName = 'collate "C"';

const granted = `select kind, object, "column", lower(privilege_type) as privilege, is_grantable as grantable,
  case grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(grantee)::text end as grantee`;

const describe = `cross join lateral pg_catalog.pg_identify_object(classoid, objoid, objsubid)`;

export const queries = {
  columns: `${meant}
    select identity as table, attname::text as name,
      case when attgenerated = 's' then 'stored' when attgenerated = 'v' then 'virtual'
        when attidentity = 'a' then 'identity always' when attidentity = 'd' then 'identity by default' end as made,
      case when attcollation <> typcollation then attcollation::regcollation::text end as collation
    from relations
    join pg_catalog.pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
    join pg_catalog.pg_type as type on type.oid = atttypid`,

  parents: `${meant}
    select identity as table, concat_ws(' ', inhparent::regclass::text, pg_catalog.pg_get_expr(relpartbound, relations.oid)) as parent
    from pg_catalog.pg_inherits join relations on relations.oid = inhrelid order by inhseqno`,

  /** `$1` are the functions. */
  bodies: `
    select oid::regprocedure::text as name, proleakproof as leakproof, proisstrict as strict,
      coalesce(pg_catalog.pg_get_function_sqlbody(oid), prosrc) as body
    from pg_catalog.pg_proc where oid = any ($1::text[]::regprocedure[])`,

  fires: `${meant}
    select identity as table, tgname::text as name,
      case tgenabled when 'O' then 'origin' when 'R' then 'replica' when 'A' then 'always' else 'disabled' end as fires
    from pg_catalog.pg_trigger join relations on relations.oid = tgrelid`,

  grants: `${meant} ${granted}
    from (
      select 'schema' as kind, format('%I', nspname) as object, null::text as "column", nspowner as owner,
        coalesce(nspacl, acldefault('n', nspowner)) as acl from meant
      union all
      select 'table', identity, null, relowner, coalesce(relacl, acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner))
      from relations
      union all
      select 'column', identity, format('%I', attname), relowner, attacl
      from relations join pg_catalog.pg_attribute on attrelid = relations.oid and attnum > 0 and not attisdropped
      union all
      select 'type', format_type(type.oid, null), null, typowner, coalesce(typacl, acldefault('T', typowner))
      from pg_catalog.pg_type as type
      join meant on meant.oid = typnamespace
      left join pg_catalog.pg_class as class on class.oid = typrelid
      where typtype in ('d', 'e', 'r') or (typtype = 'c' and class.relkind = 'c')
    ) as object
    cross join lateral aclexplode(acl)
    where grantee <> owner`,

  /** `$1` are the functions. */
  functionGrants: `${granted}
    from (
      select 'function' as kind, oid::regprocedure::text as object, null as "column", proowner as owner,
        coalesce(proacl, acldefault('f', proowner)) as acl
      from pg_catalog.pg_proc where oid = any ($1::text[]::regprocedure[])
    ) as object
    cross join lateral aclexplode(acl)
    where grantee <> owner`,

  defaults: `
    with entries as (
      select defaclrole as role, pg_catalog.pg_get_userbyid(defaclrole)::text as owner, pg_catalog.quote_ident(nspname) as schema, defaclacl as acl,
        case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
          when 'n' then 'schemas' else 'large objects' end as kind,
        /* Those of a schema only add; the others stand for what PostgreSQL grants by itself. */
        case when defaclnamespace = 0 then acldefault(case defaclobjtype when 'S' then 's' else defaclobjtype end, defaclrole) end as usual
      from pg_catalog.pg_default_acl
      left join pg_catalog.pg_namespace as namespace on namespace.oid = defaclnamespace
      where defaclnamespace = 0 or nspname = any ($1)
    )
    select owner, schema, kind, lower(privilege_type) as privilege, is_grantable as grantable, revoked,
      case grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(grantee)::text end as grantee
    from entries
    cross join lateral (
      select *, false as revoked from aclexplode(acl) as given
      where not exists (select from aclexplode(usual) as it where (it.grantee, it.privilege_type) = (given.grantee, given.privilege_type))
      union all
      select *, true from aclexplode(usual) as given
      where not exists (select from aclexplode(acl) as it where (it.grantee, it.privilege_type) = (given.grantee, given.privilege_type))
    ) as entry
    where grantee <> role`,

  /** `$1` are the roles. Before 16 a membership had no options: it inherits if the member does, and the member may become the role. */
  roles: `
    with recursive reached as (
      select oid from pg_catalog.pg_roles where rolname = any ($1)
      union
      select roleid from pg_catalog.pg_auth_members join reached on member = reached.oid
    )
    select rolname::text as name, rolsuper as superuser, rolbypassrls as "bypassRls", rolcanlogin as login, rolinherit as inherit,
      rolcreaterole as "createRole", rolcreatedb as "createDatabase", rolreplication as replication,
      array(
        select setting from pg_catalog.pg_db_role_setting cross join lateral unnest(setconfig) as setting
        where setrole = role.oid
        and setdatabase in (0, (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database()))
        order by setting ${byName}
      ) as settings,
      coalesce((
        select json_agg(json_build_object('role', granted, 'inherit', inherit, 'set', may_set, 'admin', admin) order by granted ${byName})
        from (
          select pg_catalog.pg_get_userbyid(roleid)::text as granted, bool_or(admin_option) as admin,
            bool_or(coalesce((to_jsonb(membership) ->> 'inherit_option')::boolean, role.rolinherit)) as inherit,
            bool_or(coalesce((to_jsonb(membership) ->> 'set_option')::boolean, true)) as may_set
          from pg_catalog.pg_auth_members as membership where member = role.oid group by roleid
        ) as memberships
      ), '[]') as "memberOf"
    from pg_catalog.pg_roles as role where oid in (select oid from reached) order by rolname ${byName}`,

  rules: `${meant}
    select identity as table, rulename::text as name, ev_enabled <> 'D' as enabled, pg_catalog.pg_get_ruledef(rule.oid) as definition
    from pg_catalog.pg_rewrite as rule join relations on relations.oid = ev_class
    where rulename <> '_RETURN'`,

  domains: `${meant}
    select format_type(type.oid, null) as name, pg_catalog.pg_get_userbyid(typowner)::text as owner,
      format_type(typbasetype, typtypmod) as type, typnotnull as "notNull", typdefault as default,
      array(
        select pg_catalog.pg_get_constraintdef(oid) from pg_catalog.pg_constraint where contypid = type.oid and contype = 'c' order by conname
      ) as constraints
    from pg_catalog.pg_type as type join meant on meant.oid = typnamespace where typtype = 'd'`,

  comments: `${meant}
    select type as kind, identity as object, description as comment
    from pg_catalog.pg_description ${describe}
    where (classoid = 'pg_catalog.pg_namespace'::regclass and objoid in (select oid from meant))
    or (classoid = 'pg_catalog.pg_class'::regclass and objoid in (select oid from relations))
    or (classoid = 'pg_catalog.pg_policy'::regclass
      and objoid in (select oid from pg_catalog.pg_policy where polrelid in (select oid from relations)))
    or (classoid = 'pg_catalog.pg_trigger'::regclass
      and objoid in (select oid from pg_catalog.pg_trigger where tgrelid in (select oid from relations)))
    or (classoid = 'pg_catalog.pg_constraint'::regclass
      and objoid in (select oid from pg_catalog.pg_constraint where conrelid in (select oid from relations)))
    or (classoid = 'pg_catalog.pg_type'::regclass
      and objoid in (select oid from pg_catalog.pg_type where typnamespace in (select oid from meant)))`,

  /** `$1` are the functions. */
  functionComments: `
    select type as kind, identity as object, description as comment
    from pg_catalog.pg_description ${describe}
    where classoid = 'pg_catalog.pg_proc'::regclass and objoid = any ($1::text[]::regprocedure[])`,
};
