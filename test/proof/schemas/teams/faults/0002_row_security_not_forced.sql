/* A hurried developer wrote `enable` and had never heard of `force`: whoever owns the table goes round its policies. */
alter table public.documents no force row level security;
