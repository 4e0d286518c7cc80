/* Proves admin.sql: all that administrators may, and that nobody else is let in. What they see: inspection.test.sql. C-04, C-30, T-14, T-15 */
\ir testing/scene.sql

select plan(21);

/* The closed world: who is let into the schema, and into what. */
select schema_privs_are('admin', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('admin', 'public', array[]::text[]);
select schema_privs_are('admin', 'hedgerow_admin', array['USAGE']);
select is_empty(
  $$
    select proc.oid::regprocedure::text, entry.grantee::regrole
    from pg_proc as proc
    cross join lateral aclexplode(coalesce(proc.proacl, acldefault('f', proc.proowner))) as entry
    where proc.pronamespace = 'admin'::regnamespace
    and entry.grantee not in (proc.proowner, 'hedgerow_admin'::regrole)
    union all
    select class.oid::regclass::text, entry.grantee::regrole
    from pg_class as class
    cross join lateral aclexplode(class.relacl) as entry
    where class.relnamespace = 'admin'::regnamespace
    and entry.grantee not in (class.relowner, 'hedgerow_admin'::regrole)
  $$,
  'nothing in it is granted to anybody but the owner and administrators'
);
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace = 'admin'::regnamespace
    and (not has_function_privilege('hedgerow_admin', oid, 'execute') or prosecdef)
  $$,
  'administrators may call each function, and none has more rights than who calls it'
);
select views_are(
  'admin',
  array[
    'access_matrix',
    'index_health',
    'locks',
    'migrations',
    'policies',
    'sessions',
    'slow_statements',
    'table_growth',
    'task_stats',
    'users'
  ],
  'these are its views'
);
select results_eq(
  $$select oid::regclass::text from pg_class where relnamespace = 'admin'::regnamespace and relkind not in ('v', 'c', 'i')$$,
  array['admin.erasures'],
  'there is nothing but views and functions, and one table of notes'
);
select is_empty(
  $$
    select oid::regclass from pg_class
    where relnamespace = 'admin'::regnamespace
    and relkind = 'v'
    and not coalesce(reloptions @> array['security_invoker=true'], false)
  $$,
  'each view shows what who asks may see'
);
select is_empty(
  $$
    select class.oid::regclass, attribute.attname
    from pg_class as class
    join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0
    where class.relnamespace = 'admin'::regnamespace
    and class.relkind in ('v', 'r')
    and (obj_description(class.oid, 'pg_class') is null or col_description(class.oid, attribute.attnum) is null)
  $$,
  'each view and each column says what it is'
);

/* The role: all that it may, in the whole database. */
select results_eq(
  $$
    select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
    from pg_roles where rolname = 'hedgerow_admin'
  $$,
  $$values (false, false, false, false, false, false)$$,
  'it has no power of its own, and goes past no policy'
);
select is_empty(
  $$
    select roleid::regrole from pg_auth_members
    where member = 'hedgerow_admin'::regrole
    and roleid <> 'pg_read_all_stats'::regrole
  $$,
  'it is a member of nothing but of those who see what the server is doing'
);
select ok(not pg_has_role('hedgerow_admin', 'hedgerow_visitor', 'member'), 'so an administrator cannot become the visitor, who writes');
select ok(not pg_has_role('hedgerow_visitor', 'hedgerow_admin', 'member'), 'nor the visitor an administrator');
select is_empty(
  $$select classid::regclass, objid from pg_shdepend where refobjid = 'hedgerow_admin'::regrole and deptype = 'o'$$,
  'it owns nothing'
);
select results_eq(
  $$
    select class.oid::regclass::text
    from pg_class as class
    where class.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and class.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'tap', 'extensions', 'admin')
    and class.relpersistence <> 't'
    and has_schema_privilege('hedgerow_admin', class.relnamespace, 'usage')
    and (
      case
        when class.relkind = 'S' then has_sequence_privilege('hedgerow_admin', class.oid, 'usage, select, update')
        else has_any_column_privilege('hedgerow_admin', class.oid, 'select')
      end
    )
    order by class.oid::regclass::text collate "C"
  $$,
  array['app_hidden.deleted_users', 'app_public.task_history', 'app_public.tasks', 'app_public.users', 'graphile_migrate.migrations'],
  'it reads these tables: a new one gets its policy, and its name in this list'
);
select results_eq(
  $$
    select class.oid::regclass::text, privilege.name
    from pg_class as class
    cross join (values ('insert'), ('update'), ('delete'), ('truncate'), ('references'), ('trigger')) as privilege (name)
    where class.relkind in ('r', 'p', 'v', 'm', 'f')
    and class.relpersistence <> 't'
    and (
      has_table_privilege('hedgerow_admin', class.oid, privilege.name)
      or (
        privilege.name in ('insert', 'update', 'references')
        and has_any_column_privilege(
          'hedgerow_admin',
          class.oid,
          case when privilege.name in ('insert', 'update', 'references') then privilege.name else 'select' end
        )
      )
    )
  $$,
  $$values ('pg_settings', 'update')$$,
  'it may write to no table and no view, but set the settings of its own session'
);
select is_empty(
  $$
    select nspname, privilege.name
    from pg_namespace
    cross join (values ('create')) as privilege (name)
    where nspname !~ '^pg_(toast_)?temp_'
    and has_schema_privilege('hedgerow_admin', oid, privilege.name)
  $$,
  'it may make nothing in any schema'
);
select ok(not has_database_privilege('hedgerow_admin', current_database(), 'create'), 'nor a schema');
select is_empty(
  $$select spcname from pg_tablespace where has_tablespace_privilege('hedgerow_admin', oid, 'create')$$,
  'nor a file in a tablespace'
);
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where proname in ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import')
    and (has_function_privilege('hedgerow_admin', oid, 'execute') or has_function_privilege('hedgerow_visitor', oid, 'execute'))
  $$,
  'nor a large object, which no user may make either'
);
select is_empty(
  $$
    select proc.oid::regprocedure
    from pg_proc as proc
    where (proc.provolatile = 'v' or proc.prosecdef)
    and proc.pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'tap', 'extensions', 'admin')
    and has_schema_privilege('hedgerow_admin', proc.pronamespace, 'usage')
    and has_function_privilege('hedgerow_admin', proc.oid, 'execute')
  $$,
  'nor call anything that could write for it'
);

select * from finish();
rollback;
