/* Proves what holds for every object, also for those that are yet to come. C-30, C-31, T-03 */
\ir testing/scene.sql

select plan(26);

/* Schemas. */
select schema_privs_are('app_public', 'hedgerow_visitor', array['USAGE']);
select schema_privs_are('app_hidden', 'hedgerow_visitor', array['USAGE']);
select schema_privs_are('app_private', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('admin', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('app_public', 'hedgerow_admin', array['USAGE']);
select schema_privs_are('app_hidden', 'hedgerow_admin', array['USAGE']);
select schema_privs_are('app_private', 'hedgerow_admin', array[]::text[]);
select schema_privs_are('graphile_migrate', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('public', 'hedgerow_visitor', array[]::text[]);

select is_empty(
  $$
    select nspname
    from pg_namespace
    cross join lateral aclexplode(nspacl)
    where nspname ~ '^(app_|admin$|graphile_)' and grantee = 0
  $$,
  'none is open to everybody'
);

/* Tables. */
select tables_are('app_public', array['task_history', 'tasks', 'users'], 'a new table gets its policy, its tests, and its name in this list');
select tables_are('app_hidden', array['deleted_users'], 'so does one that the API does not show');
select is_empty(
  $$
    select relname from pg_class
    where relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
    and relkind in ('r', 'p')
    and not (relrowsecurity and relforcerowsecurity)
  $$,
  'row-level security is enabled and forced on every table'
);
select is_empty(
  $$
    select class.relname, class.relkind from pg_class as class
    where class.relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
    and class.relkind not in ('r', 'p', 'i', 'I', 'c')
  $$,
  'there is no view, materialized view, foreign table or sequence that could go round the policies'
);
select is_empty(
  $$
    select class.relname from pg_class as class
    where class.relnamespace = 'app_private'::regnamespace
  $$,
  'there are none in app_private'
);

/* Policies. */
select is_empty(
  $$
    select polrelid::regclass, polname from pg_policy
    where not polpermissive
    or polcmd = '*'
    or not (
      polroles = array['hedgerow_visitor'::regrole::oid]
      or (polroles = array['hedgerow_admin'::regrole::oid] and polcmd = 'r')
      or (polroles = array['hedgerow_historian'::regrole::oid] and polrelid = 'app_public.task_history'::regclass)
    )
    or (polcmd in ('r', 'w', 'd') and polqual is null)
    or (polcmd in ('a', 'w') and polwithcheck is null)
  $$,
  'every policy is permissive, for one command, for the visitor (or reading administrators, or the triggers that write the history), with all the conditions that its command has'
);
select is_empty(
  $$
    select polrelid::regclass, polcmd, polroles from pg_policy
    group by polrelid, polcmd, polroles
    having count(*) > 1
  $$,
  'no command has two policies for one role: either would do'
);

/* Keys. The owner column is the one that a policy compares with the current user: the first of the primary key. */
select is_empty(
  $$
    select con.conrelid::regclass, con.conname
    from pg_constraint as con
    join pg_constraint as primary_key on primary_key.conrelid = con.conrelid and primary_key.contype = 'p'
    where con.connamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
    and con.contype in ('p', 'u', 'f', 'x')
    and con.conkey[1] <> primary_key.conkey[1]
  $$,
  'every key starts with the owner: a clash or a reference can tell only of one''s own'
);
select is_empty(
  $$
    select index.indexrelid::regclass
    from pg_index as index
    join pg_class as class on class.oid = index.indrelid
    join pg_constraint as primary_key on primary_key.conrelid = index.indrelid and primary_key.contype = 'p'
    where class.relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
    and index.indkey[0] <> primary_key.conkey[1]
  $$,
  'every index starts with the owner'
);

/* Functions. */
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace::regnamespace::text in ('app_public', 'app_hidden', 'app_private', 'admin')
    and (proacl is null or exists (select from aclexplode(proacl) where grantee = 0))
  $$,
  'no function is executable by everybody'
);
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace = 'app_private'::regnamespace
    and has_function_privilege('hedgerow_visitor', oid, 'execute')
  $$,
  'the visitor executes nothing of app_private'
);
select results_eq(
  $$
    select oid::regprocedure::text from pg_proc
    where pronamespace::regnamespace::text in ('app_public', 'app_hidden', 'app_private')
    and has_function_privilege('hedgerow_admin', oid, 'execute')
  $$,
  array['app_hidden.current_user_id()'],
  'an administrator executes of all these what the policies ask'
);
select results_eq(
  $$
    select oid::regprocedure::text from pg_proc
    where pronamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace, 'app_private'::regnamespace)
    and prosecdef
    and proowner <> 'hedgerow_historian'::regrole
  $$,
  array['app_hidden.latest_migration()'],
  'one function runs with the rights of the schema''s owner; those that write the history have a role without any other (task_history.test.sql)'
);
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace, 'app_private'::regnamespace)
    and prosecdef
    and not coalesce('search_path=""' = any (proconfig), false)
  $$,
  'and its search path is pinned'
);

/* Words. */
select is_empty(
  $$
    select 'table ' || oid::regclass from pg_class
    where relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace) and relkind in ('r', 'p')
    and obj_description(oid, 'pg_class') is null
    union all
    select 'column ' || class.oid::regclass || '.' || attribute.attname
    from pg_class as class
    join pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0 and not attribute.attisdropped
    where class.relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace) and class.relkind in ('r', 'p')
    and col_description(class.oid, attribute.attnum) is null
    union all
    select 'function ' || oid::regprocedure from pg_proc
    where pronamespace::regnamespace::text in ('app_public', 'app_hidden', 'app_private', 'admin')
    and obj_description(oid, 'pg_proc') is null
    union all
    select 'policy ' || polname || ' of ' || polrelid::regclass from pg_policy
    where obj_description(oid, 'pg_policy') is null
    union all
    select 'constraint ' || conname from pg_constraint
    where connamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace) and contype in ('c', 'f')
    and obj_description(oid, 'pg_constraint') is null
    union all
    select 'trigger ' || tgname || ' of ' || tgrelid::regclass from pg_trigger
    where not tgisinternal and tgrelid::regclass::text ~ '^app_(public|hidden)\.'
    and obj_description(oid, 'pg_trigger') is null
    union all
    select 'schema ' || nspname from pg_namespace
    where (nspname like 'app_%' or nspname = 'admin') and obj_description(oid, 'pg_namespace') is null
  $$,
  'every object has a comment'
);
select is_empty(
  $$
    select conrelid::regclass, conname from pg_constraint
    where connamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
    and contype in ('c', 'p', 'u', 'f')
    and conname not like (conrelid::regclass::text::name || '\_%')
    and conname not like (split_part(conrelid::regclass::text, '.', 2) || '\_%')
  $$,
  'every constraint is named after its table'
);

select * from finish();
rollback;
