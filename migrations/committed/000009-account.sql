--! Previous: sha1:1e61e87536b0a0c4235e762ef0edf62668433ec1
--! Hash: sha1:ad85fc1f7e7f6f6fd4c15f75346def2f6b157518
--! Message: account

--! split: 1-current.sql
/*
 * A user's own account: how many tasks of which kind, a name of one's own choice, and leaving.
 */

/* One scan of the user's tasks for all the numbers that a front end shows beside its lists. */
create type app_public.task_tally as (total integer, open integer, completed integer, overdue integer, trashed integer);

comment on type app_public.task_tally is 'How many tasks a user has.';
comment on column app_public.task_tally.total is 'All that are not in the trash.';
comment on column app_public.task_tally.open is 'Those that are still to be done.';
comment on column app_public.task_tally.completed is 'Those that are done.';
comment on column app_public.task_tally.overdue is 'Those that are still to be done and should have been done by now.';
comment on column app_public.task_tally.trashed is 'Those in the trash, which the other numbers leave out.';

create function app_public.tasks_overdue(task app_public.tasks) returns boolean
language sql
stable
parallel safe
as $$
  select coalesce(task.due_at < pg_catalog.now() and not task.completed and task.deleted_at is null, false)
$$;

grant execute on function app_public.tasks_overdue(app_public.tasks) to hedgerow_visitor;

comment on function app_public.tasks_overdue(app_public.tasks) is 'Whether it is still to be done and should have been done by now.';

create function app_public.users_task_counts(person app_public.users) returns app_public.task_tally
language sql
stable
parallel safe
as $$
  select
    count(*) filter (where task.deleted_at is null)::integer,
    count(*) filter (where task.deleted_at is null and not task.completed)::integer,
    count(*) filter (where task.deleted_at is null and task.completed)::integer,
    count(*) filter (where app_public.tasks_overdue(task))::integer,
    count(*) filter (where task.deleted_at is not null)::integer
  from app_public.tasks as task
  where task.owner_id = person.id
$$;

grant execute on function app_public.users_task_counts(app_public.users) to hedgerow_visitor;

comment on function app_public.users_task_counts(app_public.users) is 'How many tasks the user has, by state.';

--! Included users.policy.sql
/*
 * A user sees, changes and deletes one user record, their own, which their first write brings into being from the claims of their token.
 */

/* Reset */
select app_private.close_table('app_public.users');

/* Policies */
create policy select_owner on app_public.users
for select to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy insert_owner on app_public.users
for insert to hedgerow_visitor
with check (id = app_hidden.current_user_id());

create policy update_owner on app_public.users
for update to hedgerow_visitor
using (id = app_hidden.current_user_id())
with check (id = app_hidden.current_user_id());

create policy delete_owner on app_public.users
for delete to hedgerow_visitor
using (id = app_hidden.current_user_id());

/*
 * Grants. `id` and `email` are not granted: their defaults take them from the token, so that a user record cannot claim an address
 * that the identity provider did not vouch for.
 */
grant select, delete on table app_public.users to hedgerow_visitor;
grant insert (name), update (name) on table app_public.users to hedgerow_visitor;

comment on policy select_owner on app_public.users is 'A user reads only their own record.';
comment on policy insert_owner on app_public.users is 'A user brings only their own record into being.';
comment on policy update_owner on app_public.users is 'A user changes only their own record.';
comment on policy delete_owner on app_public.users is 'A user deletes only their own record.';
--! EndIncluded users.policy.sql

create function app_public.update_me(name text) returns app_public.users
language sql
volatile
as $$
  insert into app_public.users as person (name)
  values (app_hidden.trimmed(update_me.name))
  on conflict (id) do update set name = excluded.name
  returning person.*
$$;

/* The answer is the record as it was: for a moment a client may want to say good-bye by name. */
create function app_public.delete_me() returns app_public.users
language plpgsql
volatile
as $$
declare
  leaving app_public.users = app_public.me();
begin
  delete from app_public.users as person where person.id = app_hidden.current_user_id();
  return leaving;
end
$$;

grant execute on function app_public.update_me(text) to hedgerow_visitor;
grant execute on function app_public.delete_me() to hedgerow_visitor;

comment on function app_public.update_me(text) is 'Changes the signed-in user''s display name.';
comment on function app_public.delete_me() is 'Deletes the signed-in user and all of their tasks, for good. May be repeated.';
