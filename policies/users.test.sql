/* Proves users.policy.sql. C-16, C-30, C-31, T-03, T-09 */
\ir testing/scene.sql

select plan(56);

/* The closed world. */
select policies_are('app_public', 'users', array['select_owner', 'insert_owner', 'update_owner', 'delete_owner', 'select_admin']);
select policy_cmd_is('app_public', 'users', 'select_owner', 'select', 'select_owner is for select');
select policy_cmd_is('app_public', 'users', 'insert_owner', 'insert', 'insert_owner is for insert');
select policy_cmd_is('app_public', 'users', 'update_owner', 'update', 'update_owner is for update');
select policy_cmd_is('app_public', 'users', 'delete_owner', 'delete', 'delete_owner is for delete');
select policy_roles_are('app_public', 'users', 'select_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'users', 'insert_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'users', 'update_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'users', 'delete_owner', array['hedgerow_visitor']);
select policy_cmd_is('app_public', 'users', 'select_admin', 'select', 'select_admin is for select');
select policy_roles_are('app_public', 'users', 'select_admin', array['hedgerow_admin']);
select table_privs_are('app_public', 'users', 'hedgerow_visitor', array['SELECT', 'DELETE']);
select table_privs_are('app_public', 'users', 'hedgerow_admin', array['SELECT']);
select table_privs_are('app_public', 'users', 'public', array[]::text[]);
select columns_are('app_public', 'users', array['id', 'email', 'name', 'created_at', 'updated_at']);
select column_privs_are('app_public', 'users', 'id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'users', 'email', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'users', 'name', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'users', 'created_at', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'users', 'updated_at', 'hedgerow_visitor', array['SELECT']);

select triggers_are('app_public', 'users', array['_100_refuse_deleted', '_200_delete_tasks', '_500_updated_at', '_800_note_deletion', '_810_erase_history']);

/* Each sees one person. */
select sign_in('alice');
select results_eq('select id from app_public.users', array['alice'], 'alice sees herself');
select is_empty($$select from app_public.users where id = 'bob'$$, 'and not bob');
select results_eq('select id from app_public.me()', array['alice'], 'me() is alice');
select throws_ok(
  $$insert into app_public.users (email) values ('bob@example.com')$$,
  '42501',
  null,
  'alice cannot claim an address: it comes from the token'
);

select results_eq(
  $$update app_public.users set name = 'Alicia' returning id, name$$,
  $$values ('alice', 'Alicia')$$,
  'alice changes her name, and nobody else''s'
);
select ok((select updated_at > created_at from app_public.users), 'a change moves updated_at forward, also within one transaction');
select throws_ok($$update app_public.users set email = 'x'$$, '42501', null, 'but not her address');
select is_empty($$delete from app_public.users where id = 'bob' returning 1$$, 'alice cannot delete bob');
select step_out();
select results_eq(
  'select id, name from app_public.users order by id',
  $$values ('alice', 'Alicia'), ('bob', 'Bob')$$,
  'bob is there, and still bob'
);

/* Mallory is new. Her record is made by her first write, from her token. */
select sign_in('mallory');
select set_config('jwt.claims.email', 'mallory@example.com', true), set_config('jwt.claims.name', 'Mallory', true);
select results_eq(
  $$select id, email, name from app_public.me()$$,
  $$values ('mallory', 'mallory@example.com', 'Mallory')$$,
  'before her first write, me() answers from the token'
);
select is_empty('select from app_public.users', 'and there is no record yet');
insert into app_public.tasks (title) values ('Mallory digs');
insert into app_public.tasks (title) values ('Mallory digs on');
select results_eq(
  $$select id, email, name from app_public.users$$,
  $$values ('mallory', 'mallory@example.com', 'Mallory')$$,
  'her first task makes her record, her second finds it'
);

/* Carol has a token with a name, and makes her record herself. */
select sign_in('carol');
select set_config('jwt.claims.email', 'carol@example.com', true), set_config('jwt.claims.name', 'Carol', true);
select results_eq(
  $$insert into app_public.users default values returning id, email, name$$,
  $$values ('carol', 'carol@example.com', 'Carol')$$,
  'what she does not say comes from her token'
);
select results_eq($$delete from app_public.users returning id$$, array['carol'], 'she may take it back');

/* Were the column grants ever lost, the policy would hold on its own. */
select step_out();
grant insert (id), update (id) on app_public.users to hedgerow_visitor;
select sign_in('mallory');
select throws_ok(
  $$insert into app_public.users (id) values ('carol')$$,
  '42501',
  'new row violates row-level security policy for table "users"',
  'mallory cannot bring somebody else into being'
);
select throws_ok(
  $$insert into app_public.users (id) values ('bob')$$,
  '42501',
  'new row violates row-level security policy for table "users"',
  'and is told the same of a user who exists'
);

select throws_ok(
  $$update app_public.users set id = 'carol'$$,
  '42501',
  'new row violates row-level security policy for table "users"',
  'nor become somebody else'
);

/* Leaving takes along what is one's own, and nothing else. */
select results_eq(
  $$select id, name from app_public.delete_me()$$,
  $$values ('mallory', 'Mallory')$$,
  'mallory leaves'
);
select step_out();
select is_empty($$select from app_public.users where id = 'mallory'$$, 'her record is gone');
select is_empty($$select from app_public.tasks where owner_id = 'mallory'$$, 'and so are her tasks');
select results_eq(
  'select owner_id from app_public.tasks order by owner_id',
  array['alice', 'bob'],
  'those of the others are there'
);

/* Nobody is nobody. */
select sign_out();
select is_empty('select from app_public.users', 'nobody sees no one');
select is((select person.id from app_public.me() as person), null, 'me() is nobody');
select is_empty($$update app_public.users set name = 'x' returning 1$$, 'nobody changes nobody''s name');
select throws_ok($$select from app_public.update_me('x')$$, '42501', null, 'nor gets a name');
select is_empty('delete from app_public.users returning 1', 'nobody deletes no one');

/* Administrators look, and change nothing. */
select look_as_admin();
select results_eq('select id from app_public.users order by id', $$values ('alice'), ('bob')$$, 'an administrator sees everybody');
select throws_ok($$insert into app_public.users (id) values ('carol')$$, '42501', null, 'and brings nobody into being');
select throws_ok($$update app_public.users set name = 'x'$$, '42501', null, 'changes nobody''s name');
select throws_ok('delete from app_public.users', '42501', null, 'deletes nobody');
select look_as_admin('bob');
select results_eq('select id from app_public.users', array['bob'], 'as bob, they see bob alone');
select throws_ok('insert into app_public.users default values', '42501', null, 'and make no record for him');
select throws_ok($$update app_public.users set name = 'x'$$, '42501', null, 'nor give him a name');
select throws_ok('delete from app_public.users', '42501', null, 'nor delete him');

/* The owner of the table is bound too. */
select be_owner_of('app_public.users');
select is_empty('select from app_public.users', 'the owner of the table sees no row');

select step_out();
select * from finish();
rollback;
