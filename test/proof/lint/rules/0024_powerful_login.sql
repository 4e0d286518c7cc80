-- clean

-- broken: story_login
reset role;
alter role story_login bypassrls;

-- mended
alter role story_login nobypassrls;

-- broken: story_login
-- It has the visitor's rights before anybody has said whose request this is.
alter role story_login inherit;
do $$
begin
  if current_setting('server_version_num')::integer >= 160000 then
    execute 'grant story_visitor to story_login with inherit true';
  end if;
end
$$;

-- mended
alter role story_login noinherit;
do $$
begin
  if current_setting('server_version_num')::integer >= 160000 then
    execute 'grant story_visitor to story_login with inherit false';
  end if;
end
$$;

-- broken: story_login
grant story_owner to story_login;

-- mended
revoke story_owner from story_login;

-- broken: story_login
grant pg_read_all_data to story_login;

-- mended
revoke pg_read_all_data from story_login;

-- broken: story_login
grant select on table app_public.notes to story_login;

-- mended
revoke select on table app_public.notes from story_login;

-- near miss: an owner may be powerful, and a login that the API does not use
alter role story_owner createdb;
create role story_backup login bypassrls;
grant select on table app_public.notes to story_backup;

-- broken: story_login
reset role;
alter table app_public.notes owner to story_login;

-- broken: story_login
alter table app_public.notes owner to story_owner;
alter role story_login superuser;

-- mended
alter role story_login nosuperuser;

-- broken: story_login
grant execute on function app_hidden.user_id() to story_login;
