/* A hurried developer added the house's policy as a permissive one: a customer now sees all of the house. */
create policy select_tenant on app.bookings
for select to app_user
using (tenant_id = (select app_hidden.current_tenant_id()));
