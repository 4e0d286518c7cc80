--! Previous: sha1:0ddc0853c37eb2fa7be3888cc715c129263ff642
--! Hash: sha1:1e61e87536b0a0c4235e762ef0edf62668433ec1
--! Message: task operations

--! split: 1-current.sql
/*
 * What is done to tasks, beyond writing their columns. Each runs with the rights of its caller, under the policies: none has to say whose
 * tasks it means. `if_version` names the version that the caller has read, as in app_private.tg__version.
 *
 * Raised here: ZH404 for tasks that are not there (or not the caller's), ZH409 for ids that are taken, ZH422 for arguments that make no
 * sense. Their messages are for the client; so is the detail, a JSON object. docs/reference/error-codes.md lists them.
 */

/* One task */

create function app_public.complete_task(id uuid, completed boolean default true, if_version integer default null)
returns app_public.tasks
language sql
volatile
as $$
  update app_public.tasks as task
  set completed = complete_task.completed, version = coalesce(if_version, task.version)
  where task.id = complete_task.id
  returning task.*
$$;

create function app_public.toggle_task(id uuid, if_version integer default null)
returns app_public.tasks
language sql
volatile
as $$
  update app_public.tasks as task
  set completed = not task.completed, version = coalesce(if_version, task.version)
  where task.id = toggle_task.id
  returning task.*
$$;

/* As a whole: what is left out goes back to its default. Here null and left out are the same, as in any new task. */
create function app_public.replace_task(id uuid, task app_public.tasks, if_version integer default null)
returns app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  replaced app_public.tasks;
begin
  if (replace_task.task).id <> replace_task.id then
    raise exception using errcode = 'ZH422', message = 'A task keeps its id: the one in the task is another.';
  end if;

  update app_public.tasks as stored
  set
    title = (replace_task.task).title,
    description = (replace_task.task).description,
    completed = coalesce((replace_task.task).completed, false),
    priority = coalesce((replace_task.task).priority, 'normal'),
    due_at = (replace_task.task).due_at,
    tags = coalesce((replace_task.task).tags, '{}'),
    version = coalesce(replace_task.if_version, stored.version)
  where stored.id = replace_task.id
  returning stored.* into replaced;
  return replaced;
end
$$;

/* Putting into the trash what is there already changes nothing, nor does restoring what is not there: both may be repeated. */
create function app_public.trash_task(id uuid, if_version integer default null)
returns app_public.tasks
language sql
volatile
as $$
  update app_public.tasks as task
  set deleted_at = coalesce(task.deleted_at, pg_catalog.now()), version = coalesce(if_version, task.version)
  where task.id = trash_task.id
  returning task.*
$$;

create function app_public.restore_task(id uuid, if_version integer default null)
returns app_public.tasks
language sql
volatile
as $$
  update app_public.tasks as task
  set deleted_at = null, version = coalesce(if_version, task.version)
  where task.id = restore_task.id
  returning task.*
$$;

create function app_public.delete_task(id uuid, if_version integer default null)
returns app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  held app_public.tasks;
begin
  select task.* into held
  from app_public.tasks as task
  where task.id = delete_task.id
  for update;
  if held.version <> delete_task.if_version then
    perform app_hidden.refuse_stale(held.id, held.version);
  end if;

  delete from app_public.tasks as task where task.id = held.id;
  return held;
end
$$;

create function app_public.empty_trash() returns integer
language sql
volatile
as $$
  with emptied as (
    delete from app_public.tasks
    where deleted_at is not null
    returning 1
  )
  select count(*)::integer from emptied
$$;

/* Many tasks: all or nothing */

create type app_public.task_ref as (id uuid, if_version integer);

comment on type app_public.task_ref is 'A task and, if that matters, the version of it that is meant.';
comment on column app_public.task_ref.id is 'The task''s id.';
comment on column app_public.task_ref.if_version is 'The version that was read: if the task has moved on, nothing is changed.';

create type app_public.task_update as (id uuid, if_version integer, patch jsonb);

comment on type app_public.task_update is 'A task and what is to be changed of it.';
comment on column app_public.task_update.id is 'The task''s id.';
comment on column app_public.task_update.if_version is 'The version that was read: if the task has moved on, nothing is changed.';
comment on column app_public.task_update.patch is 'The columns to set; those that are left out stay as they are.';

create function app_hidden.refuse_too_many(count integer) returns void
language plpgsql
immutable
as $$
begin
  if count > 100 then
    raise exception using
      errcode = 'ZH422',
      message = pg_catalog.format('At most 100 tasks at once: these are %s.', count),
      detail = '{"limit": {"max": 100}}';
  end if;
end
$$;

grant execute on function app_hidden.refuse_too_many(integer) to hedgerow_visitor;

comment on function app_hidden.refuse_too_many(integer) is 'Raises ZH422 when more tasks are named than are done at once.';

/*
 * Takes hold of the tasks, all or none, in the order of their ids, so that two callers cannot wait for each other. Whoever calls this then
 * sees them as they are now, not as they were when its statement began.
 */
create function app_hidden.hold_tasks(refs app_public.task_ref[]) returns void
language plpgsql
volatile
as $$
declare
  missing uuid[];
begin
  perform app_hidden.refuse_too_many(pg_catalog.cardinality(refs));
  if exists (select from pg_catalog.unnest(refs) as ref group by ref.id having count(*) > 1 or ref.id is null) then
    raise exception using errcode = 'ZH422', message = 'Each task may be named once.';
  end if;

  perform
  from app_public.tasks as task
  where task.id in (select ref.id from pg_catalog.unnest(refs) as ref)
  order by task.id
  for update;

  select pg_catalog.array_agg(ref.id order by ref.id) into missing
  from pg_catalog.unnest(refs) as ref
  where not exists (select from app_public.tasks as task where task.id = ref.id);
  if missing is not null then
    raise exception using
      errcode = 'ZH404',
      message = 'Some of these tasks are not there, or not yours.',
      detail = pg_catalog.json_build_object('ids', missing);
  end if;

  perform app_hidden.refuse_stale(task.id, task.version)
  from pg_catalog.unnest(refs) as ref
  join app_public.tasks as task on task.id = ref.id
  where task.version <> ref.if_version
  order by task.id
  limit 1;
end
$$;

grant execute on function app_hidden.hold_tasks(app_public.task_ref[]) to hedgerow_visitor;

comment on function app_hidden.hold_tasks(app_public.task_ref[]) is
'Locks the tasks, at most 100, each once, or raises: ZH422 for too many or doubled ones, ZH404 for missing ones, ZH412 for stale ones.';

create function app_public.create_tasks(tasks app_public.tasks[]) returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  ids uuid[];
  made app_public.tasks[];
begin
  perform app_hidden.refuse_too_many(pg_catalog.cardinality(create_tasks.tasks));

  ids = array(
    select coalesce((create_tasks.tasks[position]).id, app_hidden.new_id())
    from pg_catalog.generate_subscripts(create_tasks.tasks, 1) as position
    order by position
  );
  with inserted as (
    insert into app_public.tasks as task (id, title, description, completed, priority, due_at, tags)
    select
      ids[position],
      given.title,
      given.description,
      coalesce(given.completed, false),
      coalesce(given.priority, 'normal'),
      given.due_at,
      coalesce(given.tags, '{}')
    from pg_catalog.generate_subscripts(create_tasks.tasks, 1) as position
    cross join lateral (select (create_tasks.tasks[position]).*) as given
    on conflict (owner_id, id) do nothing
    returning task
  )
  select pg_catalog.array_agg(inserted.task order by pg_catalog.array_position(ids, (inserted.task).id)) into made
  from inserted;

  /* An id is taken when it was there already, or is given twice. */
  if pg_catalog.cardinality(ids) > coalesce(pg_catalog.cardinality(made), 0) then
    raise exception using
      errcode = 'ZH409',
      message = 'Some of these ids are taken by tasks that are already there.',
      detail = (
        select pg_catalog.json_build_object('ids', pg_catalog.json_agg(taken.id order by taken.id))
        from (
          select given.id
          from pg_catalog.unnest(ids) as given (id)
          group by given.id
          having count(*) > (select count(*) from pg_catalog.unnest(made) as task where task.id = given.id)
        ) as taken
      );
  end if;
  return query select task.* from pg_catalog.unnest(made) as task;
end
$$;

/* A key of the patch that is there sets its column, also to null; one that is not there leaves it. */
create function app_public.update_tasks(updates app_public.task_update[]) returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(
    array(
      select (change.id, change.if_version)::app_public.task_ref
      from pg_catalog.unnest(update_tasks.updates) as change
    )
  );

  return query
    with updated as (
      update app_public.tasks as task
      set
        title = patched.title,
        description = patched.description,
        completed = patched.completed,
        priority = patched.priority,
        due_at = patched.due_at,
        tags = patched.tags
      from pg_catalog.unnest(update_tasks.updates) with ordinality as change (id, if_version, patch, position)
      join app_public.tasks as held on held.id = change.id
      cross join lateral pg_catalog.jsonb_populate_record(held, change.patch) as patched
      where task.id = held.id
      returning task, change.position
    )
    select (updated.task).* from updated order by updated.position;
end
$$;

create function app_public.complete_tasks(tasks app_public.task_ref[], completed boolean default true)
returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(complete_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set completed = complete_tasks.completed
      from pg_catalog.unnest(complete_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$$;

create function app_public.trash_tasks(tasks app_public.task_ref[]) returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(trash_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set deleted_at = coalesce(task.deleted_at, pg_catalog.now())
      from pg_catalog.unnest(trash_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$$;

create function app_public.restore_tasks(tasks app_public.task_ref[]) returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(restore_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set deleted_at = null
      from pg_catalog.unnest(restore_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$$;

create function app_public.delete_tasks(tasks app_public.task_ref[]) returns setof app_public.tasks
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(delete_tasks.tasks);

  return query
    with deleted as (
      delete from app_public.tasks as task
      using pg_catalog.unnest(delete_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (deleted.task).* from deleted order by deleted.position;
end
$$;

grant execute on function app_public.complete_task(uuid, boolean, integer) to hedgerow_visitor;
grant execute on function app_public.toggle_task(uuid, integer) to hedgerow_visitor;
grant execute on function app_public.replace_task(uuid, app_public.tasks, integer) to hedgerow_visitor;
grant execute on function app_public.trash_task(uuid, integer) to hedgerow_visitor;
grant execute on function app_public.restore_task(uuid, integer) to hedgerow_visitor;
grant execute on function app_public.delete_task(uuid, integer) to hedgerow_visitor;
grant execute on function app_public.empty_trash() to hedgerow_visitor;
grant execute on function app_public.create_tasks(app_public.tasks[]) to hedgerow_visitor;
grant execute on function app_public.update_tasks(app_public.task_update[]) to hedgerow_visitor;
grant execute on function app_public.complete_tasks(app_public.task_ref[], boolean) to hedgerow_visitor;
grant execute on function app_public.trash_tasks(app_public.task_ref[]) to hedgerow_visitor;
grant execute on function app_public.restore_tasks(app_public.task_ref[]) to hedgerow_visitor;
grant execute on function app_public.delete_tasks(app_public.task_ref[]) to hedgerow_visitor;

comment on function app_public.complete_task(uuid, boolean, integer) is 'Completes a task or, with completed false, reopens it. May be repeated.';
comment on function app_public.toggle_task(uuid, integer) is 'Completes a task that is open, reopens one that is completed.';
comment on function app_public.replace_task(uuid, app_public.tasks, integer) is 'Replaces a task as a whole: what is left out goes back to its default.';
comment on function app_public.trash_task(uuid, integer) is 'Puts a task into the trash, from which it can be restored. May be repeated.';
comment on function app_public.restore_task(uuid, integer) is 'Takes a task out of the trash. May be repeated.';
comment on function app_public.delete_task(uuid, integer) is 'Deletes a task for good, whether it is in the trash or not.';
comment on function app_public.empty_trash() is 'Deletes all tasks in the trash for good, and says how many they were.';
comment on function app_public.create_tasks(app_public.tasks[]) is 'Makes up to 100 tasks: all of them, or none.';
comment on function app_public.update_tasks(app_public.task_update[]) is 'Changes up to 100 tasks, each in its own way: all of them, or none.';
comment on function app_public.complete_tasks(app_public.task_ref[], boolean) is 'Completes up to 100 tasks or, with completed false, reopens them: all of them, or none.';
comment on function app_public.trash_tasks(app_public.task_ref[]) is 'Puts up to 100 tasks into the trash: all of them, or none.';
comment on function app_public.restore_tasks(app_public.task_ref[]) is 'Takes up to 100 tasks out of the trash: all of them, or none.';
comment on function app_public.delete_tasks(app_public.task_ref[]) is 'Deletes up to 100 tasks for good: all of them, or none.';
