-- clean

-- broken: app_public.note_numbers
create sequence app_public.note_numbers;
grant usage on sequence app_public.note_numbers to story_visitor;

-- mended
revoke usage on sequence app_public.note_numbers from story_visitor;

-- broken: app_public.note_numbers
-- Whoever reads its last value counts what all users make.
grant select on sequence app_public.note_numbers to public;

-- mended
revoke select on sequence app_public.note_numbers from public;

-- near miss: the sequence of an identity column, which needs no grant
alter table app_public.notes add column number bigint generated always as identity;
