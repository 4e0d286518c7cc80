-- clean

-- broken: lines_note_id_fkey on app_public.lines
-- Whoever guesses the id of a note can write a line to it, or learns that there is none.
alter table app_public.notes add constraint notes_id_key unique (id);
create table app_public.lines (
  owner_id text not null default app_hidden.user_id(),
  id uuid not null default gen_random_uuid(),
  note_id uuid,
  constraint lines_pkey primary key (owner_id, id),
  constraint lines_note_id_fkey foreign key (note_id) references app_public.notes (id)
);
alter table app_public.lines enable row level security;
create policy insert_owner on app_public.lines
for insert to story_visitor
with check (owner_id = app_hidden.user_id());
grant insert (note_id) on table app_public.lines to story_visitor;

-- mended
alter table app_public.lines drop constraint lines_note_id_fkey;
alter table app_public.lines add constraint lines_note_id_fkey foreign key (owner_id, note_id) references app_public.notes (owner_id, id);

-- broken: lines_note_id_fkey on app_public.lines
-- That there is a value is no question about the note.
alter table app_public.lines drop constraint lines_note_id_fkey;
alter table app_public.lines add constraint lines_note_id_fkey foreign key (note_id) references app_public.notes (id);
alter policy insert_owner on app_public.lines with check (owner_id = app_hidden.user_id() and note_id is not null);

-- mended: the policy asks whether the note is one that the writer can see
alter policy insert_owner on app_public.lines
with check (
  owner_id = app_hidden.user_id()
  and exists (select from app_public.notes where notes.id = lines.note_id)
);

-- broken: lines_note_id_fkey on app_public.lines
-- But an update asks nothing.
create policy update_owner on app_public.lines
for update to story_visitor
using (owner_id = app_hidden.user_id())
with check (owner_id = app_hidden.user_id());
grant update (note_id) on table app_public.lines to story_visitor;

-- mended
revoke update (note_id) on table app_public.lines from story_visitor;

-- near miss: to the user's own record, to a list that has no policies, and one that visitors do not write
create table app_public.users (id text constraint users_pkey primary key);
alter table app_public.users enable row level security;
create policy select_self on app_public.users
for select to story_visitor
using (id = app_hidden.user_id());
alter table app_public.lines add constraint lines_owner_id_fkey foreign key (owner_id) references app_public.users (id);
create table app_hidden.colors (name text constraint colors_pkey primary key);
alter table app_public.lines add column color text constraint lines_color_fkey references app_hidden.colors (name);
grant insert (color) on table app_public.lines to story_visitor;
alter table app_public.lines add column copied_from uuid constraint lines_copied_from_fkey references app_public.notes (id);

-- near miss: guests may write it, and have no policy by which a row of theirs would pass
grant insert (copied_from) on table app_public.lines to story_guest;
create policy insert_guest on app_public.lines
as restrictive
for insert to story_guest
with check (owner_id = app_hidden.user_id());

-- broken: lines_copied_from_fkey on app_public.lines
-- Guests are asked about it, and visitors are not.
alter policy insert_guest on app_public.lines
with check (exists (select from app_public.notes where notes.id = lines.copied_from));
grant insert (copied_from) on table app_public.lines to story_visitor;

-- broken: lines_copied_from_fkey on app_public.lines
-- Asked at an update, not at an insert.
create policy update_copied on app_public.lines
as restrictive
for update to story_visitor
using (true)
with check (exists (select from app_public.notes where notes.id = lines.copied_from));

-- broken: lines_copied_from_fkey on app_public.lines; lines_note_id_fkey on app_public.lines
-- One permissive policy asks; but either will do.
create policy insert_copied on app_public.lines
for insert to story_visitor
with check (owner_id = app_hidden.user_id() and exists (select from app_public.notes where notes.id = lines.copied_from));

-- mended: the restrictive one has to hold whichever does
create policy insert_asked on app_public.lines
as restrictive
for insert to story_visitor
with check (
  exists (select from app_public.notes where notes.id = lines.copied_from)
  and exists (select from app_public.notes where notes.id = lines.note_id)
);

-- broken: marks_secret_id_fkey on app_public.marks
-- To a table that shows visitors nothing at all. Where another table has its owner, this one has the reference.
create table app_hidden.secrets (id uuid constraint secrets_pkey primary key);
alter table app_hidden.secrets enable row level security;
create table app_public.marks (
  secret_id uuid constraint marks_secret_id_fkey references app_hidden.secrets (id),
  owner_id text not null default app_hidden.user_id()
);
alter table app_public.marks enable row level security;
create policy insert_owner on app_public.marks
for insert to story_visitor
with check (owner_id = app_hidden.user_id());
grant insert (secret_id) on table app_public.marks to story_visitor;

-- near miss: a number that the database gives
alter table app_public.marks drop constraint marks_secret_id_fkey;
create table app_hidden.numbers (number bigint constraint numbers_pkey primary key);
alter table app_hidden.numbers enable row level security;
alter table app_public.marks
add column number bigint generated always as (1) stored constraint marks_number_fkey references app_hidden.numbers (number);
grant insert (number) on table app_public.marks to story_visitor;
