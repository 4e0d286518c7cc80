/* A hurried developer wrote only `using`. PostgreSQL then checks the new row by that, until somebody changes it for another reason. */
drop policy update_owner on public.notes;
create policy update_owner on public.notes
for update to authenticated
using (owner_id = (select auth.uid()));
