/* A hurried developer copied the policy for select and changed one word. */
drop policy update_owner on app.bookings;
create policy update_owner on app.bookings
for update to app_user
using (owner_id = (select app_hidden.current_user_id()));
