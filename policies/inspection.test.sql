/* Proves what the schema admin shows: everything to administrators, one user's part on demand, and to users what is theirs anyway. C-04, C-30, T-14 */
\ir testing/scene.sql

select plan(38);

/* What it sees. */
select step_out();
insert into app_public.tasks (owner_id, id, title, completed, deleted_at) values
  ('bob', '00000000-0000-7000-8000-0000000000b2', 'Bob is done', true, null),
  ('bob', '00000000-0000-7000-8000-0000000000b3', 'Bob threw it away', false, now());
insert into app_public.users (id) values ('carol');
insert into app_hidden.deleted_users (id) values ('mallory');
select look_as_admin();
select results_eq(
  'select id, open_tasks, completed_tasks, trashed_tasks from admin.users order by id',
  $$values ('alice', 1::bigint, 0::bigint, 0::bigint), ('bob', 1, 1, 1), ('carol', 0, 0, 0)$$,
  'users, with what they have'
);
select ok((select bool_and(size_bytes > 0 and first_active_at <= last_active_at) from admin.users), 'each has a size and a span');
select results_eq(
  'select created, completed, trashed from admin.task_stats',
  $$values (4::bigint, 1::bigint, 1::bigint)$$,
  'what happened today'
);
select results_eq(
  $$select id, found_by from admin.find_user('BOB@example.com')$$,
  $$values ('bob', 'email')$$,
  'a user by address'
);
select results_eq(
  $$select id, found_by from admin.find_user('00000000-0000-7000-8000-00000000000a')$$,
  $$values ('alice', 'id of a task')$$,
  'a user by a task of theirs'
);
select results_eq(
  $$select id, found_by, deleted_at is not null from admin.find_user('mallory')$$,
  $$values ('mallory', 'id of an account that was deleted', true)$$,
  'a user who is gone'
);
select results_eq(
  $$select id, found_by from admin.find_user('aro')$$,
  $$values ('carol', 'part of the id')$$,
  'users by a part of what they are called'
);
select is_empty($$select from admin.find_user('')$$, 'nothing names nobody');
select results_eq(
  $$
    select to_json(listed)::text from admin.policies as listed
    where "table" = 'tasks' and command = 'delete'
  $$,
  array[
    '{"schema":"app_public","table":"tasks","policy":"delete_owner","command":"delete","roles":["hedgerow_visitor"],"permissive":true,'
    || '"using":"(owner_id = app_hidden.current_user_id())","check":null,"comment":"A user deletes only their own tasks."}'
  ],
  'policies, readable'
);
select results_eq(
  $$
    select json_build_array(command, access, columns, policies)::text from admin.access_matrix
    where role = 'hedgerow_visitor' and "schema" = 'app_hidden' and "table" = 'deleted_users' order by command
  $$,
  array[
    '["delete", "refused", null, null]',
    '["insert", "by policy", ["deleted_at"], ["insert_owner"]]',
    '["select", "by policy", null, ["select_owner"]]',
    '["truncate", "refused", null, null]',
    '["update", "by policy", ["deleted_at"], ["update_owner"]]'
  ],
  'who may do what'
);
select results_eq(
  $$select distinct access from admin.access_matrix where role = 'hedgerow_admin' and command <> 'select'$$,
  array['refused'],
  'administrators themselves may do nothing but look'
);
select ok((select count(*) > 0 and bool_and(number > 0 and applied_at <= now()) from admin.migrations), 'which migrations have run');

/* Why somebody sees a task, or does not. */
select look_as_admin();
select results_eq(
  $$
    select value from admin.explain_access('bob', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')
    where part in ('clause', 'operand', 'verdict')
  $$,
  array['false', 'alice', 'bob', 'hidden'],
  'bob does not see alice''s task, because he is not she'
);
select results_eq(
  $$
    select what from admin.explain_access('bob', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')
    where part = 'note'
  $$,
  array['hedgerow_admin cannot become hedgerow_visitor: what the policies read beside the row is what hedgerow_admin sees of it'],
  'and the answer says with whose rights it was found'
);
select look_as_admin('bob');
select results_eq(
  $$
    select value from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')
    where part = 'verdict'
  $$,
  array['visible'],
  'also in a transaction that was given to a user who does not see the row'
);
select is(app_hidden.current_user_id(), 'bob', 'which is that user''s afterwards');
select sign_in('bob');
select throws_ok(
  $$select * from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a')$$,
  '42501',
  'permission denied for schema admin',
  'bob cannot ask'
);
select sign_in('alice');
select results_eq(
  $$select title from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$,
  array['Alice plants'],
  'and what was said is so: alice sees it'
);
select sign_in('bob');
select is_empty($$select from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$, 'and bob does not');

/* Were the grants ever given, it would tell bob no more than the tables do. */
select step_out();
grant usage on schema admin to hedgerow_visitor;
grant select on all tables in schema admin to hedgerow_visitor;
grant execute on all functions in schema admin to hedgerow_visitor;
select sign_in('bob');
select results_eq(
  $$select what from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a') where part = 'verdict'$$,
  array['there is no such row that hedgerow_visitor sees'],
  'of alice''s task he would learn nothing'
);
select results_eq('select id from admin.users', array['bob'], 'nor that she is there');
select is_empty($$select from admin.find_user('alice')$$, 'nor find her');
select be_owner_of('app_public.tasks');
select results_eq(
  $$select what from admin.explain_access('alice', 'app_public.tasks', '00000000-0000-7000-8000-00000000000a') where part = 'verdict'$$,
  array[format('there is no such row that %s sees', current_user) collate "default"],
  'nor would the owner of the table'
);

/* The history of tasks, which its own file proves for everybody else. */
select step_out();
insert into app_public.tasks (owner_id, title) values ('alice', 'Alice prunes'), ('bob', 'Bob waters');
select look_as_admin();
select results_eq(
  $$select distinct owner_id from app_public.task_history where owner_id in ('alice', 'bob') order by owner_id$$,
  $$values ('alice'), ('bob')$$,
  'an administrator reads the history of all'
);
select throws_ok(
  $$insert into app_public.task_history (owner_id, task_id, action, version, changes) values ('bob', gen_random_uuid(), 'update', 1, '{}')$$,
  '42501',
  null,
  'and adds nothing to it'
);
select throws_ok($$update app_public.task_history set changes = '{}'$$, '42501', null, 'changes nothing in it');
select throws_ok('delete from app_public.task_history', '42501', null, 'and deletes nothing');
select look_as_admin('bob');
select results_eq('select distinct owner_id from app_public.task_history', array['bob'], 'as bob, they read bob''s alone');
select throws_ok('delete from app_public.task_history', '42501', null, 'and delete nothing of his');
select results_eq(
  $$select found_by from admin.find_user((select task_id::text from app_public.task_history order by created_at desc limit 1))$$,
  array['id of a task'],
  'by an entry one comes to a task'
);
select step_out();
delete from app_public.tasks where title = 'Bob waters';
select look_as_admin();
select results_eq(
  $$
    select found.id, found.found_by
    from app_public.task_history as entry
    cross join lateral admin.find_user(entry.task_id::text) as found
    where entry.action = 'delete' and entry.changes -> 'title' ->> 0 = 'Bob waters'
  $$,
  $$values ('bob', 'id of a task that is gone')$$,
  'and, when it is gone, to whose it was'
);
/* As one user. */
select throws_ok($$select admin.as_user('')$$, '22023', 'A user has an id.', 'as nobody, everybody would be seen');
select step_out();
select ok(admin.as_user('bob') ~ 'what bob sees, and write nothing: 3 tasks, 1 of them in the trash', 'a superuser who is to see as bob');
select is(current_user::text, 'hedgerow_admin', 'becomes an administrator, whom policies bind');
select results_eq('select id from admin.users', array['bob'], 'and sees bob');
select results_eq('select distinct owner_id from app_public.tasks', array['bob'], 'and what is his');
select is_empty($$select from admin.find_user('alice')$$, 'and finds nobody else');
select throws_ok('reset role; create table public.x ()', '25006', null, 'and writes nothing for the rest of the transaction, whoever they are');

select * from finish();
rollback;
