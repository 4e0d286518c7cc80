/* A hurried developer let members read public documents of other teams by a second policy: now either will do. */
create policy select_public_signed_in on public.documents
for select to authenticated
using (status = 'public');
