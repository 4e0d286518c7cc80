/*
 * A user reads the history of their own tasks. It is written by the triggers of app_public.tasks, whose role can do that and nothing else:
 * an entry is made when a task changes, and goes when its user goes.
 * Administrators read all entries, or one user's once their transaction has been given to that user.
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

create policy select_admin on app_public.task_history
for select to hedgerow_admin
using (coalesce(owner_id = (select app_hidden.current_user_id()), true));

/*
 * Grants. Nobody is granted update or truncate. The historian finds the entries of a user who is gone by `owner_id`, and reads nothing else;
 * whoever may become it (the owner) comes to nothing by that, because its policies hold inside of a trigger only.
 */
grant select on table app_public.task_history to hedgerow_visitor;
grant select on table app_public.task_history to hedgerow_admin;
grant insert, select (owner_id), delete on table app_public.task_history to hedgerow_historian;

comment on policy select_owner on app_public.task_history is 'A user reads only the history of their own tasks.';
comment on policy insert_historian on app_public.task_history is 'Entries are made by triggers, never by hand.';
comment on policy select_historian on app_public.task_history is 'A trigger finds the entries of a user who is gone.';
comment on policy select_admin on app_public.task_history is 'Administrators read every entry, or those of the user whom their transaction was given to.';
comment on policy delete_historian on app_public.task_history is 'Entries are erased by a trigger, when their user is gone, never by hand.';
