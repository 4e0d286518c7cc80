/*
 * A task belongs to the user who made it, for good; nobody else can make, change or delete it, and no other user read it. Administrators read
 * all tasks, or one user's once their transaction has been given to that user.
 */

/* Reset */
select app_private.close_table('app_public.tasks');

/* Policies */
create policy select_owner on app_public.tasks
for select to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

create policy insert_owner on app_public.tasks
for insert to hedgerow_visitor
with check (owner_id = app_hidden.current_user_id());

create policy update_owner on app_public.tasks
for update to hedgerow_visitor
using (owner_id = app_hidden.current_user_id())
with check (owner_id = app_hidden.current_user_id());

create policy delete_owner on app_public.tasks
for delete to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

/* Without a subject the comparison is null. It is a filter to whoever reads all rows, so the subject is asked for once and not for each. */
create policy select_admin on app_public.tasks
for select to hedgerow_admin
using (coalesce(owner_id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `owner_id` is not granted: it comes from the token by default and never changes. An `id` may be chosen at the start, so that a
 * create can be retried; keys start with the owner, so it can clash only with the user's own. `version` may be named in an update, which
 * app_private.tg__version then checks; the times are the database's. Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on table app_public.tasks to hedgerow_visitor;
grant insert (id, title, description, completed, priority, due_at, tags) on table app_public.tasks to hedgerow_visitor;
grant update (title, description, completed, priority, due_at, tags, deleted_at, version) on table app_public.tasks to hedgerow_visitor;
grant select on table app_public.tasks to hedgerow_admin;

comment on policy select_owner on app_public.tasks is 'A user reads only their own tasks.';
comment on policy insert_owner on app_public.tasks is 'A user makes tasks only for themselves.';
comment on policy update_owner on app_public.tasks is 'A user changes only their own tasks, and cannot give them away.';
comment on policy delete_owner on app_public.tasks is 'A user deletes only their own tasks.';
comment on policy select_admin on app_public.tasks is 'Administrators read every task, or those of the user whom their transaction was given to.';
