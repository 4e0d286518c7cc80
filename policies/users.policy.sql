/*
 * A user sees, changes and deletes one user record, their own, which their first write brings into being from the claims of their token.
 * Administrators read all records, or one user's once their transaction has been given to that user.
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

create policy select_admin on app_public.users
for select to hedgerow_admin
using (coalesce(id = (select app_hidden.current_user_id()), true));

/*
 * Grants. `id` and `email` are not granted: their defaults take them from the token, so that a user record cannot claim an address
 * that the identity provider did not vouch for.
 */
grant select, delete on table app_public.users to hedgerow_visitor;
grant insert (name), update (name) on table app_public.users to hedgerow_visitor;
grant select on table app_public.users to hedgerow_admin;

comment on policy select_owner on app_public.users is 'A user reads only their own record.';
comment on policy insert_owner on app_public.users is 'A user brings only their own record into being.';
comment on policy update_owner on app_public.users is 'A user changes only their own record.';
comment on policy delete_owner on app_public.users is 'A user deletes only their own record.';
comment on policy select_admin on app_public.users is 'Administrators read every record, or that of the user whom their transaction was given to.';
