/* A hurried developer wanted short numbers. One user's show how many all the others have made. */
alter table public.notes add column number bigint generated always as identity;
