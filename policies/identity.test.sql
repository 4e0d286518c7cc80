/* Proves identity.sql. C-13, C-30, C-35, T-02, T-04 */
\ir testing/scene.sql

select plan(13);

select is(app_hidden.current_user_id(), null, 'a fresh connection is nobody');

select set_config('jwt.claims.sub', 'auth0|Ünïcode user''s "id" \ %', true);
select is(app_hidden.current_user_id(), 'auth0|Ünïcode user''s "id" \ %', 'the subject is taken as it is');

select set_config('jwt.claims.sub', '', true);
select is(app_hidden.current_user_id(), null, 'the empty string, which is left behind by a local setting, is nobody');

select set_config('jwt.claims.email', '', true), set_config('jwt.claims.name', '', true);
select is(app_hidden.current_user_email(), null, 'an empty address is none');
select is(app_hidden.current_user_name(), null, 'an empty name is none');

/* Inlined into index conditions only if they stay plain: SQL, stable, not strict, not definer, no settings of their own. */
select volatility_is('app_hidden', 'current_user_id', array[]::text[], 'stable');
select function_lang_is('app_hidden', 'current_user_id', array[]::text[], 'sql');
select isnt_definer('app_hidden', 'current_user_id', array[]::text[]);
select isnt_strict('app_hidden', 'current_user_id', array[]::text[]);
select ok(
  (select proconfig is null from pg_proc where oid = 'app_hidden.current_user_id()'::regprocedure),
  'current_user_id() carries no settings of its own'
);
select function_privs_are('app_hidden', 'current_user_id', array[]::text[], 'hedgerow_visitor', array['EXECUTE']);
select function_privs_are('app_hidden', 'current_user_email', array[]::text[], 'hedgerow_visitor', array['EXECUTE']);
select function_privs_are('app_hidden', 'current_user_name', array[]::text[], 'hedgerow_visitor', array['EXECUTE']);

select * from finish();
rollback;
