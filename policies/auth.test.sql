/* Proves that accounts are apart: the API's roles cannot look into the schema auth, nor its keeper anywhere else. C-15, C-30, T-12 */
\ir testing/scene.sql

/* A database where people sign in elsewhere has neither: what is tried below would fail for that reason alone. */
create schema if not exists auth;
create table if not exists auth.users (id text);

select plan(8);

/* The roles of the API: the visitor, and whoever logs in to become it. */
create view tap.api_roles as
select rolname
from pg_roles
where rolname = 'hedgerow_visitor'
or (pg_has_role(oid, 'hedgerow_visitor', 'member') and not rolsuper);

select isnt_empty('select rolname from tap.api_roles', 'the API has roles');
select is_empty(
  $$select rolname from tap.api_roles where has_schema_privilege(rolname, 'auth', 'usage, create')$$,
  'none of them may look into the schema auth'
);
select is_empty(
  $$
    select rolname, class.oid::regclass
    from tap.api_roles
    cross join pg_class as class
    where class.relnamespace = 'auth'::regnamespace
    and class.relkind in ('r', 'p', 'v', 'm', 'f')
    and has_any_column_privilege(rolname, class.oid, 'select, insert, update, references')
  $$,
  'and were the schema open, its tables would be closed'
);
select is_empty(
  $$
    select grantee::regrole
    from pg_namespace
    cross join lateral aclexplode(nspacl)
    where nspname = 'auth'
    and grantee <> nspowner
  $$,
  'the schema is granted to nobody'
);

/* Whoever owns the schema keeps accounts, and does nothing else. */
select is_empty(
  $$
    select role.rolname, room.nspname
    from pg_namespace as auth
    join pg_roles as role on role.oid = auth.nspowner and not role.rolsuper
    cross join pg_namespace as room
    where auth.nspname = 'auth'
    and room.nspname ~ '^app_'
    and has_schema_privilege(role.oid, room.oid, 'usage')
  $$,
  'the keeper of accounts may not look into the schemas of tasks'
);
select is_empty(
  $$
    select role.rolname
    from pg_namespace as auth
    join pg_roles as role on role.oid = auth.nspowner and not role.rolsuper
    where auth.nspname = 'auth'
    and (role.rolbypassrls or role.rolcreaterole or pg_has_role(role.oid, 'hedgerow_visitor', 'member'))
  $$,
  'nor become somebody who may'
);

select sign_in('alice');
select throws_ok('select from auth.users', '42501', null, 'alice cannot look at accounts');
select step_out();
select lives_ok('select from auth.users', 'which are there');

select * from finish();
rollback;
