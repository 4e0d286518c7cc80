-- clean

-- broken: app_public.titles
create materialized view app_public.titles as
select notes.title
from app_public.notes;
grant select on table app_public.titles to story_visitor;

-- mended
revoke select on table app_public.titles from story_visitor;

-- near miss: in a schema that visitors may not use
create materialized view elsewhere.titles as
select notes.title
from app_public.notes;
grant select on table elsewhere.titles to story_visitor;
