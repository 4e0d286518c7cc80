-- clean

-- broken: app_public.notes_price_idx
alter table app_public.notes add column price numeric;
create index notes_price_idx on app_public.notes (price);

-- mended
drop index app_public.notes_price_idx;

-- broken: app_public.notes_words_idx
create index notes_words_idx on app_public.notes using gin (to_tsvector('simple', title));

-- mended
drop index app_public.notes_words_idx;

-- near miss: operators that are leakproof, a column of the policy, and a table without one
create index notes_title_idx on app_public.notes (title, id);
create table app_hidden.prices (price numeric primary key);
alter table app_public.notes add column rank numeric;
alter policy select_owner on app_public.notes using (owner_id = app_hidden.user_id() and rank = any (array[app_hidden.user_id()::numeric]));
create index notes_rank_idx on app_public.notes (rank);

-- near miss: dates are compared with times of day by operators that are not leakproof, and nobody does it
alter table app_public.notes add column made_at timestamptz;
create index notes_made_idx on app_public.notes (made_at);

-- broken: app_public.lines_price_idx
-- Where the notes have their owner, the lines have a price.
create table app_public.lines (price numeric, owner_id text);
create index lines_price_idx on app_public.lines (price);
alter table app_public.lines enable row level security;
create policy select_owner on app_public.lines
for select to story_visitor
using (owner_id = app_hidden.user_id());
