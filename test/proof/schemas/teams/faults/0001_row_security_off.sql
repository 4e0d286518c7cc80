/* A hurried developer looked for a missing row, switched row-level security off, and did not switch it on again. */
alter table public.notes disable row level security;
