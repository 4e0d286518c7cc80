/* A hurried developer dropped a policy and made it again without `to`. */
drop policy delete_owner on app.remarks;
create policy delete_owner on app.remarks
for delete
using (owner_id = (select app_hidden.current_user_id()));
