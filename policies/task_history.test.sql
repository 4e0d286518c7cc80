/* Proves task_history.policy.sql, and that the history says what was done. C-36, T-03, T-16 */
\ir testing/scene.sql

select plan(104);

/* The closed world: what is granted, and nothing else. */
select policies_are('app_public', 'task_history', array['select_owner', 'insert_historian', 'select_historian', 'delete_historian', 'select_admin']);
select policy_cmd_is('app_public', 'task_history', 'select_owner', 'select', 'select_owner is for select');
select policy_cmd_is('app_public', 'task_history', 'insert_historian', 'insert', 'insert_historian is for insert');
select policy_cmd_is('app_public', 'task_history', 'select_historian', 'select', 'select_historian is for select');
select policy_cmd_is('app_public', 'task_history', 'delete_historian', 'delete', 'delete_historian is for delete');
select policy_cmd_is('app_public', 'task_history', 'select_admin', 'select', 'select_admin is for select');
select policy_roles_are('app_public', 'task_history', 'select_admin', array['hedgerow_admin']);
select policy_roles_are('app_public', 'task_history', 'select_owner', array['hedgerow_visitor']);
select policy_roles_are('app_public', 'task_history', 'insert_historian', array['hedgerow_historian']);
select policy_roles_are('app_public', 'task_history', 'select_historian', array['hedgerow_historian']);
select policy_roles_are('app_public', 'task_history', 'delete_historian', array['hedgerow_historian']);
select table_privs_are('app_public', 'task_history', 'hedgerow_visitor', array['SELECT']);
select table_privs_are('app_public', 'task_history', 'hedgerow_historian', array['INSERT', 'DELETE']);
select table_privs_are('app_public', 'task_history', 'hedgerow_admin', array['SELECT']);
select table_privs_are('app_public', 'task_history', 'public', array[]::text[]);
select columns_are(
  'app_public',
  'task_history',
  array['owner_id', 'created_at', 'id', 'task_id', 'action', 'version', 'changes', 'actor_id', 'request_id', 'address']
);
select column_privs_are('app_public', 'task_history', 'owner_id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'created_at', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'task_id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'action', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'version', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'changes', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'actor_id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'request_id', 'hedgerow_visitor', array['SELECT']);
select column_privs_are('app_public', 'task_history', 'address', 'hedgerow_visitor', array['SELECT']);
select function_privs_are('app_hidden', 'current_request_id', array[]::text[], 'hedgerow_visitor', array[]::text[]);
select function_privs_are('app_hidden', 'current_address', array[]::text[], 'hedgerow_visitor', array[]::text[]);
select function_privs_are('app_hidden', 'current_request_id', array[]::text[], 'hedgerow_historian', array['EXECUTE']);
select function_privs_are('app_hidden', 'current_address', array[]::text[], 'hedgerow_historian', array['EXECUTE']);
select col_is_pk('app_public', 'task_history', array['owner_id', 'created_at', 'id'], 'its key starts with the owner');
select column_privs_are('app_public', 'task_history', 'owner_id', 'hedgerow_historian', array['INSERT', 'SELECT']);
select is_empty(
  $$
    select attname from pg_attribute
    where attrelid = 'app_public.task_history'::regclass and attnum > 0 and attname <> 'owner_id'
    and has_column_privilege('hedgerow_historian', attrelid, attnum, 'select')
  $$,
  'the historian reads whose an entry is, and nothing else'
);
select triggers_are('app_public', 'task_history', array['_100_append_only', '_110_append_only']);

/* The historian is a role for triggers: nobody logs in as it, and it is nobody else. */
select is_empty(
  $$
    select from pg_roles
    where rolname = 'hedgerow_historian' and (rolcanlogin or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)
  $$,
  'the historian has no powers of its own'
);
select is_empty(
  $$select from pg_auth_members where member = 'hedgerow_historian'::regrole$$,
  'and is a member of nothing'
);
select ok(not pg_has_role('hedgerow_visitor', 'hedgerow_historian', 'member'), 'the visitor cannot become it');
select schema_privs_are('app_private', 'hedgerow_historian', array[]::text[]);
select schema_privs_are('app_public', 'hedgerow_historian', array['USAGE']);
select schema_privs_are('app_hidden', 'hedgerow_historian', array['USAGE']);
select results_eq(
  $$
    select class.oid::regclass::text from pg_class as class
    where class.relnamespace::regnamespace::text ~ '^(app_|admin$)' and class.relkind in ('r', 'p', 'v')
    and has_any_column_privilege('hedgerow_historian', class.oid, 'select, insert, update')
  $$,
  array['app_public.task_history'],
  'and has a right to nothing else'
);
select results_eq(
  $$select proname::text collate "default" from pg_proc where proowner = 'hedgerow_historian'::regrole order by proname$$,
  array['tg_tasks__record_delete', 'tg_tasks__record_insert', 'tg_tasks__record_update', 'tg_users__erase_history'],
  'it runs these'
);

/* The months. */
select schema_privs_are('app_history', 'hedgerow_visitor', array[]::text[]);
select schema_privs_are('app_history', 'hedgerow_historian', array[]::text[]);
select is(
  (select count(*) from pg_inherits where inhparent = 'app_public.task_history'::regclass),
  (select count(*) from pg_class where relnamespace = 'app_history'::regnamespace and relkind = 'r'),
  'every table in there is a part of the history'
);
select ok(
  (select count(*) >= 2 from pg_class where relnamespace = 'app_history'::regnamespace and relkind = 'r'),
  'there are months'
);
select is_empty(
  $$
    select class.relname from pg_class as class
    where class.relnamespace = 'app_history'::regnamespace and class.relkind = 'r'
    and (
      not class.relrowsecurity or not class.relforcerowsecurity
      or exists (select from pg_policy where polrelid = class.oid)
      or exists (select from aclexplode(class.relacl) as entry where entry.grantee <> class.relowner)
      or array(select tgname::text from pg_trigger where tgrelid = class.oid and tgenabled = 'O' order by 1) <> array['_100_append_only', '_110_append_only']
    )
  $$,
  'each is closed: row-level security forced, without a policy, granted to nobody, append-only'
);

/* Alice works. */
select step_out();
select set_config('request.id', 'request-1', true), set_config('request.address', '192.0.2.1', true);
select sign_in('alice');
insert into app_public.tasks (id, title, description, completed, priority, due_at, tags) values
  ('00000000-0000-7000-8000-0000000000a1', ' Sow ', 'clover', true, 'high', '2026-01-01 12:00+00', array['garden']),
  ('00000000-0000-7000-8000-0000000000a2', 'Reap', null, false, 'normal', null, '{}');
select results_eq(
  $$select task_id, action::text, version, changes, owner_id, actor_id, request_id, address from app_public.task_history order by task_id, created_at$$,
  $$values
    ('00000000-0000-7000-8000-00000000000a'::uuid, 'insert', 1, '{"title": [null, "Alice plants"]}'::jsonb, 'alice', null, null, null),
    (
      '00000000-0000-7000-8000-0000000000a1',
      'insert',
      1,
      jsonb_build_object(
        'title', array[null, 'Sow'],
        'description', array[null, 'clover'],
        'completed', array[null, true],
        'priority', array[null, 'high'],
        'due_at', array[null, '2026-01-01 12:00+00'::timestamptz],
        'tags', jsonb_build_array(null, array['garden'])
      ),
      'alice',
      'alice',
      'request-1',
      '192.0.2.1'
    ),
    ('00000000-0000-7000-8000-0000000000a2', 'insert', 1, '{"title": [null, "Reap"]}', 'alice', 'alice', 'request-1', '192.0.2.1')
  $$,
  'what alice makes is in the history: one entry for each task, as it was stored, by whom and from where; an administrator is nobody'
);

/* What the last statement has added, in words. The clock goes on between statements, also within a transaction. */
select step_out();
create function tap.last_entries(count integer) returns setof text
language sql
stable
as $$
  select action || ' ' || version || ' ' || changes
  from (select * from app_public.task_history order by created_at desc, id desc limit count) as entry
  order by entry.task_id
$$;
select sign_in('alice');

update app_public.tasks set title = 'Sow again', description = null, completed = false, priority = 'low', due_at = null, tags = '{}'
where id = '00000000-0000-7000-8000-0000000000a1';
select results_eq(
  'select changes from app_public.task_history order by created_at desc limit 1',
  $$select jsonb_build_object(
    'title', array['Sow', 'Sow again'],
    'description', array['clover', null],
    'completed', array[true, false],
    'priority', array['high', 'low'],
    'due_at', array['2026-01-01 12:00+00'::timestamptz, null],
    'tags', jsonb_build_array(array['garden'], array[]::text[])
  )$$,
  'a change of every column: each with its old and its new value'
);
update app_public.tasks set description = 'oats', due_at = '2026-02-01 12:00+00' where id = '00000000-0000-7000-8000-0000000000a1';
select results_eq(
  'select changes from app_public.task_history order by created_at desc limit 1',
  $$select jsonb_build_object(
    'description', array[null, 'oats'],
    'due_at', array[null, '2026-02-01 12:00+00'::timestamptz]
  )$$,
  'only the columns that have changed, also from nothing to something'
);
update app_public.tasks set completed = true where id::text like '%a_';
select results_eq(
  'select last_entries(2)',
  array['update 4 {"completed": [false, true]}', 'update 2 {"completed": [false, true]}'],
  'a change of two tasks is two entries, each of its own task'
);
update app_public.tasks set completed = true where id::text like '%a2';
select results_eq('select last_entries(1)', array['update 3 {}'], 'a change of nothing is an entry without changes: the version has grown');
update app_public.tasks set title = 'x' where false;
select results_eq('select last_entries(1)', array['update 3 {}'], 'a change of no task is no entry');

update app_public.tasks set deleted_at = '2026-03-01 12:00+00' where id::text like '%a2';
select results_eq(
  'select action::text, changes from app_public.task_history order by created_at desc limit 1',
  $$values ('trash', jsonb_build_object('deleted_at', array[null, '2026-03-01 12:00+00'::timestamptz]))$$,
  'putting into the trash'
);
update app_public.tasks set deleted_at = '2026-03-02 12:00+00' where id::text like '%a2';
select results_eq(
  'select action::text, changes from app_public.task_history order by created_at desc limit 1',
  $$values ('update', jsonb_build_object('deleted_at', array['2026-03-01 12:00+00'::timestamptz, '2026-03-02 12:00+00']))$$,
  'what is in the trash already is changed there'
);
update app_public.tasks set deleted_at = null where id::text like '%a2';
select results_eq(
  'select action::text, changes from app_public.task_history order by created_at desc limit 1',
  $$values ('restore', jsonb_build_object('deleted_at', array['2026-03-02 12:00+00'::timestamptz, null]))$$,
  'taking out of it'
);
update app_public.tasks set deleted_at = '2026-03-01 12:00+00', description = 'dull' where id::text like '%a2';
delete from app_public.tasks where id::text like '%a_';
select results_eq(
  'select action::text, version, changes from app_public.task_history order by created_at desc, id desc limit 2',
  $$
    select 'delete', version, changes from (values
      (
        '00000000-0000-7000-8000-0000000000a1'::uuid,
        4,
        jsonb_build_object(
          'title', array['Sow again', null],
          'description', array['oats', null],
          'completed', array[true, null],
          'priority', array['low', null],
          'due_at', array['2026-02-01 12:00+00'::timestamptz, null]
        )
      ),
      (
        '00000000-0000-7000-8000-0000000000a2',
        7,
        jsonb_build_object(
          'title', array['Reap', null],
          'description', array['dull', null],
          'completed', array[true, null],
          'deleted_at', array['2026-03-01 12:00+00'::timestamptz, null]
        )
      )
    ) as deleted (task_id, version, changes)
    join app_public.task_history as entry using (task_id, version, changes)
    order by entry.created_at desc, entry.id desc
  $$,
  'deleting keeps what was there'
);
insert into app_public.tasks (id, title, tags) values ('00000000-0000-7000-8000-0000000000a3', 'Bind', array['x']);
delete from app_public.tasks where id::text like '%a3';
select results_eq(
  'select last_entries(1)',
  array['delete 1 {"tags": [["x"], null], "title": ["Bind", null]}'],
  'also its tags'
);

/* All that a user can change of a task is in it. */
select step_out();
select results_eq(
  $$
    select attname::text collate "default" from pg_attribute
    where attrelid = 'app_public.tasks'::regclass and attnum > 0
    and has_column_privilege('hedgerow_visitor', attrelid, attnum, 'update')
    and attname <> 'version'
    order by attname
  $$,
  $$select column_name from unnest(array['completed', 'deleted_at', 'description', 'due_at', 'priority', 'tags', 'title']) as column_name$$,
  'a column that becomes writable needs its place in tg_tasks__record_insert, tg_tasks__record_update and tg_tasks__record_delete'
);

/* What was taken back was never done. */
select sign_in('alice');
savepoint before;
insert into app_public.tasks (title) values ('taken back');
select is((select count(*) from app_public.task_history where changes ->> 'title' like '%taken back%'), 1::bigint, 'an entry is there at once');
rollback to savepoint before;
select is((select count(*) from app_public.task_history where changes ->> 'title' like '%taken back%'), 0::bigint, 'and gone with its change');

/* An upsert is what it comes to. */
insert into app_public.tasks (id, title) values ('00000000-0000-7000-8000-00000000000a', 'x')
on conflict (owner_id, id) do update set title = 'Alice plants again';
select results_eq(
  'select last_entries(1)',
  array['update 2 {"title": ["Alice plants", "Alice plants again"]}'],
  'an insert that became an update'
);
insert into app_public.tasks (id, title) values ('00000000-0000-7000-8000-00000000000a', 'x') on conflict do nothing;
select results_eq(
  'select last_entries(1)',
  array['update 2 {"title": ["Alice plants", "Alice plants again"]}'],
  'and one that became nothing'
);

/* She cannot touch what is written. */
select throws_ok(
  $$insert into app_public.task_history (owner_id, task_id, action, version, changes)
    values ('alice', '00000000-0000-7000-8000-00000000000a', 'insert', 1, '{}')$$,
  '42501',
  'permission denied for table task_history',
  'alice adds nothing by hand'
);
select throws_ok($$update app_public.task_history set changes = '{}'$$, '42501', 'permission denied for table task_history', 'nor changes');
select throws_ok('delete from app_public.task_history', '42501', 'permission denied for table task_history', 'nor deletes');
select throws_ok('truncate app_public.task_history', '42501', 'permission denied for table task_history', 'nor truncates');
select throws_ok(
  'select from app_history.task_history_default',
  '42501',
  'permission denied for schema app_history',
  'nor looks into a month'
);
select throws_ok(
  'select app_private.make_history_months()',
  '42501',
  'permission denied for schema app_private',
  'nor makes or drops any'
);

/* Bob sees nothing of it. */
select sign_in('bob');
select results_eq(
  'select owner_id, changes from app_public.task_history',
  $$values ('bob', '{"title": [null, "Bob trims"]}'::jsonb)$$,
  'bob sees his own history'
);
select is_empty(
  $$select from app_public.task_history where task_id = '00000000-0000-7000-8000-00000000000a'$$,
  'and not that of a task of alice''s whose id he knows'
);
select is_empty($$select from app_public.task_history where owner_id = 'alice'$$, 'nor by her name');
update app_public.tasks set title = 'x' where owner_id = 'alice';
delete from app_public.tasks where owner_id = 'alice';
select is((select count(*) from app_public.task_history), 1::bigint, 'what he tries in vain is not in his history');
select step_out();
select is((select count(*) from app_public.task_history where actor_id = 'bob'), 0::bigint, 'nor in hers');

/* Nobody is there. */
select sign_out();
select is_empty('select from app_public.task_history', 'nobody sees nothing');

/* Whoever may become the historian comes to nothing by it: its policies hold inside of a trigger only. */
select step_out();
grant usage on schema tap to hedgerow_historian;
select set_config('role', 'hedgerow_historian', true);
select is_empty('select owner_id from app_public.task_history', 'the historian by itself sees nothing');
delete from app_public.task_history;
select throws_ok(
  $$insert into app_public.task_history (owner_id, task_id, action, version, changes)
    values ('alice', '00000000-0000-7000-8000-00000000000a', 'insert', 1, '{}')$$,
  '42501',
  'new row violates row-level security policy for table "task_history"',
  'nor adds anything'
);
select throws_ok(
  $$update app_public.task_history set owner_id = 'bob'$$,
  '42501',
  'permission denied for table task_history',
  'nor changes'
);
select step_out();
select cmp_ok((select count(*) from app_public.task_history), '>', 15::bigint, 'nor has it deleted anything');

/* The owner is bound, too. */
select be_owner_of('app_public.task_history');
select is_empty('select from app_public.task_history', 'the owner of the table sees no row');
select is_empty('delete from app_public.task_history returning 1', 'and deletes none');
select throws_ok('truncate app_public.task_history', '42501', 'The history of tasks is only ever added to: truncate is refused.', 'nor truncates');
select throws_ok(
  'truncate app_history.task_history_default',
  '42501',
  'The history of tasks is only ever added to: truncate is refused.',
  'nor a month'
);

/* No policy binds a superuser; the triggers do, until they are disabled. */
select step_out();
select throws_ok(
  'delete from app_public.task_history',
  '42501',
  'The history of tasks is only ever added to: delete is refused.',
  'a superuser deletes nothing'
);
select throws_ok(
  'update app_public.task_history set version = 0',
  '42501',
  'The history of tasks is only ever added to: update is refused.',
  'and changes nothing'
);
select throws_ok(
  (
    select format('delete from %s', tableoid::regclass)
    from app_public.task_history
    limit 1
  ),
  '42501',
  'The history of tasks is only ever added to: delete is refused.',
  'nor by naming a month'
);

/* Were the grants ever lost, triggers would refuse the visitor too. */
grant update, delete on app_public.task_history to hedgerow_visitor;
create policy update_anything on app_public.task_history for update to hedgerow_visitor using (true) with check (true);
create policy delete_anything on app_public.task_history for delete to hedgerow_visitor using (true);
select sign_in('alice');
select throws_ok(
  'delete from app_public.task_history',
  '42501',
  'The history of tasks is only ever added to: delete is refused.',
  'alice deletes nothing of her own'
);
select step_out();
drop policy update_anything on app_public.task_history;
drop policy delete_anything on app_public.task_history;
revoke update, delete on app_public.task_history from hedgerow_visitor;

/* Who goes is gone from the history, with what their going has written; who stays is not. */
select sign_in('alice');
select lives_ok('select from app_public.delete_me()', 'alice leaves');
select step_out();
select is_empty($$select from app_public.task_history where owner_id = 'alice' or actor_id = 'alice'$$, 'nothing of her is left');
select results_eq('select owner_id from app_public.task_history', array['bob'], 'bob''s history is');
delete from app_public.users where id = 'bob';
select is_empty('select from app_public.task_history', 'an administrator can send him the same way');

/* Months: what was written before a month had its table moves into it, and what is too old goes. */
insert into app_public.users (id) values ('alice');
alter table app_public.task_history alter created_at set default '2001-02-28 23:59:59+00';
insert into app_public.tasks (owner_id, title) values ('alice', 'long ago');
alter table app_public.task_history alter created_at set default '2001-03-01 00:00:00+00';
insert into app_public.tasks (owner_id, title) values ('alice', 'a second later');
select results_eq(
  $$select tableoid::regclass::text from app_public.task_history where owner_id = 'alice'$$,
  array['app_history.task_history_default', 'app_history.task_history_default'],
  'what has no month is kept all the same'
);
set local time zone 'Asia/Tokyo';
select app_private.make_history_month('2001-02-01 00:00+00');
select results_eq(
  $$select tableoid::regclass::text, changes ->> 'title' from app_public.task_history where owner_id = 'alice' order by created_at$$,
  $$values
    ('app_history.task_history_2001_02', '[null, "long ago"]'),
    ('app_history.task_history_default', '[null, "a second later"]')
  $$,
  'it moves into its month, which is one of UTC wherever one is'
);
select throws_ok(
  'delete from app_history.task_history_2001_02',
  '42501',
  'The history of tasks is only ever added to: delete is refused.',
  'where it is as safe'
);
select throws_ok(
  'delete from app_history.task_history_default',
  '42501',
  'The history of tasks is only ever added to: delete is refused.',
  'as what stayed'
);
select ok(
  (select bool_and(relrowsecurity and relforcerowsecurity) from pg_class where relnamespace = 'app_history'::regnamespace and relkind = 'r'),
  'row-level security is forced again'
);
select is_empty($$select app_private.drop_history_months('2001-02-28 23:59:59+00')$$, 'a month is not dropped before it is over');
select results_eq(
  $$select app_private.drop_history_months('2001-03-01 00:00+00')$$,
  array['2001-02'],
  'then it is, and says its name'
);
select results_eq(
  $$select changes ->> 'title' from app_public.task_history where owner_id = 'alice'$$,
  array['[null, "a second later"]'],
  'what came after it stays'
);
select results_eq(
  $$select app_private.drop_history_months('2001-03-01 00:00:00.000001+00')$$,
  array['without a month'],
  'of what has no month, what is older goes'
);
select is_empty('select from app_public.task_history', 'nothing else is left');
select throws_ok(
  'truncate app_history.task_history_default',
  '42501',
  'The history of tasks is only ever added to: truncate is refused.',
  'and all is guarded as before'
);
select is(app_private.make_history_months(), 0, 'the months to come are there already');
select is(app_private.make_history_months(4), 1, 'one more can be made');

select * from finish();
rollback;
