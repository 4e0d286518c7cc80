/* A hurried developer granted by the table, owner and all. */
grant insert, update on public.notes to authenticated;
