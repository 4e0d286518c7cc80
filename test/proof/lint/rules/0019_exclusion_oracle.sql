-- clean

-- broken: notes_during_excl on app_public.notes
-- Who books an hour learns when others have booked.
alter table app_public.notes add column during int4range;
grant insert (during) on table app_public.notes to story_visitor;
alter table app_public.notes add constraint notes_during_excl exclude using gist (during with &&);

-- mended: among the rows of one owner, as a range of one number, since gist has no `=` for text
alter table app_public.notes drop constraint notes_during_excl;
alter table app_public.notes add column owner_range int4range;
alter policy select_owner on app_public.notes using (owner_range = int4range(1, app_hidden.user_id()::integer));
alter table app_public.notes add constraint notes_during_excl exclude using gist (owner_range with =, during with &&);

-- broken: notes_during_excl on app_public.notes
-- The owner's column is there, but is not compared for equality.
alter table app_public.notes drop constraint notes_during_excl;
alter table app_public.notes add constraint notes_during_excl exclude using gist (owner_range with &&, during with &&);

-- mended
alter table app_public.notes drop constraint notes_during_excl;

-- near miss: a unique constraint is another rule's, and visitors do not write this column
alter table app_public.notes add constraint notes_title_key unique (title);
alter table app_public.notes add column reserved int4range;
alter table app_public.notes add constraint notes_reserved_excl exclude using gist (reserved with &&);

-- broken: hours_at_excl on app_public.hours
-- Where another table has its owner, this one has what is compared.
create table app_public.hours (
  at int4range,
  owner_id text not null default app_hidden.user_id(),
  constraint hours_at_excl exclude using gist (at with =)
);
alter table app_public.hours enable row level security;
create policy insert_owner on app_public.hours
for insert to story_visitor
with check (owner_id = app_hidden.user_id());
grant insert (at) on table app_public.hours to story_visitor;
