/* A hurried developer wrote the same as an index, which no list of constraints shows. */
create unique index notes_id_key on public.notes (id);
