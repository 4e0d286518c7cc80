-- clean

-- broken: app_public.notes
grant all on table app_public.notes to story_visitor;

-- mended
revoke truncate, references, trigger on table app_public.notes from story_visitor;
reset role;
do $$
begin
  if current_setting('server_version_num')::integer >= 170000 then
    revoke maintain on table app_public.notes from story_visitor;
  end if;
end
$$;
set local role story_owner;

-- broken: app_public.notes
grant references (id) on table app_public.notes to public;

-- mended
revoke references (id) on table app_public.notes from public;

-- near miss: to another role, which no visitor is a member of
reset role;
create role story_backup;
grant truncate, trigger on table app_public.notes to story_backup;

-- broken: app_public.notes
grant story_backup to story_visitor;

-- mended
revoke story_backup from story_visitor;

-- near miss: a sequence has no such privileges, and another setting of the column is another matter
grant select (title) on table app_public.notes to public;
