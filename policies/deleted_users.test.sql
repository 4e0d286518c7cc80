/* Proves deleted_users.policy.sql, and that the tokens of a deleted account are of no use. C-16, C-30, C-31, T-13 */
\ir testing/scene.sql

select plan(44);

/* The closed world. */
select policies_are('app_hidden', 'deleted_users', array['select_owner', 'insert_owner', 'update_owner', 'select_admin']);
select policy_cmd_is('app_hidden', 'deleted_users', 'select_owner', 'select', 'select_owner is for select');
select policy_cmd_is('app_hidden', 'deleted_users', 'insert_owner', 'insert', 'insert_owner is for insert');
select policy_cmd_is('app_hidden', 'deleted_users', 'update_owner', 'update', 'update_owner is for update');
select policy_roles_are('app_hidden', 'deleted_users', 'select_owner', array['hedgerow_visitor']);
select policy_roles_are('app_hidden', 'deleted_users', 'insert_owner', array['hedgerow_visitor']);
select policy_roles_are('app_hidden', 'deleted_users', 'update_owner', array['hedgerow_visitor']);
select policy_cmd_is('app_hidden', 'deleted_users', 'select_admin', 'select', 'select_admin is for select');
select policy_roles_are('app_hidden', 'deleted_users', 'select_admin', array['hedgerow_admin']);
select table_privs_are('app_hidden', 'deleted_users', 'hedgerow_visitor', array['SELECT']);
select table_privs_are('app_hidden', 'deleted_users', 'hedgerow_admin', array['SELECT']);
select table_privs_are('app_hidden', 'deleted_users', 'public', array[]::text[]);
select columns_are('app_hidden', 'deleted_users', array['id', 'deleted_at']);
select column_privs_are('app_hidden', 'deleted_users', 'id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_hidden', 'deleted_users', 'deleted_at', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);

/* Alice leaves, with a token that was issued an hour ago. */
select sign_in('alice');
select set_config('jwt.claims.iat', extract(epoch from now() - interval '1 hour')::text, true);
select lives_ok($$select from app_public.delete_me()$$, 'alice leaves');
select results_eq('select id from app_hidden.deleted_users', array['alice'], 'a note of it is there');
select is_empty('select from app_public.tasks', 'her token reads nothing');
select throws_ok(
  $$insert into app_public.tasks (title) values ('back again')$$,
  'ZH401',
  null,
  'and writes nothing'
);
select throws_ok($$select from app_public.update_me('Alice again')$$, 'ZH401', null, 'nor does it get her a name');
select throws_ok($$delete from app_hidden.deleted_users$$, '42501', null, 'she cannot take the note back');

/* A token from within the minute may come from a clock that is ahead; a later one is a new beginning. */
select set_config('jwt.claims.iat', extract(epoch from now() + interval '30 seconds')::text, true);
select throws_ok($$insert into app_public.tasks (title) values ('too soon')$$, 'ZH401', null, 'a token of the same minute is refused too');
select set_config('jwt.claims.iat', '', true);
select throws_ok($$insert into app_public.tasks (title) values ('undated')$$, 'ZH401', null, 'and one that does not say when it was issued');
select set_config('jwt.claims.iat', extract(epoch from now() + interval '2 minutes')::text, true);
select lives_ok($$insert into app_public.tasks (title) values ('anew')$$, 'a new token starts anew');
select results_eq('select title from app_public.tasks', array['anew'], 'with nothing of before');

/* Bob is not touched, and cannot look. */
select sign_in('bob');
select set_config('jwt.claims.iat', '', true);
select is_empty('select from app_hidden.deleted_users', 'bob does not see that alice left');
select lives_ok($$insert into app_public.tasks (title) values ('Bob stays')$$, 'and writes as before');
select throws_ok(
  $$select app_hidden.note_deletion('alice')$$,
  '42501',
  null,
  'bob cannot send alice away'
);

update app_hidden.deleted_users set deleted_at = '-infinity';
select step_out();
select results_eq(
  $$select id from app_hidden.deleted_users where deleted_at = now()$$,
  array['alice'],
  'nor take her note back with an update of everything'
);

/* Were the column grants ever lost, the policies would hold on their own. */
grant insert (id), update (id) on app_hidden.deleted_users to hedgerow_visitor;
select sign_in('bob');
select throws_ok(
  $$insert into app_hidden.deleted_users (id) values ('carol')$$,
  '42501',
  'new row violates row-level security policy for table "deleted_users"',
  'bob cannot note the leaving of carol'
);
insert into app_hidden.deleted_users default values;
select throws_ok(
  $$update app_hidden.deleted_users set id = 'carol'$$,
  '42501',
  'new row violates row-level security policy for table "deleted_users"',
  'nor make his own note hers'
);
select step_out();
select results_eq('delete from app_hidden.deleted_users where id = $$bob$$ returning id', array['bob'], 'his own was there');
revoke insert (id), update (id) on app_hidden.deleted_users from hedgerow_visitor;

/* Mallory never wrote anything, but has tokens. */
select sign_in('mallory');
select lives_ok($$select from app_public.delete_me()$$, 'mallory leaves without ever having come');
select throws_ok($$insert into app_public.tasks (title) values ('back again')$$, 'ZH401', null, 'and her token is of no use either');

/* An administrator may send somebody away. */
select step_out();
delete from app_public.users where id = 'bob';
select results_eq(
  $$select id from app_hidden.deleted_users order by id$$,
  array['alice', 'bob', 'mallory'],
  'an account that is deleted by hand is noted too'
);

/* Nobody is nobody. */
select sign_out();
select is_empty('select from app_hidden.deleted_users', 'nobody sees who left');

/* Administrators look, and change nothing. */
select step_out();
insert into app_hidden.deleted_users (id) values ('alice'), ('bob') on conflict do nothing;
select look_as_admin();
select results_eq(
  $$select id from app_hidden.deleted_users where id in ('alice', 'bob') order by id$$,
  $$values ('alice'), ('bob')$$,
  'an administrator sees who left'
);
select throws_ok($$insert into app_hidden.deleted_users (id) values ('mallory')$$, '42501', null, 'and notes nobody''s leaving');
select throws_ok('update app_hidden.deleted_users set deleted_at = now()', '42501', null, 'nor renews a note');
select throws_ok('delete from app_hidden.deleted_users', '42501', null, 'nor takes one back');
select look_as_admin('bob');
select results_eq('select id from app_hidden.deleted_users', array['bob'], 'as bob, they see that bob left');
select throws_ok('insert into app_hidden.deleted_users default values', '42501', null, 'and note nothing for him');
select throws_ok('update app_hidden.deleted_users set deleted_at = now()', '42501', null, 'nor renew his note');

/* The owner of the table is bound too. */
select be_owner_of('app_hidden.deleted_users');
select is_empty('select from app_hidden.deleted_users', 'the owner of the table sees no row');

select step_out();
select * from finish();
rollback;
