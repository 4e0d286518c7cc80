/* Proves tasks.policy.sql. C-27, C-30, C-31, C-34, T-03, T-08, T-09 */
\ir testing/scene.sql

select plan(78);

/* The closed world: what is granted, and nothing else. */
select policies_are('app_public', 'tasks', array['select_owner', 'insert_owner', 'update_owner', 'delete_owner', 'select_admin']);
select policy_cmd_is('app_public', 'tasks', 'select_owner', 'select', 'select_owner is for select');
select policy_cmd_is('app_public', 'tasks', 'insert_owner', 'insert', 'insert_owner is for insert');
select policy_cmd_is('app_public', 'tasks', 'update_owner', 'update', 'update_owner is for update');
select policy_cmd_is('app_public', 'tasks', 'delete_owner', 'delete', 'delete_owner is for delete');
select policy_roles_are('app_public', 'tasks', 'select_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'tasks', 'insert_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'tasks', 'update_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'tasks', 'delete_owner', array['hedgerow_visitor']);
select policy_cmd_is('app_public', 'tasks', 'select_admin', 'select', 'select_admin is for select');
select policy_roles_are('app_public', 'tasks', 'select_admin', array['hedgerow_admin']);
select table_privs_are('app_public', 'tasks', 'hedgerow_visitor', array['SELECT', 'DELETE']);
select table_privs_are('app_public', 'tasks', 'hedgerow_admin', array['SELECT']);
select table_privs_are('app_public', 'tasks', 'public', array[]::text[]);
select columns_are(
  'app_public',
  'tasks',
  array[
    'id', 'owner_id', 'title', 'description', 'completed', 'priority', 'due_at', 'tags', 'words',
    'completed_at', 'deleted_at', 'version', 'created_at', 'updated_at'
  ]
);
select column_privs_are('app_public', 'tasks', 'id', 'hedgerow_visitor', array['SELECT', 'INSERT']);
select column_privs_are('app_public', 'tasks', 'owner_id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'tasks', 'title', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'description', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'completed', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'priority', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'due_at', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'tags', 'hedgerow_visitor', array['SELECT', 'INSERT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'words', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'tasks', 'completed_at', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'tasks', 'deleted_at', 'hedgerow_visitor', array['SELECT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'version', 'hedgerow_visitor', array['SELECT', 'UPDATE']);
select column_privs_are('app_public', 'tasks', 'created_at', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'tasks', 'updated_at', 'hedgerow_visitor', array['SELECT']);

select fk_ok('app_public', 'tasks', array['owner_id'], 'app_public', 'users', array['id']);
select triggers_are(
  'app_public',
  'tasks',
  array[
    '_100_ensure_user', '_200_trim_title', '_210_trim_tags', '_300_completed_at', '_310_completed_at', '_400_version', '_500_updated_at',
    '_800_record_insert', '_800_record_update', '_800_record_delete', '_900_tell_created', '_900_tell_updated', '_900_tell_deleted'
  ]
);

/* Alice has her way with her own. */
select sign_in('alice');
select results_eq('select title from app_public.tasks', array['Alice plants'], 'alice sees her tasks');
select results_eq(
  $$insert into app_public.tasks (title) values ('  Alice waters ') returning owner_id || ' ' || title$$,
  array['alice Alice waters'],
  'alice makes a task; it is hers, and its title is trimmed'
);
select results_eq(
  $$insert into app_public.tasks (title, tags) values ('Alice digs', array[' beds ']) returning tags$$,
  $$values (array['beds'])$$,
  'tags are trimmed'
);
select results_eq(
  $$insert into app_public.tasks (title, completed) values ('Alice reaps', true) returning completed_at is not null$$,
  array[true],
  'what was completed from the start was completed then'
);
select results_eq(
  $$delete from app_public.tasks where title in ('Alice digs', 'Alice reaps') returning owner_id$$,
  array['alice', 'alice'],
  'alice deletes two at once'
);
select results_eq(
  $$update app_public.tasks set completed = true where title = 'Alice plants' returning title$$,
  array['Alice plants'],
  'alice changes her task'
);
select ok(
  (select updated_at > created_at from app_public.tasks where title = 'Alice plants'),
  'a change moves updated_at forward, also within one transaction'
);
select ok(
  (select completed_at is not null from app_public.tasks where title = 'Alice plants'),
  'what is completed was completed at some time'
);
select results_eq(
  $$select version from app_public.tasks where title = 'Alice plants'$$,
  array[2],
  'a change makes another version'
);
select throws_ok(
  $$update app_public.tasks set title = 'x', version = 1 where title = 'Alice plants'$$,
  'ZH412',
  'This has changed since it was read.',
  'a change that was made for an older version is refused'
);
select throws_ok(
  $$update app_public.tasks set title = 'x', version = 3 where title = 'Alice plants'$$,
  'ZH412',
  'This has changed since it was read.',
  'and one for a version that never was'
);
select results_eq(
  $$update app_public.tasks set completed = false, version = 2 where title = 'Alice plants' returning version, completed_at$$,
  $$values (3, null::timestamptz)$$,
  'one for the version that is there is not; a task that is reopened was not completed'
);
select throws_ok(
  $$update app_public.tasks set completed_at = now()$$,
  '42501',
  null,
  'alice cannot say when she completed it'
);
select throws_ok(
  $$insert into app_public.tasks (id, title) values ('00000000-0000-7000-8000-00000000000a', 'x')$$,
  '23505',
  null,
  'an id of alice''s own is taken'
);
select results_eq(
  $$delete from app_public.tasks where title = 'Alice waters' returning title$$,
  array['Alice waters'],
  'alice deletes her task'
);
select throws_ok(
  $$insert into app_public.tasks (owner_id, title) values ('alice', 'x')$$,
  '42501',
  null,
  'alice may not name an owner, not even herself'
);
select throws_ok(
  $$update app_public.tasks set owner_id = 'bob'$$,
  '42501',
  null,
  'alice cannot give a task away'
);
select throws_ok('truncate app_public.tasks', '42501', null, 'alice cannot truncate');

/* Bob, who knows alice's ids, comes to nothing. */
select sign_in('bob');
select is_empty(
  $$select from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$,
  'bob does not see alice''s task by its id'
);
select is_empty($$select from app_public.tasks where owner_id = 'alice'$$, 'nor by its owner');
select results_eq('select count(*) from app_public.tasks', array[1::bigint], 'nor does he count it');
select is_empty(
  $$select from app_public.tasks where words @@ app_hidden.task_search('alice')$$,
  'nor does he find it by its words'
);
select is_empty($$update app_public.tasks set title = 'x' where owner_id = 'alice' returning 1$$, 'bob changes nothing of hers');
select is_empty(
  $$update app_public.tasks set version = 99 where owner_id = 'alice' returning 1$$,
  'and does not learn which version it is'
);
select is_empty($$delete from app_public.tasks where owner_id = 'alice' returning 1$$, 'bob deletes nothing of hers');
select step_out();
select results_eq(
  $$select title from app_public.tasks where owner_id = 'alice'$$,
  array['Alice plants'],
  'it was there all the time'
);

/* Were the column grants ever lost, the policies would hold on their own. */
grant insert (owner_id), update (owner_id) on app_public.tasks to hedgerow_visitor;
select sign_in('mallory');
select throws_ok(
  $$insert into app_public.tasks (owner_id, title) values ('alice', 'planted')$$,
  '42501',
  'new row violates row-level security policy for table "tasks"',
  'mallory cannot make a task for alice'
);
select throws_ok(
  $$insert into app_public.tasks (owner_id, id, title) values ('alice', '00000000-0000-7000-8000-00000000000a', 'x')$$,
  '42501',
  'new row violates row-level security policy for table "tasks"',
  'and is told the same when the id is taken'
);
select lives_ok(
  $$insert into app_public.tasks (id, title) values ('00000000-0000-7000-8000-00000000000a', 'Mallory copies')$$,
  'an id that alice has is free for mallory: keys start with the owner'
);
select throws_ok(
  $$update app_public.tasks set owner_id = 'alice'$$,
  '42501',
  'new row violates row-level security policy for table "tasks"',
  'mallory cannot push a task of hers onto alice'
);
select is_empty($$update app_public.tasks set owner_id = 'mallory' where owner_id = 'alice' returning 1$$, 'nor take one');
select step_out();
select results_eq(
  'select owner_id, title from app_public.tasks order by owner_id',
  $$values ('alice', 'Alice plants'), ('bob', 'Bob trims'), ('mallory', 'Mallory copies')$$,
  'each task is where it belongs'
);

/* Nobody is there. */
select sign_out();
select is_empty('select from app_public.tasks', 'nobody sees nothing');
select throws_ok($$insert into app_public.tasks (title) values ('x')$$, '42501', null, 'nobody makes nothing');
select is_empty($$update app_public.tasks set title = 'x' returning 1$$, 'nobody changes nothing');
select is_empty('delete from app_public.tasks returning 1', 'nobody deletes nothing');

/* Administrators look, and change nothing. */
select look_as_admin();
select results_eq(
  'select distinct owner_id from app_public.tasks order by owner_id',
  $$values ('alice'), ('bob'), ('mallory')$$,
  'an administrator sees the tasks of all'
);
select throws_ok($$insert into app_public.tasks (owner_id, title) values ('bob', 'x')$$, '42501', null, 'and makes none');
select throws_ok($$update app_public.tasks set title = 'x'$$, '42501', null, 'changes none');
select throws_ok('delete from app_public.tasks', '42501', null, 'deletes none');
select throws_ok('truncate app_public.tasks', '42501', null, 'and does not empty the table');
select look_as_admin('bob');
select results_eq(
  'select distinct owner_id from app_public.tasks',
  array['bob'],
  'as bob, they see bob''s alone'
);
select throws_ok($$insert into app_public.tasks (title) values ('x')$$, '42501', null, 'and make none for him');
select throws_ok($$update app_public.tasks set title = 'x'$$, '42501', null, 'nor change what is his');
select throws_ok('delete from app_public.tasks', '42501', null, 'nor delete it');
select look_as_admin('carol');
select is_empty('select from app_public.tasks', 'as somebody who has none, they see none');

/* The owner of the table is bound too: row-level security is forced. */
select be_owner_of('app_public.tasks');
select is_empty('select from app_public.tasks', 'the owner of the table sees no row');

select step_out();
select * from finish();
rollback;
