-- clean

-- broken: app_public.notes
-- Somebody needed to see all rows for a moment, and forgot.
alter table app_public.notes disable row level security;

-- mended
alter table app_public.notes enable row level security;

-- broken: app_hidden.drafts
create table app_hidden.drafts (body text);

-- mended
drop table app_hidden.drafts;

-- near miss: a table of a schema that is not meant, a view, and a partition that only its parent leads to
create table elsewhere.drafts (body text);
create view app_hidden.nothing with (security_invoker = true) as select 1 as one;
create table app_hidden.parts (at date) partition by range (at);
alter table app_hidden.parts enable row level security;
create table app_hidden.parts_now partition of app_hidden.parts default;

-- broken: app_hidden.parts_now
grant select on table app_hidden.parts_now to story_visitor;
