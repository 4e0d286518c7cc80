/* A hurried developer had a client that sends whole rows, and let it send the author too. */
grant insert (owner_id), update (owner_id) on public.documents to authenticated;
