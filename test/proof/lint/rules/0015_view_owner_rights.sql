-- clean

-- broken: app_public.titles
create view app_public.titles as
select notes.title
from app_public.notes;
grant select on table app_public.titles to story_visitor;

-- mended
alter view app_public.titles set (security_invoker = true);

-- broken: app_public.titles
alter view app_public.titles set (security_invoker = off);

-- mended
alter view app_public.titles set (security_invoker = on);

-- near miss: a view that visitors do not reach
create view app_hidden.titles as
select notes.title
from app_public.notes;

-- broken: app_public.titles
-- A barrier is not an invoker.
alter view app_public.titles reset (security_invoker);
alter view app_public.titles set (security_barrier = true);
