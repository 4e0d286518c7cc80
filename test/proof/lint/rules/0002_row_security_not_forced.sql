-- clean

-- broken: app_public.notes
alter table app_public.notes no force row level security;

-- mended
alter table app_public.notes force row level security;

-- near miss: without row-level security there is nothing to force, which is another rule's finding
create table app_hidden.drafts (body text);
