-- clean

-- broken: app_public.notes.number
alter table app_public.notes add column number bigint generated always as identity;

-- mended: who does not see it learns nothing
revoke select on table app_public.notes from story_visitor;
grant select (owner_id, id, title) on table app_public.notes to story_visitor;

-- broken: app_public.notes.serial_number
alter table app_public.notes add column serial_number serial;
grant select (serial_number) on table app_public.notes to story_visitor;

-- mended
alter table app_public.notes drop column serial_number;

-- near miss: another default, and numbers of a table that is nobody's
alter table app_public.notes add column made_at timestamptz default now();
grant select (made_at) on table app_public.notes to story_visitor;
create table app_public.colors (number bigint generated always as identity);
grant select on table app_public.colors to story_visitor;

-- near miss: in a schema that visitors may not use
alter table app_public.notes add column order_number bigint generated always as identity;
grant select (order_number) on table app_public.notes to story_guest;
revoke usage on schema app_public from story_guest;
