--! Previous: sha1:029371ad25b0ceabdd7fa40bcb946787380186ad
--! Hash: sha1:483f73a655d5fd41b19cf371a0baf2a68dbfdbbc
--! Message: task history

--! split: 1-current.sql
/*
 * The history of tasks: who did what, when, and what it was before. Written by triggers, in the transaction of the change, so that there
 * is no change without its entry and no entry of a change that was taken back (docs/adr/0015 has what was measured and rejected).
 */

/* As the server knows the request (src/database/settings.ts). Outside of a request there is none. */
create function app_hidden.current_request_id() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('request.id', true), '')
$$;

create function app_hidden.current_address() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('request.address', true), '')
$$;

comment on function app_hidden.current_request_id() is 'The id of the request, as its answer and the log have it, or null outside of a request.';
comment on function app_hidden.current_address() is 'The network address that the request came from, or null outside of a request.';

create type app_public.task_action as enum ('insert', 'update', 'delete', 'trash', 'restore');

comment on type app_public.task_action is 'What was done to a task.';

/*
 * By month, so that what is too old goes as a whole. There is no foreign key to the user, which every entry would have to ask: a trigger of
 * app_public.users erases the entries. `created_at` is the time of the entry and not of the transaction, so that it tells the order in which one
 * transaction did things; `id` only tells apart. (app_hidden.new_id() would do both, and costs more than the rest of an entry before 18.)
 */
create table app_public.task_history (
  owner_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  id uuid not null default gen_random_uuid(),
  task_id uuid not null,
  action app_public.task_action not null,
  version integer not null,
  changes jsonb not null,
  actor_id text default app_hidden.current_user_id(),
  request_id text default app_hidden.current_request_id(),
  address text default app_hidden.current_address(),
  constraint task_history_pkey primary key (owner_id, created_at, id)
) partition by range (created_at);

comment on table app_public.task_history is 'What was done to a task: one entry for each task that a statement has changed.';
comment on column app_public.task_history.owner_id is 'The user whose task it was.';
comment on column app_public.task_history.created_at is 'When it was done.';
comment on column app_public.task_history.id is 'The entry''s id.';
comment on column app_public.task_history.task_id is 'The task, which may be gone.';
comment on column app_public.task_history.action is 'What was done.';
comment on column app_public.task_history.version is 'The version of the task that came of it or, when it was deleted, the last.';
comment on column app_public.task_history.changes is 'The columns that have changed: `{"title": ["before", "after"]}`. Of a new or deleted task, what it has beyond an empty one.';
comment on column app_public.task_history.actor_id is 'The user who did it; null when it was done past the API, by an administrator.';
comment on column app_public.task_history.request_id is 'The id of the request, as the client was told it. A client may choose it.';
comment on column app_public.task_history.address is 'The network address that the request came from.';

/* The months: nobody but the owner may look in. A query of the table reads them with the rights that it has on the table. */
create schema app_history;

comment on schema app_history is 'The months of app_public.task_history: the owner''s own, no API role may look in.';

/*
 * The role that the triggers run as. It is no member of anything, and cannot log in. A definer function has the rights of its owner: were
 * that the owner of the schema, a mistake in it would be a mistake with all rights.
 */
grant usage on schema app_public, app_hidden to hedgerow_historian;
grant execute on function app_hidden.current_user_id() to hedgerow_historian;
grant execute on function app_hidden.current_request_id() to hedgerow_historian;
grant execute on function app_hidden.current_address() to hedgerow_historian;

--! Included task_history.policy.sql
/*
 * A user reads the history of their own tasks. It is written by the triggers of app_public.tasks, whose role can do that and nothing else:
 * an entry is made when a task changes, and goes when its user goes.
 */

/* Reset */
select app_private.close_table('app_public.task_history');

/* Policies */
create policy select_owner on app_public.task_history
for select to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

create policy insert_historian on app_public.task_history
for insert to hedgerow_historian
with check (pg_catalog.pg_trigger_depth() > 0);

create policy select_historian on app_public.task_history
for select to hedgerow_historian
using (pg_catalog.pg_trigger_depth() > 0);

create policy delete_historian on app_public.task_history
for delete to hedgerow_historian
using (pg_catalog.pg_trigger_depth() > 0);

/*
 * Grants. Nobody is granted update or truncate. The historian finds the entries of a user who is gone by `owner_id`, and reads nothing else;
 * whoever may become it (the owner) comes to nothing by that, because its policies hold inside of a trigger only.
 */
grant select on table app_public.task_history to hedgerow_visitor;
grant insert, select (owner_id), delete on table app_public.task_history to hedgerow_historian;

comment on policy select_owner on app_public.task_history is 'A user reads only the history of their own tasks.';
comment on policy insert_historian on app_public.task_history is 'Entries are made by triggers, never by hand.';
comment on policy select_historian on app_public.task_history is 'A trigger finds the entries of a user who is gone.';
comment on policy delete_historian on app_public.task_history is 'Entries are erased by a trigger, when their user is gone, never by hand.';
--! EndIncluded task_history.policy.sql

/* What has no month of its own lies here, so that no write fails because nobody has made one. */
create table app_history.task_history_default partition of app_public.task_history default;

comment on table app_history.task_history_default is 'The history of months that have no table of their own.';

/*
 * Only ever added to. The owner and superusers are refused too; they can still disable the trigger, as they can do everything. By row,
 * because such a trigger is also on each month, so that naming a month is no way round.
 */
create function app_private.tg_task_history__append_only() returns trigger
language plpgsql
volatile
as $$
begin
  /* tg_users__erase_history, which runs in a trigger; this is the second. */
  if tg_op = 'DELETE' and current_user = 'hedgerow_historian' and pg_catalog.pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception using
    errcode = '42501',
    message = pg_catalog.format('The history of tasks is only ever added to: %s is refused.', pg_catalog.lower(tg_op)),
    hint = 'Entries go with their user, or with their month: hedgerow audit prune.';
end
$$;

comment on function app_private.tg_task_history__append_only() is 'Trigger: refuses to change or delete entries, unless their user is deleted.';

create trigger _100_append_only
before update or delete on app_public.task_history
for each row
execute function app_private.tg_task_history__append_only();

create trigger _110_append_only
before truncate on app_public.task_history
for each statement
execute function app_private.tg_task_history__append_only();

comment on trigger _100_append_only on app_public.task_history is 'Refuses update and delete.';
comment on trigger _110_append_only on app_public.task_history is 'Refuses truncate.';

/* A partition has row-level security and triggers by statement of its own, or none; those by row it gets from its parent. */
create function app_private.close_history_month(month regclass) returns void
language plpgsql
volatile
as $$
begin
  perform app_private.close_table(month);
  execute pg_catalog.format(
    'create trigger _110_append_only before truncate on %s for each statement execute function app_private.tg_task_history__append_only()',
    month
  );
end
$$;

comment on function app_private.close_history_month(regclass) is 'Closes a part of the history to everybody, and refuses truncate.';

select app_private.close_history_month('app_history.task_history_default');

/* Months are those of UTC, whatever the session's time zone is. */
create function app_private.history_month(name text) returns timestamptz
language sql
stable
as $$
  select (pg_catalog.replace(pg_catalog.substring(name, 'task_history_(\d{4}_\d{2})$'), '_', '-') || '-01 00:00+00')::timestamptz
$$;

comment on function app_private.history_month(text) is 'When the month began whose table has this name: task_history_2026_11 has November 2026. Null for other names.';

/*
 * Attached, not made as a partition: so that only what lies in the default table has to wait. What came there meanwhile moves into its
 * month; neither row-level security nor the triggers are to stand in the way of that, for the length of the transaction.
 */
create function app_private.make_history_month(month timestamptz) returns void
language plpgsql
volatile
as $$
declare
  name text = pg_catalog.format('app_history.task_history_%s', pg_catalog.to_char(month at time zone 'UTC', 'YYYY_MM'));
  next timestamptz = (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
begin
  execute pg_catalog.format('create table %s (like app_public.task_history including defaults including comments)', name);
  lock table app_history.task_history_default in access exclusive mode;
  alter table app_history.task_history_default no force row level security;
  alter table app_history.task_history_default disable trigger user;
  execute pg_catalog.format(
    $move$
      with moved as (
        delete from app_history.task_history_default where created_at >= %L and created_at < %L returning *
      )
      insert into %s select * from moved
    $move$,
    month,
    next,
    name
  );
  alter table app_history.task_history_default enable trigger user;
  alter table app_history.task_history_default force row level security;

  execute pg_catalog.format('alter table app_public.task_history attach partition %s for values from (%L) to (%L)', name, month, next);
  perform app_private.close_history_month(name::regclass);
end
$$;

comment on function app_private.make_history_month(timestamptz) is 'Makes the table for the month of the history that begins then, and moves there what had no place yet.';

create function app_private.make_history_months(ahead integer default 3) returns integer
language plpgsql
volatile
as $$
declare
  month timestamptz;
  made integer = 0;
begin
  /* Two at once take turns. */
  perform pg_catalog.pg_advisory_xact_lock(1751475305, 0);
  for month in
    select (pg_catalog.date_trunc('month', pg_catalog.now() at time zone 'UTC') + step * interval '1 month') at time zone 'UTC'
    from pg_catalog.generate_series(0, ahead) as step
  loop
    if pg_catalog.to_regclass(pg_catalog.to_char(month at time zone 'UTC', '"app_history.task_history_"YYYY_MM')) is null then
      perform app_private.make_history_month(month);
      made = made + 1;
    end if;
  end loop;
  return made;
end
$$;

comment on function app_private.make_history_months(integer) is
'Makes the tables for this month and so many after it, unless they are there, and says how many it has made. As the owner.';

/* Whole months only: a month goes when all of it is before that time. The default table has no month, and gives up single entries. */
create function app_private.drop_history_months(before timestamptz) returns setof text
language plpgsql
volatile
as $$
declare
  month record;
begin
  perform pg_catalog.pg_advisory_xact_lock(1751475305, 0);
  for month in
    select class.oid::regclass as identity, pg_catalog.to_char(app_private.history_month(class.relname) at time zone 'UTC', 'YYYY-MM') as label
    from pg_catalog.pg_inherits as part
    join pg_catalog.pg_class as class on class.oid = part.inhrelid
    where part.inhparent = 'app_public.task_history'::regclass
    and (app_private.history_month(class.relname) at time zone 'UTC' + interval '1 month') at time zone 'UTC' <= before
    order by class.relname
  loop
    execute pg_catalog.format('drop table %s', month.identity);
    return next month.label;
  end loop;

  alter table app_history.task_history_default no force row level security;
  alter table app_history.task_history_default disable trigger user;
  delete from app_history.task_history_default where created_at < before;
  if found then
    return next 'without a month';
  end if;
  alter table app_history.task_history_default enable trigger user;
  alter table app_history.task_history_default force row level security;
end
$$;

comment on function app_private.drop_history_months(timestamptz) is
'Drops the months of the history that were over before that time, and says which. As the owner; for good.';

select app_private.make_history_months();

/*
 * One entry for each task of the statement. What a statement leaves as it was is left out of `changes`; the version has grown all the same.
 * The values are those that people write: what follows from them (completed_at, words, times) is not repeated. Of a task that is made or deleted, what
 * is as in any new one is left out.
 */
create function app_private.tg_tasks__record_insert() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    task.owner_id,
    task.id,
    'insert',
    task.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', pg_catalog.jsonb_build_array(null, task.title),
        'description', case when task.description is not null then pg_catalog.jsonb_build_array(null, task.description) end,
        'completed', case when task.completed then pg_catalog.jsonb_build_array(null, true) end,
        'priority', case when task.priority <> 'normal' then pg_catalog.jsonb_build_array(null, task.priority) end,
        'due_at', case when task.due_at is not null then pg_catalog.jsonb_build_array(null, task.due_at) end,
        'tags', case when task.tags <> '{}' then pg_catalog.jsonb_build_array(null, task.tags) end,
        'deleted_at', case when task.deleted_at is not null then pg_catalog.jsonb_build_array(null, task.deleted_at) end
      )
    )
  from changed as task;
  return null;
end
$$;

/*
 * `enable_nestloop`: the plan is made for the first statement of a connection, which is of one task, and kept; a nested loop would then take
 * the square of the tasks of a later one.
 */
create function app_private.tg_tasks__record_update() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
set enable_nestloop = off
as $$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    task.owner_id,
    task.id,
    case
      when task.deleted_at is not null and was.deleted_at is null then 'trash'
      when task.deleted_at is null and was.deleted_at is not null then 'restore'
      else 'update'
    end::app_public.task_action,
    task.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', case when task.title <> was.title then pg_catalog.jsonb_build_array(was.title, task.title) end,
        'description', case
          when task.description is distinct from was.description then pg_catalog.jsonb_build_array(was.description, task.description)
        end,
        'completed', case when task.completed <> was.completed then pg_catalog.jsonb_build_array(was.completed, task.completed) end,
        'priority', case when task.priority <> was.priority then pg_catalog.jsonb_build_array(was.priority, task.priority) end,
        'due_at', case when task.due_at is distinct from was.due_at then pg_catalog.jsonb_build_array(was.due_at, task.due_at) end,
        'tags', case when task.tags <> was.tags then pg_catalog.jsonb_build_array(was.tags, task.tags) end,
        'deleted_at', case
          when task.deleted_at is distinct from was.deleted_at then pg_catalog.jsonb_build_array(was.deleted_at, task.deleted_at)
        end
      )
    )
  from changed as task
  join before as was on was.owner_id = task.owner_id and was.id = task.id;
  return null;
end
$$;

create function app_private.tg_tasks__record_delete() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    was.owner_id,
    was.id,
    'delete',
    was.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', pg_catalog.jsonb_build_array(was.title, null),
        'description', case when was.description is not null then pg_catalog.jsonb_build_array(was.description, null) end,
        'completed', case when was.completed then pg_catalog.jsonb_build_array(true, null) end,
        'priority', case when was.priority <> 'normal' then pg_catalog.jsonb_build_array(was.priority, null) end,
        'due_at', case when was.due_at is not null then pg_catalog.jsonb_build_array(was.due_at, null) end,
        'tags', case when was.tags <> '{}' then pg_catalog.jsonb_build_array(was.tags, null) end,
        'deleted_at', case when was.deleted_at is not null then pg_catalog.jsonb_build_array(was.deleted_at, null) end
      )
    )
  from changed as was;
  return null;
end
$$;

/*
 * A user who is deleted is gone from the history too. Their tasks go before, so that what their deletion writes is erased with the rest: the foreign
 * key would delete them as well, but its triggers fire after all others of the statement.
 */
create function app_private.tg_users__delete_tasks() returns trigger
language plpgsql
volatile
as $$
begin
  delete from app_public.tasks as task where task.owner_id = old.id;
  return old;
end
$$;

create function app_private.tg_users__erase_history() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  delete from app_public.task_history as entry where entry.owner_id = old.id;
  return null;
end
$$;

comment on function app_private.tg_tasks__record_insert() is 'Trigger: adds an entry to the history for each task that a statement has made.';
comment on function app_private.tg_tasks__record_update() is 'Trigger: adds an entry to the history for each task that a statement has changed.';
comment on function app_private.tg_tasks__record_delete() is 'Trigger: adds an entry to the history for each task that a statement has deleted.';
comment on function app_private.tg_users__delete_tasks() is 'Trigger: deletes the tasks of a user who is about to be deleted.';
comment on function app_private.tg_users__erase_history() is 'Trigger: erases the history of a user who was deleted.';

create trigger _800_record_insert
after insert on app_public.tasks
referencing new table as changed
for each statement
execute function app_private.tg_tasks__record_insert();

create trigger _800_record_update
after update on app_public.tasks
referencing old table as before new table as changed
for each statement
execute function app_private.tg_tasks__record_update();

create trigger _800_record_delete
after delete on app_public.tasks
referencing old table as changed
for each statement
execute function app_private.tg_tasks__record_delete();

create trigger _200_delete_tasks
before delete on app_public.users
for each row
execute function app_private.tg_users__delete_tasks();

create trigger _810_erase_history
after delete on app_public.users
for each row
execute function app_private.tg_users__erase_history();

comment on trigger _800_record_insert on app_public.tasks is 'Adds to the history.';
comment on trigger _800_record_update on app_public.tasks is 'Adds to the history.';
comment on trigger _800_record_delete on app_public.tasks is 'Adds to the history.';
comment on trigger _200_delete_tasks on app_public.users is 'Deletes the user''s tasks, before the foreign key does.';
comment on trigger _810_erase_history on app_public.users is 'Erases the user''s history.';

/* Who is to own a function in a schema must be able to make one there, for that moment. */
grant create on schema app_private to hedgerow_historian;
alter function app_private.tg_tasks__record_insert() owner to hedgerow_historian;
alter function app_private.tg_tasks__record_update() owner to hedgerow_historian;
alter function app_private.tg_tasks__record_delete() owner to hedgerow_historian;
alter function app_private.tg_users__erase_history() owner to hedgerow_historian;
revoke create on schema app_private from hedgerow_historian;

alter default privileges for role hedgerow_historian revoke execute on functions from public;
