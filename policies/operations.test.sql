/* Proves that the functions of app_public do what they do under the policies: to one's own, and to nothing else. C-21, C-25, C-27, C-31, C-32, T-03, T-08 */
\ir testing/scene.sql

select plan(45);

/* They run with the rights of who calls them. */
select is_empty(
  $$
    select oid::regprocedure from pg_proc
    where pronamespace = 'app_public'::regnamespace
    and (prosecdef or proisstrict or prolang not in (select oid from pg_language where lanname in ('sql', 'plpgsql')))
  $$,
  'none of them has rights of its own'
);

/* Alice's task is not bob's, whatever he does to it; and it is as if it were not there. */
select sign_in('bob');
select is(operation.answer, null, operation.name || ' finds nothing of hers')
from (
  values
    ('complete_task', (select task.id from app_public.complete_task('00000000-0000-7000-8000-00000000000a') as task)),
    ('toggle_task', (select task.id from app_public.toggle_task('00000000-0000-7000-8000-00000000000a') as task)),
    ('trash_task', (select task.id from app_public.trash_task('00000000-0000-7000-8000-00000000000a') as task)),
    ('restore_task', (select task.id from app_public.restore_task('00000000-0000-7000-8000-00000000000a') as task)),
    ('delete_task', (select task.id from app_public.delete_task('00000000-0000-7000-8000-00000000000a') as task)),
    ('replace_task', (
      select task.id
      from app_public.replace_task('00000000-0000-7000-8000-00000000000a', jsonb_populate_record(null::app_public.tasks, '{"title": "x"}')) as task
    )),
    ('a stale complete_task', (select task.id from app_public.complete_task('00000000-0000-7000-8000-00000000000a', true, 99) as task)),
    ('a stale delete_task', (select task.id from app_public.delete_task('00000000-0000-7000-8000-00000000000a', 99) as task))
) as operation (name, answer);
select throws_ok(
  format('select from app_public.%s(array[(%L, null)::app_public.task_ref])', operation.name, task.id),
  'ZH404',
  'Some of these tasks are not there, or not yours.',
  operation.name || ' says the same of hers as of one that is not there'
)
from (values ('complete_tasks'), ('trash_tasks'), ('restore_tasks'), ('delete_tasks')) as operation (name),
  (values ('00000000-0000-7000-8000-00000000000a'), ('00000000-0000-7000-8000-00000000000f')) as task (id);
select throws_ok(
  format('select from app_public.update_tasks(array[(%L, null, %L)::app_public.task_update])', task.id, '{"title": "x"}'),
  'ZH404',
  'Some of these tasks are not there, or not yours.',
  'update_tasks says the same of hers as of one that is not there'
)
from (values ('00000000-0000-7000-8000-00000000000a'), ('00000000-0000-7000-8000-00000000000f')) as task (id);
select throws_ok(
  $$select from app_public.delete_tasks(array[('00000000-0000-7000-8000-00000000000a', 99)::app_public.task_ref])$$,
  'ZH404',
  'Some of these tasks are not there, or not yours.',
  'and nothing of its version'
);
select results_eq(
  $$select id, title from app_public.create_tasks(array[jsonb_populate_record(null::app_public.tasks, '{"id": "00000000-0000-7000-8000-00000000000a", "title": "Bob''s own"}')])$$,
  $$values ('00000000-0000-7000-8000-00000000000a'::uuid, 'Bob''s own')$$,
  'her id is free for him'
);
select results_eq('select app_public.empty_trash()', array[0], 'there is nothing in his trash');
select step_out();
select results_eq(
  $$select title, completed, deleted_at, version from app_public.tasks where owner_id = 'alice'$$,
  $$values ('Alice plants', false, null::timestamptz, 1)$$,
  'hers was there all the time, and is what it was'
);

/* With her own, alice has her way; one by one, and many at once. */
select sign_in('alice');
select results_eq(
  $$select completed, completed_at is not null from app_public.complete_task('00000000-0000-7000-8000-00000000000a')$$,
  $$values (true, true)$$,
  'alice completes'
);
select results_eq($$select completed from app_public.toggle_task('00000000-0000-7000-8000-00000000000a')$$, array[false], 'toggles');
select results_eq(
  $$
    select title, description, priority::text, tags
    from app_public.replace_task('00000000-0000-7000-8000-00000000000a', jsonb_populate_record(null::app_public.tasks, '{"title": "Alice sows"}'))
  $$,
  $$values ('Alice sows', null::text, 'normal', '{}'::text[])$$,
  'replaces'
);
select throws_ok(
  $$select from app_public.replace_task('00000000-0000-7000-8000-00000000000a', jsonb_populate_record(null::app_public.tasks, '{"id": "00000000-0000-7000-8000-00000000000f", "title": "x"}'))$$,
  'ZH422',
  null,
  'but not with another id'
);
select results_eq($$select deleted_at is not null from app_public.trash_task('00000000-0000-7000-8000-00000000000a')$$, array[true], 'puts into the trash');
select results_eq(
  $$select trashed, total from app_public.users_task_counts((select person from app_public.users as person))$$,
  $$values (1, 0)$$,
  'counts it there'
);
select results_eq($$select deleted_at from app_public.restore_task('00000000-0000-7000-8000-00000000000a')$$, array[null::timestamptz], 'takes it out');
select throws_ok($$select from app_public.delete_task('00000000-0000-7000-8000-00000000000a', 1)$$, 'ZH412', null, 'a delete for an older version is refused');
select results_eq(
  $$
    select title from app_public.create_tasks(
      array(select jsonb_populate_record(null::app_public.tasks, jsonb_build_object('title', number)) from generate_series(1, 100) as number)
    )
  $$,
  'select number::text from generate_series(1, 100) as number',
  'alice makes a hundred tasks, in the order in which she gave them'
);
select throws_ok(
  $$
    select from app_public.create_tasks(
      array(select jsonb_populate_record(null::app_public.tasks, jsonb_build_object('title', number)) from generate_series(1, 101) as number)
    )
  $$,
  'ZH422',
  'At most 100 tasks at once: these are 101.',
  'a hundred and one are too many'
);
select throws_ok(
  $$
    select from app_public.create_tasks(
      array(select jsonb_populate_record(null::app_public.tasks, change) from jsonb_array_elements('[{"title": "new"}, {"id": "00000000-0000-7000-8000-00000000000a", "title": "taken"}]') as change)
    )
  $$,
  'ZH409',
  null,
  'an id that is taken takes the others along'
);
select is_empty($$select from app_public.tasks where title = 'new'$$, 'none was made');
select throws_ok(
  $$select from app_public.complete_tasks(array[('00000000-0000-7000-8000-00000000000a', null), ('00000000-0000-7000-8000-00000000000a', null)]::app_public.task_ref[])$$,
  'ZH422',
  'Each task may be named once.',
  'a task cannot be named twice'
);
select throws_ok(
  $$select from app_public.complete_tasks(array[('00000000-0000-7000-8000-00000000000a', null), ('00000000-0000-7000-8000-00000000000b', null)]::app_public.task_ref[])$$,
  'ZH404',
  null,
  'one that is not hers stops all'
);
select results_eq($$select completed from app_public.tasks where id = '00000000-0000-7000-8000-00000000000a'$$, array[false], 'nothing was done');
select throws_ok(
  $$select from app_public.complete_tasks(array[('00000000-0000-7000-8000-00000000000a', 1)]::app_public.task_ref[])$$,
  'ZH412',
  null,
  'a stale one stops all too'
);
select results_eq(
  $$
    select title, due_at, description
    from app_public.update_tasks(array[('00000000-0000-7000-8000-00000000000a', null, '{"due_at": "2030-01-01T00:00:00Z", "description": null}')::app_public.task_update])
  $$,
  $$values ('Alice sows', '2030-01-01T00:00:00Z'::timestamptz, null::text)$$,
  'a patch sets what it names, and leaves the rest'
);
select results_eq(
  $$
    select count(*) from app_public.delete_tasks(
      array(select (id, version)::app_public.task_ref from app_public.tasks where title <> 'Alice sows')
    )
  $$,
  array[100::bigint],
  'alice deletes the hundred'
);
select step_out();
select results_eq(
  'select owner_id, title from app_public.tasks order by owner_id, id',
  $$values ('alice', 'Alice sows'), ('bob', 'Bob''s own'), ('bob', 'Bob trims')$$,
  'and nobody else''s'
);

/* Nobody has no tasks, and makes none. */
select sign_out();
select is((select task.id from app_public.complete_task('00000000-0000-7000-8000-00000000000a') as task), null, 'nobody completes nothing');
select throws_ok(
  $$select from app_public.create_tasks(array[jsonb_populate_record(null::app_public.tasks, '{"title": "x"}')])$$,
  '42501',
  null,
  'nobody makes nothing'
);
select is((select id from app_public.delete_me()), null, 'nobody leaves');

select step_out();
select * from finish();
rollback;
