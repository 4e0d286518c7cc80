--! Previous: sha1:cca552957b4632d62983a58bb21ce64987168133
--! Hash: sha1:029371ad25b0ceabdd7fa40bcb946787380186ad
--! Message: one order of holding tasks

--! split: 1-current.sql
/*
 * One order in which everybody takes hold of tasks, so that no two requests wait for each other: that of the ids. Bulk changes have had it
 * (app_hidden.hold_tasks); making many, emptying the trash and leaving take it now. And whoever makes a task holds the record of its owner
 * before, not after: between the two it could be deleted, and the task was then refused for the reference, not for the token.
 */

/*
 * The first look finds the record of nearly every writer. It waits for a deletion that is under way; after that the record is made anew, or
 * refused. Another request may make it between the look and the insert; that it may be gone again each time is no reason to try for ever.
 */
create or replace function app_private.tg__ensure_user() returns trigger
language plpgsql
volatile
as $$
begin
  for attempt in 1..3 loop
    perform
    from app_public.users as person
    where person.id = app_hidden.current_user_id()
    for key share;
    exit when found;

    insert into app_public.users (name)
    values (app_hidden.current_user_name())
    on conflict do nothing;
    exit when found;
  end loop;
  return null;
end
$$;

comment on function app_private.tg__ensure_user() is 'Trigger: makes the signed-in user''s record, from the claims of the token, unless it exists; holds it, so that it is there when the task refers to it.';

/* Made in the order of the ids, answered in the order in which they were given. */
create or replace function app_public.create_tasks(tasks app_public.tasks[]) returns setof app_public.tasks
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
    order by ids[position]
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

create or replace function app_public.empty_trash() returns integer
language sql
volatile
as $$
  with held as (
    select task.id
    from app_public.tasks as task
    where task.deleted_at is not null
    order by task.id
    for update
  ),
  emptied as (
    delete from app_public.tasks as task
    using held
    where task.id = held.id
    returning 1
  )
  select count(*)::integer from emptied
$$;

/*
 * The first write of a user who leaves at that moment: neither sees the other's row before it is committed, so both would pass, and the
 * account outlive its deletion. They take turns instead. Only these two pay for it: the making of a record, and the deletion.
 */
create function app_hidden.take_turns(user_id text) returns void
language sql
volatile
as $$
  select pg_catalog.pg_advisory_xact_lock(1751475304, pg_catalog.hashtext(user_id))
$$;

grant execute on function app_hidden.take_turns(text) to hedgerow_visitor;

comment on function app_hidden.take_turns(text) is 'Waits until nobody else makes or deletes the account, and holds it (advisory lock, class 1751475304) to the end of the transaction.';

create or replace function app_private.tg_users__refuse_deleted() returns trigger
language plpgsql
volatile
as $$
begin
  perform app_hidden.take_turns(new.id);
  if exists (
    select from app_hidden.deleted_users as note
    where note.id = new.id
    and note.deleted_at + interval '1 minute' >= coalesce(app_hidden.current_token_issued_at(), '-infinity')
  ) then
    raise exception using
      errcode = 'ZH401',
      message = 'This account was deleted, and its tokens are of no use any more. Sign in again to start anew, after a minute.';
  end if;
  return null;
end
$$;

/*
 * The record first, so that no task can come after those that are held then; these next, because what deletes them along with the record
 * takes them as it finds them. The answer is the record as it was then: for a moment a client may want to say good-bye by name.
 */
create or replace function app_public.delete_me() returns app_public.users
language plpgsql
volatile
as $$
declare
  leaving app_public.users;
begin
  perform app_hidden.take_turns(app_hidden.current_user_id());
  perform
  from app_public.users as person
  where person.id = app_hidden.current_user_id()
  for update;
  perform
  from app_public.tasks as task
  where task.owner_id = app_hidden.current_user_id()
  order by task.id
  for update;

  leaving = app_public.me();
  delete from app_public.users as person where person.id = app_hidden.current_user_id();
  /* Who never wrote anything has no record to delete, but has tokens. */
  if not found and leaving.id is not null then
    perform app_hidden.note_deletion(leaving.id);
  end if;
  return leaving;
end
$$;
