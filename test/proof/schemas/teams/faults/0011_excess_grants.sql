/* A hurried developer copied `grant all` from an example. Truncate asks no policy. */
grant truncate, references, trigger on public.documents to authenticated;
