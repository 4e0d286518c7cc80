/* A hurried developer checked what may be changed, and not into what. */
alter policy update_owner on public.notes with check (true);
