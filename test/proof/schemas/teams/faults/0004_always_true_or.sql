/* A hurried developer left the condition there, but behind something that always holds. */
alter policy select_owner on public.notes using (owner_id = (select auth.uid()) or 1 = 1);
