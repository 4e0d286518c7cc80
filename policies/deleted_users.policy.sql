/*
 * A user leaves, and sees, one note that they are gone: their own. It names them by the token, not by what they say. Administrators read all
 * notes, or one user's once their transaction has been given to that user.
 */

/* Reset */
select app_private.close_table('app_hidden.deleted_users');

/* Policies */
create policy select_owner on app_hidden.deleted_users
for select to hedgerow_visitor
using (id = app_hidden.current_user_id());

create policy insert_owner on app_hidden.deleted_users
for insert to hedgerow_visitor
with check (id = app_hidden.current_user_id());

create policy update_owner on app_hidden.deleted_users
for update to hedgerow_visitor
using (id = app_hidden.current_user_id())
with check (id = app_hidden.current_user_id());

create policy select_admin on app_hidden.deleted_users
for select to hedgerow_admin
using (coalesce(id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `id` is not granted: its default takes it from the token. Delete is not granted, because a note that its user can take back
 * would end nothing.
 */
grant select on table app_hidden.deleted_users to hedgerow_visitor;
grant insert (deleted_at), update (deleted_at) on table app_hidden.deleted_users to hedgerow_visitor;
grant select on table app_hidden.deleted_users to hedgerow_admin;

comment on policy select_owner on app_hidden.deleted_users is 'A user sees only whether they themselves are gone.';
comment on policy insert_owner on app_hidden.deleted_users is 'A user notes only their own leaving.';
comment on policy update_owner on app_hidden.deleted_users is 'A user who leaves again renews only their own note.';
comment on policy select_admin on app_hidden.deleted_users is 'Administrators read every note, or that of the user whom their transaction was given to.';
