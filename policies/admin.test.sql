/* Proves that the schema admin is for administrators only, and that what it explains is so. C-30, T-14 */
\ir testing/scene.sql

select plan(14);

/* Nobody is let in. */
select schema_privs_are('admin', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('admin', 'public', array[]::text[]);
select is_empty(
  $$
    select proc.oid::regprocedure, entry.grantee
    from pg_proc as proc
    cross join lateral aclexplode(coalesce(proc.proacl, acldefault('f', proc.proowner))) as entry
    where proc.pronamespace = 'admin'::regnamespace
    and entry.grantee <> proc.proowner
  $$,
  'no function is executable by anybody but the owner'
);
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace = 'admin'::regnamespace
    and (has_function_privilege('hedgerow_visitor', oid, 'execute') or prosecdef)
  $$,
  'not by the visitor, and none has more rights than who calls it'
);
select is_empty($$select from pg_class where relnamespace = 'admin'::regnamespace$$, 'there is nothing but functions');
select sign_in('bob');
select throws_ok(
  $$select * from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')$$,
  '42501',
  'permission denied for schema admin',
  'bob cannot ask'
);

/* Were the grants ever given, it would tell bob no more than the tables do. */
select step_out();
grant usage on schema admin to hedgerow_visitor;
grant execute on all functions in schema admin to hedgerow_visitor;
select sign_in('bob');
select throws_ok(
  $$select * from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')$$,
  '42501',
  'hedgerow_visitor does not see every row of app_public.tasks.',
  'nor would he learn of alice''s task'
);
select be_owner_of('app_public.tasks');
select throws_ok(
  $$select * from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')$$,
  '42501',
  null,
  'nor does the owner of the table'
);

/* What it says is what happens. */
select step_out();
select results_eq(
  $$
    select value from admin.explain_access('bob', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')
    where part in ('clause', 'operand', 'verdict')
  $$,
  array['false', 'alice', 'bob', 'hidden'],
  'bob does not see alice''s task, because he is not she'
);
select is(current_user::text, session_user::text, 'who asked is who they were');
select is(current_setting('jwt.claims.sub', true), '', 'and speaks for nobody');
select sign_in('bob');
select is_empty($$select from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$, 'so it is');
select step_out();
select results_eq(
  $$
    select value from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')
    where part = 'verdict'
  $$,
  array['visible'],
  'alice does'
);
select sign_in('alice');
select results_eq(
  $$select title from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$,
  array['Alice plants'],
  'and that is so too'
);

select step_out();
select * from finish();
rollback;
