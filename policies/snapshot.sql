/*
 * Who may do what, as the migrations leave it. Made by "hedgerow policies snapshot --write": not to be edited.
 */

/* role hedgerow_admin */
alter role hedgerow_admin nosuperuser nobypassrls nologin inherit nocreaterole nocreatedb noreplication;
grant pg_read_all_stats to hedgerow_admin with inherit true, set true, admin false;

/* role hedgerow_visitor */
alter role hedgerow_visitor nosuperuser nobypassrls nologin inherit nocreaterole nocreatedb noreplication;

/* role pg_read_all_stats */
alter role pg_read_all_stats nosuperuser nobypassrls nologin inherit nocreaterole nocreatedb noreplication;

/* default privileges */
alter default privileges for role hedgerow_historian revoke execute on functions from public;
alter default privileges revoke execute on functions from public;

/* schema app_hidden */
grant usage on schema app_hidden to hedgerow_admin;
grant usage on schema app_hidden to hedgerow_historian;
grant usage on schema app_hidden to hedgerow_visitor;

/* schema app_public */
grant usage on schema app_public to hedgerow_admin;
grant usage on schema app_public to hedgerow_historian;
grant usage on schema app_public to hedgerow_visitor;

/* type app_public.task_action */
grant usage on type app_public.task_action to public;

/* type app_public.task_priority */
grant usage on type app_public.task_priority to public;

/* type app_public.task_ref */
grant usage on type app_public.task_ref to public;

/* type app_public.task_tally */
grant usage on type app_public.task_tally to public;

/* type app_public.task_update */
grant usage on type app_public.task_update to public;

/* table app_hidden.deleted_users */
create table app_hidden.deleted_users (
  id text not null default app_hidden.current_user_id(),
  deleted_at timestamp with time zone not null default now()
);
alter table app_hidden.deleted_users add constraint deleted_users_id_length_check CHECK (((char_length(id) >= 1) AND (char_length(id) <= 255)));
alter table app_hidden.deleted_users add constraint deleted_users_pkey PRIMARY KEY (id);
alter table app_hidden.deleted_users enable row level security;
alter table app_hidden.deleted_users force row level security;
create policy insert_owner on app_hidden.deleted_users
  as permissive for insert to hedgerow_visitor
  with check (id = app_hidden.current_user_id());
create policy select_admin on app_hidden.deleted_users
  as permissive for select to hedgerow_admin
  using (COALESCE((id = ( SELECT app_hidden.current_user_id() AS current_user_id)), true));
create policy select_owner on app_hidden.deleted_users
  as permissive for select to hedgerow_visitor
  using (id = app_hidden.current_user_id());
create policy update_owner on app_hidden.deleted_users
  as permissive for update to hedgerow_visitor
  using (id = app_hidden.current_user_id())
  with check (id = app_hidden.current_user_id());
grant select on table app_hidden.deleted_users to hedgerow_admin;
grant select on table app_hidden.deleted_users to hedgerow_visitor;
grant insert (deleted_at) on table app_hidden.deleted_users to hedgerow_visitor;
grant update (deleted_at) on table app_hidden.deleted_users to hedgerow_visitor;

/* table app_public.task_history */
create table app_public.task_history (
  owner_id text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  id uuid not null default gen_random_uuid(),
  task_id uuid not null,
  action app_public.task_action not null,
  version integer not null,
  changes jsonb not null,
  actor_id text default app_hidden.current_user_id(),
  request_id text default app_hidden.current_request_id(),
  address text default app_hidden.current_address()
);
alter table app_public.task_history add constraint task_history_pkey PRIMARY KEY (owner_id, created_at, id);
alter table app_public.task_history enable row level security;
alter table app_public.task_history force row level security;
create policy delete_historian on app_public.task_history
  as permissive for delete to hedgerow_historian
  using (pg_trigger_depth() > 0);
create policy insert_historian on app_public.task_history
  as permissive for insert to hedgerow_historian
  with check (pg_trigger_depth() > 0);
create policy select_admin on app_public.task_history
  as permissive for select to hedgerow_admin
  using (COALESCE((owner_id = ( SELECT app_hidden.current_user_id() AS current_user_id)), true));
create policy select_historian on app_public.task_history
  as permissive for select to hedgerow_historian
  using (pg_trigger_depth() > 0);
create policy select_owner on app_public.task_history
  as permissive for select to hedgerow_visitor
  using (owner_id = app_hidden.current_user_id());
grant select on table app_public.task_history to hedgerow_admin;
grant insert, delete on table app_public.task_history to hedgerow_historian;
grant select on table app_public.task_history to hedgerow_visitor;
grant select (owner_id) on table app_public.task_history to hedgerow_historian;
CREATE TRIGGER _100_append_only BEFORE DELETE OR UPDATE ON app_public.task_history FOR EACH ROW EXECUTE FUNCTION app_private.tg_task_history__append_only();
CREATE TRIGGER _110_append_only BEFORE TRUNCATE ON app_public.task_history FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_task_history__append_only();

/* table app_public.tasks */
create table app_public.tasks (
  id uuid not null default app_hidden.new_id(),
  owner_id text not null default app_hidden.current_user_id(),
  title text not null,
  description text,
  completed boolean not null default false,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  priority app_public.task_priority not null default 'normal'::app_public.task_priority,
  due_at timestamp with time zone,
  tags text[] not null default '{}'::text[],
  completed_at timestamp with time zone,
  deleted_at timestamp with time zone,
  version integer not null default 1,
  words tsvector generated always as ((setweight(to_tsvector('app_hidden.task_words'::regconfig, title), 'A'::"char") || setweight(to_tsvector('app_hidden.task_words'::regconfig, COALESCE(description, ''::text)), 'B'::"char"))) stored
);
alter table app_public.tasks add constraint tasks_completed_at_check CHECK ((completed = (completed_at IS NOT NULL)));
alter table app_public.tasks add constraint tasks_description_length_check CHECK ((char_length(description) <= 20000));
alter table app_public.tasks add constraint tasks_due_at_finite_check CHECK (isfinite(due_at));
alter table app_public.tasks add constraint tasks_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_public.users(id) ON DELETE CASCADE;
alter table app_public.tasks add constraint tasks_pkey PRIMARY KEY (owner_id, id);
alter table app_public.tasks add constraint tasks_tags_count_check CHECK ((cardinality(tags) <= 20));
alter table app_public.tasks add constraint tasks_tags_distinct_check CHECK (((cardinality(tags) < 2) OR (NOT app_hidden.has_duplicates(tags))));
alter table app_public.tasks add constraint tasks_tags_length_check CHECK (((cardinality(tags) = 0) OR ((app_hidden.shortest(tags) >= 1) AND (app_hidden.longest(tags) <= 40))));
alter table app_public.tasks add constraint tasks_tags_present_check CHECK ((array_position(tags, NULL::text) IS NULL));
alter table app_public.tasks add constraint tasks_title_length_check CHECK (((char_length(app_hidden.trimmed(title)) >= 1) AND (char_length(app_hidden.trimmed(title)) <= 200)));
CREATE INDEX tasks_newest_idx ON app_public.tasks USING btree (owner_id, created_at, id);
alter table app_public.tasks enable row level security;
alter table app_public.tasks force row level security;
create policy delete_owner on app_public.tasks
  as permissive for delete to hedgerow_visitor
  using (owner_id = app_hidden.current_user_id());
create policy insert_owner on app_public.tasks
  as permissive for insert to hedgerow_visitor
  with check (owner_id = app_hidden.current_user_id());
create policy select_admin on app_public.tasks
  as permissive for select to hedgerow_admin
  using (COALESCE((owner_id = ( SELECT app_hidden.current_user_id() AS current_user_id)), true));
create policy select_owner on app_public.tasks
  as permissive for select to hedgerow_visitor
  using (owner_id = app_hidden.current_user_id());
create policy update_owner on app_public.tasks
  as permissive for update to hedgerow_visitor
  using (owner_id = app_hidden.current_user_id())
  with check (owner_id = app_hidden.current_user_id());
grant select on table app_public.tasks to hedgerow_admin;
grant select, delete on table app_public.tasks to hedgerow_visitor;
grant insert (completed, description, due_at, id, priority, tags, title) on table app_public.tasks to hedgerow_visitor;
grant update (completed, deleted_at, description, due_at, priority, tags, title, version) on table app_public.tasks to hedgerow_visitor;
CREATE TRIGGER _100_ensure_user BEFORE INSERT ON app_public.tasks FOR EACH STATEMENT WHEN ((app_hidden.current_user_id() IS NOT NULL)) EXECUTE FUNCTION app_private.tg__ensure_user();
CREATE TRIGGER _200_trim_title BEFORE INSERT OR UPDATE OF title ON app_public.tasks FOR EACH ROW EXECUTE FUNCTION app_private.tg_tasks__trim_title();
CREATE TRIGGER _210_trim_tags BEFORE INSERT OR UPDATE OF tags ON app_public.tasks FOR EACH ROW WHEN ((cardinality(new.tags) > 0)) EXECUTE FUNCTION app_private.tg_tasks__trim_tags();
CREATE TRIGGER _300_completed_at BEFORE INSERT ON app_public.tasks FOR EACH ROW WHEN ((new.completed AND (new.completed_at IS NULL))) EXECUTE FUNCTION app_private.tg_tasks__completed_at();
CREATE TRIGGER _310_completed_at BEFORE UPDATE OF completed ON app_public.tasks FOR EACH ROW WHEN ((new.completed <> old.completed)) EXECUTE FUNCTION app_private.tg_tasks__completed_at();
CREATE TRIGGER _400_version BEFORE UPDATE ON app_public.tasks FOR EACH ROW EXECUTE FUNCTION app_private.tg__version();
CREATE TRIGGER _500_updated_at BEFORE UPDATE ON app_public.tasks FOR EACH ROW EXECUTE FUNCTION app_private.tg__updated_at();
CREATE TRIGGER _800_record_delete AFTER DELETE ON app_public.tasks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__record_delete();
CREATE TRIGGER _800_record_insert AFTER INSERT ON app_public.tasks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__record_insert();
CREATE TRIGGER _800_record_update AFTER UPDATE ON app_public.tasks REFERENCING OLD TABLE AS before NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__record_update();
CREATE TRIGGER _900_tell_created AFTER INSERT ON app_public.tasks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__tell();
CREATE TRIGGER _900_tell_deleted AFTER DELETE ON app_public.tasks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__tell();
CREATE TRIGGER _900_tell_updated AFTER UPDATE ON app_public.tasks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app_private.tg_tasks__tell();

/* table app_public.users */
create table app_public.users (
  id text not null default app_hidden.current_user_id(),
  email text default app_hidden.current_user_email(),
  name text default app_hidden.current_user_name(),
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now()
);
alter table app_public.users add constraint users_email_length_check CHECK (((char_length(email) >= 1) AND (char_length(email) <= 320)));
alter table app_public.users add constraint users_id_length_check CHECK (((char_length(id) >= 1) AND (char_length(id) <= 255)));
alter table app_public.users add constraint users_name_length_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)));
alter table app_public.users add constraint users_pkey PRIMARY KEY (id);
alter table app_public.users enable row level security;
alter table app_public.users force row level security;
create policy delete_owner on app_public.users
  as permissive for delete to hedgerow_visitor
  using (id = app_hidden.current_user_id());
create policy insert_owner on app_public.users
  as permissive for insert to hedgerow_visitor
  with check (id = app_hidden.current_user_id());
create policy select_admin on app_public.users
  as permissive for select to hedgerow_admin
  using (COALESCE((id = ( SELECT app_hidden.current_user_id() AS current_user_id)), true));
create policy select_owner on app_public.users
  as permissive for select to hedgerow_visitor
  using (id = app_hidden.current_user_id());
create policy update_owner on app_public.users
  as permissive for update to hedgerow_visitor
  using (id = app_hidden.current_user_id())
  with check (id = app_hidden.current_user_id());
grant select on table app_public.users to hedgerow_admin;
grant select, delete on table app_public.users to hedgerow_visitor;
grant insert (name) on table app_public.users to hedgerow_visitor;
grant update (name) on table app_public.users to hedgerow_visitor;
CREATE TRIGGER _100_refuse_deleted AFTER INSERT ON app_public.users FOR EACH ROW WHEN ((app_hidden.current_user_id() IS NOT NULL)) EXECUTE FUNCTION app_private.tg_users__refuse_deleted();
CREATE TRIGGER _200_delete_tasks BEFORE DELETE ON app_public.users FOR EACH ROW EXECUTE FUNCTION app_private.tg_users__delete_tasks();
CREATE TRIGGER _500_updated_at BEFORE UPDATE ON app_public.users FOR EACH ROW EXECUTE FUNCTION app_private.tg__updated_at();
CREATE TRIGGER _800_note_deletion AFTER DELETE ON app_public.users FOR EACH ROW EXECUTE FUNCTION app_private.tg_users__note_deletion();
CREATE TRIGGER _810_erase_history AFTER DELETE ON app_public.users FOR EACH ROW EXECUTE FUNCTION app_private.tg_users__erase_history();

/* function app_hidden.changes_bucket(text) */
CREATE OR REPLACE FUNCTION app_hidden.changes_bucket(owner_id text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select pg_catalog.get_byte(pg_catalog.sha256(pg_catalog.convert_to(owner_id, 'UTF8')), 0)
$function$;
grant execute on function app_hidden.changes_bucket(text) to hedgerow_visitor;

/* function app_hidden.changes_channel(text) */
CREATE OR REPLACE FUNCTION app_hidden.changes_channel(owner_id text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select 'task_changed:' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(owner_id, 'UTF8')), 'hex'), 32)
$function$;
grant execute on function app_hidden.changes_channel(text) to hedgerow_visitor;

/* function app_hidden.current_address() */
CREATE OR REPLACE FUNCTION app_hidden.current_address()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(pg_catalog.current_setting('request.address', true), '')
$function$;
grant execute on function app_hidden.current_address() to hedgerow_historian;

/* function app_hidden.current_request_id() */
CREATE OR REPLACE FUNCTION app_hidden.current_request_id()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(pg_catalog.current_setting('request.id', true), '')
$function$;
grant execute on function app_hidden.current_request_id() to hedgerow_historian;

/* function app_hidden.current_token_issued_at() */
CREATE OR REPLACE FUNCTION app_hidden.current_token_issued_at()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select pg_catalog.to_timestamp(nullif(pg_catalog.current_setting('jwt.claims.iat', true), '')::double precision)
$function$;
grant execute on function app_hidden.current_token_issued_at() to hedgerow_visitor;

/* function app_hidden.current_user_email() */
CREATE OR REPLACE FUNCTION app_hidden.current_user_email()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(pg_catalog.current_setting('jwt.claims.email', true), '')
$function$;
grant execute on function app_hidden.current_user_email() to hedgerow_visitor;

/* function app_hidden.current_user_id() */
CREATE OR REPLACE FUNCTION app_hidden.current_user_id()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(pg_catalog.current_setting('jwt.claims.sub', true), '')
$function$;
grant execute on function app_hidden.current_user_id() to hedgerow_admin;
grant execute on function app_hidden.current_user_id() to hedgerow_historian;
grant execute on function app_hidden.current_user_id() to hedgerow_visitor;

/* function app_hidden.current_user_name() */
CREATE OR REPLACE FUNCTION app_hidden.current_user_name()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(pg_catalog.current_setting('jwt.claims.name', true), '')
$function$;
grant execute on function app_hidden.current_user_name() to hedgerow_visitor;

/* function app_hidden.has_duplicates(text[]) */
CREATE OR REPLACE FUNCTION app_hidden.has_duplicates(texts text[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return count(*) > count(distinct app_hidden.trimmed(given)) from pg_catalog.unnest(texts) as given;
end
$function$;
grant execute on function app_hidden.has_duplicates(text[]) to hedgerow_visitor;

/* function app_hidden.hold_tasks(app_public.task_ref[]) */
CREATE OR REPLACE FUNCTION app_hidden.hold_tasks(refs app_public.task_ref[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  missing uuid[];
begin
  perform app_hidden.refuse_too_many(pg_catalog.cardinality(refs));
  if exists (select from pg_catalog.unnest(refs) as ref group by ref.id having count(*) > 1 or ref.id is null) then
    raise exception using errcode = 'ZH422', message = 'Each task may be named once.';
  end if;

  perform
  from app_public.tasks as task
  where task.id in (select ref.id from pg_catalog.unnest(refs) as ref)
  order by task.id
  for update;

  select pg_catalog.array_agg(ref.id order by ref.id) into missing
  from pg_catalog.unnest(refs) as ref
  where not exists (select from app_public.tasks as task where task.id = ref.id);
  if missing is not null then
    raise exception using
      errcode = 'ZH404',
      message = 'Some of these tasks are not there, or not yours.',
      detail = pg_catalog.json_build_object('ids', missing);
  end if;

  perform app_hidden.refuse_stale(task.id, task.version)
  from pg_catalog.unnest(refs) as ref
  join app_public.tasks as task on task.id = ref.id
  where task.version <> ref.if_version
  order by task.id
  limit 1;
end
$function$;
grant execute on function app_hidden.hold_tasks(app_public.task_ref[]) to hedgerow_visitor;

/* function app_hidden.latest_migration() */
CREATE OR REPLACE FUNCTION app_hidden.latest_migration()
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select migration.filename
  from graphile_migrate.migrations as migration
  order by migration.filename desc
  limit 1
$function$;
grant execute on function app_hidden.latest_migration() to hedgerow_visitor;

/* function app_hidden.longest(text[]) */
CREATE OR REPLACE FUNCTION app_hidden.longest(texts text[])
 RETURNS integer
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return max(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given;
end
$function$;
grant execute on function app_hidden.longest(text[]) to hedgerow_visitor;

/* function app_hidden.new_id() */
CREATE OR REPLACE FUNCTION app_hidden.new_id()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
AS $function$/* depends on the version of PostgreSQL */$function$;
grant execute on function app_hidden.new_id() to hedgerow_visitor;

/* function app_hidden.note_deletion(text) */
CREATE OR REPLACE FUNCTION app_hidden.note_deletion(user_id text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if user_id = app_hidden.current_user_id() then
    insert into app_hidden.deleted_users as note default values
    on conflict (id) do update set deleted_at = excluded.deleted_at;
  else
    insert into app_hidden.deleted_users as note (id) values (user_id)
    on conflict (id) do update set deleted_at = excluded.deleted_at;
  end if;
end
$function$;
grant execute on function app_hidden.note_deletion(text) to hedgerow_visitor;

/* function app_hidden.refuse_stale(uuid,integer) */
CREATE OR REPLACE FUNCTION app_hidden.refuse_stale(id uuid, version integer)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  raise exception using
    errcode = 'ZH412',
    message = 'This has changed since it was read.',
    detail = pg_catalog.json_build_object('id', id, 'version', version);
end
$function$;
grant execute on function app_hidden.refuse_stale(uuid,integer) to hedgerow_visitor;

/* function app_hidden.refuse_too_many(integer) */
CREATE OR REPLACE FUNCTION app_hidden.refuse_too_many(count integer)
 RETURNS void
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
begin
  if count > 100 then
    raise exception using
      errcode = 'ZH422',
      message = pg_catalog.format('At most 100 tasks at once: these are %s.', count),
      detail = '{"limit": {"max": 100}}';
  end if;
end
$function$;
grant execute on function app_hidden.refuse_too_many(integer) to hedgerow_visitor;

/* function app_hidden.shortest(text[]) */
CREATE OR REPLACE FUNCTION app_hidden.shortest(texts text[])
 RETURNS integer
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return min(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given;
end
$function$;
grant execute on function app_hidden.shortest(text[]) to hedgerow_visitor;

/* function app_hidden.take_turns(text) */
CREATE OR REPLACE FUNCTION app_hidden.take_turns(user_id text)
 RETURNS void
 LANGUAGE sql
AS $function$
  select pg_catalog.pg_advisory_xact_lock(1751475304, pg_catalog.hashtext(user_id))
$function$;
grant execute on function app_hidden.take_turns(text) to hedgerow_visitor;

/* function app_hidden.task_search(text) */
CREATE OR REPLACE FUNCTION app_hidden.task_search(search text)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select pg_catalog.websearch_to_tsquery('app_hidden.task_words', search)
$function$;
grant execute on function app_hidden.task_search(text) to hedgerow_visitor;

/* function app_hidden.trimmed(text) */
CREATE OR REPLACE FUNCTION app_hidden.trimmed(given text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return pg_catalog.btrim(
    given,
    E'\u0009\u000A\u000B\u000C\u000D\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'
  );
end
$function$;
grant execute on function app_hidden.trimmed(text) to hedgerow_visitor;

/* function app_private.close_history_month(regclass) */
CREATE OR REPLACE FUNCTION app_private.close_history_month(month regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform app_private.close_table(month);
  execute pg_catalog.format(
    'create trigger _110_append_only before truncate on %s for each statement execute function app_private.tg_task_history__append_only()',
    month
  );
end
$function$;

/* function app_private.close_table(regclass) */
CREATE OR REPLACE FUNCTION app_private.close_table(closed_table regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  found_policy name;
  found_grantee regrole;
begin
  execute pg_catalog.format('alter table %s enable row level security', closed_table);
  execute pg_catalog.format('alter table %s force row level security', closed_table);

  for found_policy in
    select policy.polname
    from pg_catalog.pg_policy as policy
    where policy.polrelid = closed_table
  loop
    execute pg_catalog.format('drop policy %I on %s', found_policy, closed_table);
  end loop;

  execute pg_catalog.format('revoke all on table %s from public', closed_table);

  /* Revoking a privilege on the table revokes it on each of its columns too. */
  for found_grantee in
    select distinct entry.grantee::regrole
    from pg_catalog.pg_class as class
    join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid
    cross join lateral (
      select (pg_catalog.aclexplode(class.relacl)).grantee
      union all
      select (pg_catalog.aclexplode(attribute.attacl)).grantee
    ) as entry
    where class.oid = closed_table
    and entry.grantee not in (0, class.relowner)
  loop
    execute pg_catalog.format('revoke all on table %s from %s', closed_table, found_grantee);
  end loop;
end
$function$;

/* function app_private.drop_history_months(timestamp with time zone) */
CREATE OR REPLACE FUNCTION app_private.drop_history_months(before timestamp with time zone)
 RETURNS SETOF text
 LANGUAGE plpgsql
AS $function$
declare
  month record;
begin
  perform pg_catalog.pg_advisory_xact_lock(1751475305, 0);
  for month in
    select class.oid::regclass as identity, pg_catalog.to_char(app_private.history_month(class.relname) at time zone 'UTC', 'YYYY-MM') as label
    from pg_catalog.pg_inherits as part
    join pg_catalog.pg_class as class on class.oid = part.inhrelid
    where part.inhparent = 'app_public.task_history'::regclass
    and (app_private.history_month(class.relname) at time zone 'UTC' + interval '1 month') at time zone 'UTC' <= before
    order by class.relname
  loop
    execute pg_catalog.format('drop table %s', month.identity);
    return next month.label;
  end loop;

  alter table app_history.task_history_default no force row level security;
  alter table app_history.task_history_default disable trigger user;
  delete from app_history.task_history_default where created_at < before;
  if found then
    return next 'without a month';
  end if;
  alter table app_history.task_history_default enable trigger user;
  alter table app_history.task_history_default force row level security;
end
$function$;

/* function app_private.history_month(text) */
CREATE OR REPLACE FUNCTION app_private.history_month(name text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select (pg_catalog.replace(pg_catalog.substring(name, 'task_history_(\d{4}_\d{2})$'), '_', '-') || '-01 00:00+00')::timestamptz
$function$;

/* function app_private.make_history_month(timestamp with time zone) */
CREATE OR REPLACE FUNCTION app_private.make_history_month(month timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  name text = pg_catalog.format('app_history.task_history_%s', pg_catalog.to_char(month at time zone 'UTC', 'YYYY_MM'));
  next timestamptz = (month at time zone 'UTC' + interval '1 month') at time zone 'UTC';
begin
  execute pg_catalog.format('create table %s (like app_public.task_history including defaults including comments)', name);
  lock table app_history.task_history_default in access exclusive mode;
  alter table app_history.task_history_default no force row level security;
  alter table app_history.task_history_default disable trigger user;
  execute pg_catalog.format(
    $move$
      with moved as (
        delete from app_history.task_history_default where created_at >= %L and created_at < %L returning *
      )
      insert into %s select * from moved
    $move$,
    month,
    next,
    name
  );
  alter table app_history.task_history_default enable trigger user;
  alter table app_history.task_history_default force row level security;

  execute pg_catalog.format('alter table app_public.task_history attach partition %s for values from (%L) to (%L)', name, month, next);
  perform app_private.close_history_month(name::regclass);
end
$function$;

/* function app_private.make_history_months(integer) */
CREATE OR REPLACE FUNCTION app_private.make_history_months(ahead integer DEFAULT 3)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  month timestamptz;
  made integer = 0;
begin
  /* Two at once take turns. */
  perform pg_catalog.pg_advisory_xact_lock(1751475305, 0);
  for month in
    select (pg_catalog.date_trunc('month', pg_catalog.now() at time zone 'UTC') + step * interval '1 month') at time zone 'UTC'
    from pg_catalog.generate_series(0, ahead) as step
  loop
    if pg_catalog.to_regclass(pg_catalog.to_char(month at time zone 'UTC', '"app_history.task_history_"YYYY_MM')) is null then
      perform app_private.make_history_month(month);
      made = made + 1;
    end if;
  end loop;
  return made;
end
$function$;

/* function app_private.tg__ensure_user() */
CREATE OR REPLACE FUNCTION app_private.tg__ensure_user()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  for attempt in 1..3 loop
    perform
    from app_public.users as person
    where person.id = app_hidden.current_user_id()
    for key share;
    exit when found;

    insert into app_public.users (name)
    values (app_hidden.current_user_name())
    on conflict do nothing;
    exit when found;
  end loop;
  return null;
end
$function$;

/* function app_private.tg__updated_at() */
CREATE OR REPLACE FUNCTION app_private.tg__updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.updated_at = greatest(pg_catalog.now(), old.updated_at + interval '1 microsecond');
  return new;
end
$function$;

/* function app_private.tg__version() */
CREATE OR REPLACE FUNCTION app_private.tg__version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.version <> old.version then
    perform app_hidden.refuse_stale(old.id, old.version);
  end if;
  new.version = old.version + 1;
  return new;
end
$function$;

/* function app_private.tg_task_history__append_only() */
CREATE OR REPLACE FUNCTION app_private.tg_task_history__append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  /* tg_users__erase_history, which runs in a trigger; this is the second. */
  if tg_op = 'DELETE' and current_user = 'hedgerow_historian' and pg_catalog.pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception using
    errcode = '42501',
    message = pg_catalog.format('The history of tasks is only ever added to: %s is refused.', pg_catalog.lower(tg_op)),
    hint = 'Entries go with their user, or with their month: hedgerow admin prune.';
end
$function$;

/* function app_private.tg_tasks__completed_at() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__completed_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.completed_at = case when new.completed then pg_catalog.now() end;
  return new;
end
$function$;

/* function app_private.tg_tasks__record_delete() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__record_delete()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    was.owner_id,
    was.id,
    'delete',
    was.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', pg_catalog.jsonb_build_array(was.title, null),
        'description', case when was.description is not null then pg_catalog.jsonb_build_array(was.description, null) end,
        'completed', case when was.completed then pg_catalog.jsonb_build_array(true, null) end,
        'priority', case when was.priority <> 'normal' then pg_catalog.jsonb_build_array(was.priority, null) end,
        'due_at', case when was.due_at is not null then pg_catalog.jsonb_build_array(was.due_at, null) end,
        'tags', case when was.tags <> '{}' then pg_catalog.jsonb_build_array(was.tags, null) end,
        'deleted_at', case when was.deleted_at is not null then pg_catalog.jsonb_build_array(was.deleted_at, null) end
      )
    )
  from changed as was;
  return null;
end
$function$;
alter function app_private.tg_tasks__record_delete() owner to hedgerow_historian;

/* function app_private.tg_tasks__record_insert() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__record_insert()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    task.owner_id,
    task.id,
    'insert',
    task.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', pg_catalog.jsonb_build_array(null, task.title),
        'description', case when task.description is not null then pg_catalog.jsonb_build_array(null, task.description) end,
        'completed', case when task.completed then pg_catalog.jsonb_build_array(null, true) end,
        'priority', case when task.priority <> 'normal' then pg_catalog.jsonb_build_array(null, task.priority) end,
        'due_at', case when task.due_at is not null then pg_catalog.jsonb_build_array(null, task.due_at) end,
        'tags', case when task.tags <> '{}' then pg_catalog.jsonb_build_array(null, task.tags) end,
        'deleted_at', case when task.deleted_at is not null then pg_catalog.jsonb_build_array(null, task.deleted_at) end
      )
    )
  from changed as task;
  return null;
end
$function$;
alter function app_private.tg_tasks__record_insert() owner to hedgerow_historian;

/* function app_private.tg_tasks__record_update() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__record_update()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET enable_nestloop TO 'off'
AS $function$
begin
  insert into app_public.task_history (owner_id, task_id, action, version, changes)
  select
    task.owner_id,
    task.id,
    case
      when task.deleted_at is not null and was.deleted_at is null then 'trash'
      when task.deleted_at is null and was.deleted_at is not null then 'restore'
      else 'update'
    end::app_public.task_action,
    task.version,
    pg_catalog.jsonb_strip_nulls(
      pg_catalog.jsonb_build_object(
        'title', case when task.title <> was.title then pg_catalog.jsonb_build_array(was.title, task.title) end,
        'description', case
          when task.description is distinct from was.description then pg_catalog.jsonb_build_array(was.description, task.description)
        end,
        'completed', case when task.completed <> was.completed then pg_catalog.jsonb_build_array(was.completed, task.completed) end,
        'priority', case when task.priority <> was.priority then pg_catalog.jsonb_build_array(was.priority, task.priority) end,
        'due_at', case when task.due_at is distinct from was.due_at then pg_catalog.jsonb_build_array(was.due_at, task.due_at) end,
        'tags', case when task.tags <> was.tags then pg_catalog.jsonb_build_array(was.tags, task.tags) end,
        'deleted_at', case
          when task.deleted_at is distinct from was.deleted_at then pg_catalog.jsonb_build_array(was.deleted_at, task.deleted_at)
        end
      )
    )
  from changed as task
  join before as was on was.owner_id = task.owner_id and was.id = task.id;
  return null;
end
$function$;
alter function app_private.tg_tasks__record_update() owner to hedgerow_historian;

/* function app_private.tg_tasks__tell() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__tell()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  event text = case tg_op when 'INSERT' then 'created ' when 'UPDATE' then 'updated ' else 'deleted ' end;
  first_owner text;
  last_owner text;
  changed_ids uuid[];
begin
  select pg_catalog.min(owner_id), pg_catalog.max(owner_id), pg_catalog.array_agg(id)
  into first_owner, last_owner, changed_ids
  from changed;

  if first_owner = last_owner and pg_catalog.cardinality(changed_ids) <= 200 then
    if not pg_catalog.pg_try_advisory_xact_lock(1751475303, app_hidden.changes_bucket(first_owner)) then
      perform pg_catalog.pg_notify(app_hidden.changes_channel(first_owner), event || pg_catalog.array_to_string(changed_ids, ','));
    end if;
  else
    perform pg_catalog.pg_notify(app_hidden.changes_channel(owner_id), event || pg_catalog.string_agg(id::text, ','))
    from (
      select owner_id, id, (pg_catalog.row_number() over (partition by owner_id) - 1) / 200 as part
      from changed
    ) as numbered
    group by owner_id, part;
  end if;
  return null;
end
$function$;

/* function app_private.tg_tasks__trim_tags() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__trim_tags()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.tags = array(
    select app_hidden.trimmed(given.tag)
    from pg_catalog.unnest(new.tags) with ordinality as given (tag, position)
    order by given.position
  );
  return new;
end
$function$;

/* function app_private.tg_tasks__trim_title() */
CREATE OR REPLACE FUNCTION app_private.tg_tasks__trim_title()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.title = app_hidden.trimmed(new.title);
  return new;
end
$function$;

/* function app_private.tg_users__delete_tasks() */
CREATE OR REPLACE FUNCTION app_private.tg_users__delete_tasks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from app_public.tasks as task where task.owner_id = old.id;
  return old;
end
$function$;

/* function app_private.tg_users__erase_history() */
CREATE OR REPLACE FUNCTION app_private.tg_users__erase_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from app_public.task_history as entry where entry.owner_id = old.id;
  return null;
end
$function$;
alter function app_private.tg_users__erase_history() owner to hedgerow_historian;

/* function app_private.tg_users__note_deletion() */
CREATE OR REPLACE FUNCTION app_private.tg_users__note_deletion()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform app_hidden.note_deletion(old.id);
  return null;
end
$function$;

/* function app_private.tg_users__refuse_deleted() */
CREATE OR REPLACE FUNCTION app_private.tg_users__refuse_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform app_hidden.take_turns(new.id);
  if exists (
    select from app_hidden.deleted_users as note
    where note.id = new.id
    and note.deleted_at + interval '1 minute' >= coalesce(app_hidden.current_token_issued_at(), '-infinity')
  ) then
    raise exception using
      errcode = 'ZH401',
      message = 'This account was deleted, and its tokens are of no use any more. Sign in again to start anew, after a minute.';
  end if;
  return null;
end
$function$;

/* function app_public.complete_task(uuid,boolean,integer) */
CREATE OR REPLACE FUNCTION app_public.complete_task(id uuid, completed boolean DEFAULT true, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE sql
AS $function$
  update app_public.tasks as task
  set completed = complete_task.completed, version = coalesce(if_version, task.version)
  where task.id = complete_task.id
  returning task.*
$function$;
grant execute on function app_public.complete_task(uuid,boolean,integer) to hedgerow_visitor;

/* function app_public.complete_tasks(app_public.task_ref[],boolean) */
CREATE OR REPLACE FUNCTION app_public.complete_tasks(tasks app_public.task_ref[], completed boolean DEFAULT true)
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(complete_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set completed = complete_tasks.completed
      from pg_catalog.unnest(complete_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$function$;
grant execute on function app_public.complete_tasks(app_public.task_ref[],boolean) to hedgerow_visitor;

/* function app_public.create_tasks(app_public.tasks[]) */
CREATE OR REPLACE FUNCTION app_public.create_tasks(tasks app_public.tasks[])
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  ids uuid[];
  made app_public.tasks[];
begin
  perform app_hidden.refuse_too_many(pg_catalog.cardinality(create_tasks.tasks));

  ids = array(
    select coalesce((create_tasks.tasks[position]).id, app_hidden.new_id())
    from pg_catalog.generate_subscripts(create_tasks.tasks, 1) as position
    order by position
  );
  with inserted as (
    insert into app_public.tasks as task (id, title, description, completed, priority, due_at, tags)
    select
      ids[position],
      given.title,
      given.description,
      coalesce(given.completed, false),
      coalesce(given.priority, 'normal'),
      given.due_at,
      coalesce(given.tags, '{}')
    from pg_catalog.generate_subscripts(create_tasks.tasks, 1) as position
    cross join lateral (select (create_tasks.tasks[position]).*) as given
    order by ids[position]
    on conflict (owner_id, id) do nothing
    returning task
  )
  select pg_catalog.array_agg(inserted.task order by pg_catalog.array_position(ids, (inserted.task).id)) into made
  from inserted;

  /* An id is taken when it was there already, or is given twice. */
  if pg_catalog.cardinality(ids) > coalesce(pg_catalog.cardinality(made), 0) then
    raise exception using
      errcode = 'ZH409',
      message = 'Some of these ids are taken by tasks that are already there.',
      detail = (
        select pg_catalog.json_build_object('ids', pg_catalog.json_agg(taken.id order by taken.id))
        from (
          select given.id
          from pg_catalog.unnest(ids) as given (id)
          group by given.id
          having count(*) > (select count(*) from pg_catalog.unnest(made) as task where task.id = given.id)
        ) as taken
      );
  end if;
  return query select task.* from pg_catalog.unnest(made) as task;
end
$function$;
grant execute on function app_public.create_tasks(app_public.tasks[]) to hedgerow_visitor;

/* function app_public.delete_me() */
CREATE OR REPLACE FUNCTION app_public.delete_me()
 RETURNS app_public.users
 LANGUAGE plpgsql
AS $function$
declare
  leaving app_public.users;
begin
  perform app_hidden.take_turns(app_hidden.current_user_id());
  perform
  from app_public.users as person
  where person.id = app_hidden.current_user_id()
  for update;
  perform
  from app_public.tasks as task
  where task.owner_id = app_hidden.current_user_id()
  order by task.id
  for update;

  leaving = app_public.me();
  delete from app_public.users as person where person.id = app_hidden.current_user_id();
  /* Who never wrote anything has no record to delete, but has tokens. */
  if not found and leaving.id is not null then
    perform app_hidden.note_deletion(leaving.id);
  end if;
  return leaving;
end
$function$;
grant execute on function app_public.delete_me() to hedgerow_visitor;

/* function app_public.delete_task(uuid,integer) */
CREATE OR REPLACE FUNCTION app_public.delete_task(id uuid, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  held app_public.tasks;
begin
  select task.* into held
  from app_public.tasks as task
  where task.id = delete_task.id
  for update;
  if held.version <> delete_task.if_version then
    perform app_hidden.refuse_stale(held.id, held.version);
  end if;

  delete from app_public.tasks as task where task.id = held.id;
  return held;
end
$function$;
grant execute on function app_public.delete_task(uuid,integer) to hedgerow_visitor;

/* function app_public.delete_tasks(app_public.task_ref[]) */
CREATE OR REPLACE FUNCTION app_public.delete_tasks(tasks app_public.task_ref[])
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(delete_tasks.tasks);

  return query
    with deleted as (
      delete from app_public.tasks as task
      using pg_catalog.unnest(delete_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (deleted.task).* from deleted order by deleted.position;
end
$function$;
grant execute on function app_public.delete_tasks(app_public.task_ref[]) to hedgerow_visitor;

/* function app_public.empty_trash() */
CREATE OR REPLACE FUNCTION app_public.empty_trash()
 RETURNS integer
 LANGUAGE sql
AS $function$
  with held as (
    select task.id
    from app_public.tasks as task
    where task.deleted_at is not null
    order by task.id
    for update
  ),
  emptied as (
    delete from app_public.tasks as task
    using held
    where task.id = held.id
    returning 1
  )
  select count(*)::integer from emptied
$function$;
grant execute on function app_public.empty_trash() to hedgerow_visitor;

/* function app_public.me() */
CREATE OR REPLACE FUNCTION app_public.me()
 RETURNS app_public.users
 LANGUAGE sql
 STABLE
AS $function$
  select person.*
  from app_public.users as person
  where person.id = app_hidden.current_user_id()
  union all
  select
    app_hidden.current_user_id(),
    app_hidden.current_user_email(),
    app_hidden.current_user_name(),
    pg_catalog.now(),
    pg_catalog.now()
  where app_hidden.current_user_id() is not null
  limit 1
$function$;
grant execute on function app_public.me() to hedgerow_visitor;

/* function app_public.replace_task(uuid,app_public.tasks,integer) */
CREATE OR REPLACE FUNCTION app_public.replace_task(id uuid, task app_public.tasks, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  replaced app_public.tasks;
begin
  if (replace_task.task).id <> replace_task.id then
    raise exception using errcode = 'ZH422', message = 'A task keeps its id: the one in the task is another.';
  end if;

  update app_public.tasks as stored
  set
    title = (replace_task.task).title,
    description = (replace_task.task).description,
    completed = coalesce((replace_task.task).completed, false),
    priority = coalesce((replace_task.task).priority, 'normal'),
    due_at = (replace_task.task).due_at,
    tags = coalesce((replace_task.task).tags, '{}'),
    version = coalesce(replace_task.if_version, stored.version)
  where stored.id = replace_task.id
  returning stored.* into replaced;
  return replaced;
end
$function$;
grant execute on function app_public.replace_task(uuid,app_public.tasks,integer) to hedgerow_visitor;

/* function app_public.restore_task(uuid,integer) */
CREATE OR REPLACE FUNCTION app_public.restore_task(id uuid, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE sql
AS $function$
  update app_public.tasks as task
  set deleted_at = null, version = coalesce(if_version, task.version)
  where task.id = restore_task.id
  returning task.*
$function$;
grant execute on function app_public.restore_task(uuid,integer) to hedgerow_visitor;

/* function app_public.restore_tasks(app_public.task_ref[]) */
CREATE OR REPLACE FUNCTION app_public.restore_tasks(tasks app_public.task_ref[])
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(restore_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set deleted_at = null
      from pg_catalog.unnest(restore_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$function$;
grant execute on function app_public.restore_tasks(app_public.task_ref[]) to hedgerow_visitor;

/* function app_public.tasks_overdue(app_public.tasks) */
CREATE OR REPLACE FUNCTION app_public.tasks_overdue(task app_public.tasks)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(task.due_at < pg_catalog.now() and not task.completed and task.deleted_at is null, false)
$function$;
grant execute on function app_public.tasks_overdue(app_public.tasks) to hedgerow_visitor;

/* function app_public.toggle_task(uuid,integer) */
CREATE OR REPLACE FUNCTION app_public.toggle_task(id uuid, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE sql
AS $function$
  update app_public.tasks as task
  set completed = not task.completed, version = coalesce(if_version, task.version)
  where task.id = toggle_task.id
  returning task.*
$function$;
grant execute on function app_public.toggle_task(uuid,integer) to hedgerow_visitor;

/* function app_public.trash_task(uuid,integer) */
CREATE OR REPLACE FUNCTION app_public.trash_task(id uuid, if_version integer DEFAULT NULL::integer)
 RETURNS app_public.tasks
 LANGUAGE sql
AS $function$
  update app_public.tasks as task
  set deleted_at = coalesce(task.deleted_at, pg_catalog.now()), version = coalesce(if_version, task.version)
  where task.id = trash_task.id
  returning task.*
$function$;
grant execute on function app_public.trash_task(uuid,integer) to hedgerow_visitor;

/* function app_public.trash_tasks(app_public.task_ref[]) */
CREATE OR REPLACE FUNCTION app_public.trash_tasks(tasks app_public.task_ref[])
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(trash_tasks.tasks);

  return query
    with updated as (
      update app_public.tasks as task
      set deleted_at = coalesce(task.deleted_at, pg_catalog.now())
      from pg_catalog.unnest(trash_tasks.tasks) with ordinality as ref (id, if_version, position)
      where task.id = ref.id
      returning task, ref.position
    )
    select (updated.task).* from updated order by updated.position;
end
$function$;
grant execute on function app_public.trash_tasks(app_public.task_ref[]) to hedgerow_visitor;

/* function app_public.update_me(text) */
CREATE OR REPLACE FUNCTION app_public.update_me(name text)
 RETURNS app_public.users
 LANGUAGE sql
AS $function$
  insert into app_public.users as person (name)
  values (app_hidden.trimmed(update_me.name))
  on conflict (id) do update set name = excluded.name
  returning person.*
$function$;
grant execute on function app_public.update_me(text) to hedgerow_visitor;

/* function app_public.update_tasks(app_public.task_update[]) */
CREATE OR REPLACE FUNCTION app_public.update_tasks(updates app_public.task_update[])
 RETURNS SETOF app_public.tasks
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
begin
  perform app_hidden.hold_tasks(
    array(
      select (change.id, change.if_version)::app_public.task_ref
      from pg_catalog.unnest(update_tasks.updates) as change
    )
  );

  return query
    with updated as (
      update app_public.tasks as task
      set
        title = patched.title,
        description = patched.description,
        completed = patched.completed,
        priority = patched.priority,
        due_at = patched.due_at,
        tags = patched.tags
      from pg_catalog.unnest(update_tasks.updates) with ordinality as change (id, if_version, patch, position)
      join app_public.tasks as held on held.id = change.id
      cross join lateral pg_catalog.jsonb_populate_record(held, change.patch) as patched
      where task.id = held.id
      returning task, change.position
    )
    select (updated.task).* from updated order by updated.position;
end
$function$;
grant execute on function app_public.update_tasks(app_public.task_update[]) to hedgerow_visitor;

/* function app_public.users_task_counts(app_public.users) */
CREATE OR REPLACE FUNCTION app_public.users_task_counts(person app_public.users)
 RETURNS app_public.task_tally
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select
    count(*) filter (where task.deleted_at is null)::integer,
    count(*) filter (where task.deleted_at is null and not task.completed)::integer,
    count(*) filter (where task.deleted_at is null and task.completed)::integer,
    count(*) filter (where app_public.tasks_overdue(task))::integer,
    count(*) filter (where task.deleted_at is not null)::integer
  from app_public.tasks as task
  where task.owner_id = person.id
$function$;
grant execute on function app_public.users_task_counts(app_public.users) to hedgerow_visitor;

comment on function app_hidden.changes_bucket(pg_catalog.text) is 'The advisory lock (class 1751475303, this) that is held while somebody listens to the user: 0 to 255.';
comment on function app_hidden.changes_channel(pg_catalog.text) is 'The channel on which changes of a user''s tasks are told.';
comment on function app_hidden.current_address() is 'The network address that the request came from, or null outside of a request.';
comment on function app_hidden.current_request_id() is 'The id of the request, as its answer and the log have it, or null outside of a request.';
comment on function app_hidden.current_token_issued_at() is 'When the verified token was issued, or null when it does not say.';
comment on function app_hidden.current_user_email() is 'The e-mail address in the verified token, or null.';
comment on function app_hidden.current_user_id() is 'The subject of the verified token, or null when nobody is signed in.';
comment on function app_hidden.current_user_name() is 'The display name in the verified token, or null.';
comment on function app_hidden.has_duplicates(pg_catalog.text[]) is 'Whether two of the texts are the same (null counts as one that is), white space at their ends not counted.';
comment on function app_hidden.hold_tasks(app_public.task_ref[]) is 'Locks the tasks, at most 100, each once, or raises: ZH422 for too many or doubled ones, ZH404 for missing ones, ZH412 for stale ones.';
comment on function app_hidden.latest_migration() is 'The file name of the newest migration that was applied, or null when there is none.';
comment on function app_hidden.longest(pg_catalog.text[]) is 'The length of the longest of the texts, in characters, white space at their ends not counted.';
comment on function app_hidden.new_id() is 'A new UUID version 7: ids sort by the time at which they were made.';
comment on function app_hidden.note_deletion(pg_catalog.text) is 'Notes that an account was deleted just now.';
comment on function app_hidden.refuse_stale(pg_catalog.uuid,integer) is 'Raises ZH412: somebody changed the row. The detail names it and the version that it has now, for the client that has to merge.';
comment on function app_hidden.refuse_too_many(integer) is 'Raises ZH422 when more tasks are named than are done at once.';
comment on function app_hidden.shortest(pg_catalog.text[]) is 'The length of the shortest of the texts, in characters, white space at their ends not counted.';
comment on function app_hidden.take_turns(pg_catalog.text) is 'Waits until nobody else makes or deletes the account, and holds it (advisory lock, class 1751475304) to the end of the transaction.';
comment on function app_hidden.task_search(pg_catalog.text) is 'What a person types into a search box: words, "phrases in quotes", or, and -exclusions. Never an error.';
comment on function app_hidden.trimmed(pg_catalog.text) is 'The text without white space at its ends.';
comment on function app_private.close_history_month(pg_catalog.regclass) is 'Closes a part of the history to everybody, and refuses truncate.';
comment on function app_private.close_table(pg_catalog.regclass) is 'Enables and forces row-level security on a table, drops all its policies and revokes all that was granted on it or its columns: nobody but the owner is left, and the owner sees no row.';
comment on function app_private.drop_history_months(timestamp with time zone) is 'Drops the months of the history that were over before that time, and says which. As the owner; for good.';
comment on function app_private.history_month(pg_catalog.text) is 'When the month began whose table has this name: task_history_2026_11 has November 2026. Null for other names.';
comment on function app_private.make_history_month(timestamp with time zone) is 'Makes the table for the month of the history that begins then, and moves there what had no place yet.';
comment on function app_private.make_history_months(integer) is 'Makes the tables for this month and so many after it, unless they are there, and says how many it has made. As the owner.';
comment on function app_private.tg__ensure_user() is 'Trigger: makes the signed-in user''s record, from the claims of the token, unless it exists; holds it, so that it is there when the task refers to it.';
comment on function app_private.tg__updated_at() is 'Trigger: sets updated_at to now, and always later than it was.';
comment on function app_private.tg__version() is 'Trigger: refuses an update that was made for another version of the row; counts the version up.';
comment on function app_private.tg_task_history__append_only() is 'Trigger: refuses to change or delete entries, unless their user is deleted.';
comment on function app_private.tg_tasks__completed_at() is 'Trigger: sets completed_at when completed is set, and clears it when that is cleared.';
comment on function app_private.tg_tasks__record_delete() is 'Trigger: adds an entry to the history for each task that a statement has deleted.';
comment on function app_private.tg_tasks__record_insert() is 'Trigger: adds an entry to the history for each task that a statement has made.';
comment on function app_private.tg_tasks__record_update() is 'Trigger: adds an entry to the history for each task that a statement has changed.';
comment on function app_private.tg_tasks__tell() is 'Trigger: tells who listens to the owners which tasks a statement has created, updated or deleted.';
comment on function app_private.tg_tasks__trim_tags() is 'Trigger: removes white space from the ends of tags.';
comment on function app_private.tg_tasks__trim_title() is 'Trigger: removes white space from the ends of a title.';
comment on function app_private.tg_users__delete_tasks() is 'Trigger: deletes the tasks of a user who is about to be deleted.';
comment on function app_private.tg_users__erase_history() is 'Trigger: erases the history of a user who was deleted.';
comment on function app_private.tg_users__note_deletion() is 'Trigger: notes that the account was deleted.';
comment on function app_private.tg_users__refuse_deleted() is 'Trigger: refuses to make an account anew for a token from before it was deleted.';
comment on function app_public.complete_task(pg_catalog.uuid,boolean,integer) is 'Completes a task or, with completed false, reopens it. May be repeated.';
comment on function app_public.complete_tasks(app_public.task_ref[],boolean) is 'Completes up to 100 tasks or, with completed false, reopens them: all of them, or none.';
comment on function app_public.create_tasks(app_public.tasks[]) is 'Makes up to 100 tasks: all of them, or none.';
comment on function app_public.delete_me() is 'Deletes the signed-in user and all of their tasks, for good, and makes the tokens useless that they have. May be repeated.';
comment on function app_public.delete_task(pg_catalog.uuid,integer) is 'Deletes a task for good, whether it is in the trash or not.';
comment on function app_public.delete_tasks(app_public.task_ref[]) is 'Deletes up to 100 tasks for good: all of them, or none.';
comment on function app_public.empty_trash() is 'Deletes all tasks in the trash for good, and says how many they were.';
comment on function app_public.me() is 'The signed-in user: the record as it stands or, before the first write, as the token describes it.';
comment on function app_public.replace_task(pg_catalog.uuid,app_public.tasks,integer) is 'Replaces a task as a whole: what is left out goes back to its default.';
comment on function app_public.restore_task(pg_catalog.uuid,integer) is 'Takes a task out of the trash. May be repeated.';
comment on function app_public.restore_tasks(app_public.task_ref[]) is 'Takes up to 100 tasks out of the trash: all of them, or none.';
comment on function app_public.tasks_overdue(app_public.tasks) is 'Whether it is still to be done and should have been done by now.';
comment on function app_public.toggle_task(pg_catalog.uuid,integer) is 'Completes a task that is open, reopens one that is completed.';
comment on function app_public.trash_task(pg_catalog.uuid,integer) is 'Puts a task into the trash, from which it can be restored. May be repeated.';
comment on function app_public.trash_tasks(app_public.task_ref[]) is 'Puts up to 100 tasks into the trash: all of them, or none.';
comment on function app_public.update_me(pg_catalog.text) is 'Changes the signed-in user''s display name.';
comment on function app_public.update_tasks(app_public.task_update[]) is 'Changes up to 100 tasks, each in its own way: all of them, or none.';
comment on function app_public.users_task_counts(app_public.users) is 'How many tasks the user has, by state.';
comment on policy delete_historian on app_public.task_history is 'Entries are erased by a trigger, when their user is gone, never by hand.';
comment on policy delete_owner on app_public.tasks is 'A user deletes only their own tasks.';
comment on policy delete_owner on app_public.users is 'A user deletes only their own record.';
comment on policy insert_historian on app_public.task_history is 'Entries are made by triggers, never by hand.';
comment on policy insert_owner on app_hidden.deleted_users is 'A user notes only their own leaving.';
comment on policy insert_owner on app_public.tasks is 'A user makes tasks only for themselves.';
comment on policy insert_owner on app_public.users is 'A user brings only their own record into being.';
comment on policy select_admin on app_hidden.deleted_users is 'Administrators read every note, or that of the user whom their transaction was given to.';
comment on policy select_admin on app_public.task_history is 'Administrators read every entry, or those of the user whom their transaction was given to.';
comment on policy select_admin on app_public.tasks is 'Administrators read every task, or those of the user whom their transaction was given to.';
comment on policy select_admin on app_public.users is 'Administrators read every record, or that of the user whom their transaction was given to.';
comment on policy select_historian on app_public.task_history is 'A trigger finds the entries of a user who is gone.';
comment on policy select_owner on app_hidden.deleted_users is 'A user sees only whether they themselves are gone.';
comment on policy select_owner on app_public.task_history is 'A user reads only the history of their own tasks.';
comment on policy select_owner on app_public.tasks is 'A user reads only their own tasks.';
comment on policy select_owner on app_public.users is 'A user reads only their own record.';
comment on policy update_owner on app_hidden.deleted_users is 'A user who leaves again renews only their own note.';
comment on policy update_owner on app_public.tasks is 'A user changes only their own tasks, and cannot give them away.';
comment on policy update_owner on app_public.users is 'A user changes only their own record.';
comment on schema app_hidden is 'What policies and defaults of app_public call: callable by the visitor, not shown by the API.';
comment on schema app_private is 'The owner''s own: no API role may look in.';
comment on schema app_public is 'What the API shows.';
comment on table app_hidden.deleted_users is 'An account that was deleted. A row is of use for as long as tokens from before may be live.';
comment on table app_public.task_history is 'What was done to a task: one entry for each task that a statement has changed.';
comment on table app_public.tasks is 'Something to do.';
comment on table app_public.users is 'A person who signs in.';
comment on table column app_hidden.deleted_users.deleted_at is 'When it was last deleted.';
comment on table column app_hidden.deleted_users.id is 'The subject of the tokens of that account.';
comment on table column app_public.task_history.action is 'What was done.';
comment on table column app_public.task_history.actor_id is 'The user who did it; null when it was done past the API, by an administrator.';
comment on table column app_public.task_history.address is 'The network address that the request came from.';
comment on table column app_public.task_history.changes is 'The columns that have changed: `{"title": ["before", "after"]}`. Of a new or deleted task, what it has beyond an empty one.';
comment on table column app_public.task_history.created_at is 'When it was done.';
comment on table column app_public.task_history.id is 'The entry''s id.';
comment on table column app_public.task_history.owner_id is 'The user whose task it was.';
comment on table column app_public.task_history.request_id is 'The id of the request, as the client was told it. A client may choose it.';
comment on table column app_public.task_history.task_id is 'The task, which may be gone.';
comment on table column app_public.task_history.version is 'The version of the task that came of it or, when it was deleted, the last.';
comment on table column app_public.tasks.completed is 'Whether it is done.';
comment on table column app_public.tasks.completed_at is 'When it was completed; null while it is not.';
comment on table column app_public.tasks.created_at is 'When the task was made.';
comment on table column app_public.tasks.deleted_at is 'When it was put into the trash; null while it is not there.';
comment on table column app_public.tasks.description is 'More about it: up to 20,000 characters.';
comment on table column app_public.tasks.due_at is 'When it has to be done.';
comment on table column app_public.tasks.id is 'The task''s id: a UUID whose order is the order in which tasks were made.';
comment on table column app_public.tasks.owner_id is 'The user whose task it is: always the user who made it.';
comment on table column app_public.tasks.priority is 'How urgent it is; in order, the most urgent come last.';
comment on table column app_public.tasks.tags is 'Words to find it by: up to 20, each of 1 to 40 characters, none of them twice.';
comment on table column app_public.tasks.title is 'What is to be done: 1 to 200 characters, without white space at its ends.';
comment on table column app_public.tasks.updated_at is 'When the task last changed: later with every change.';
comment on table column app_public.tasks.version is 'Grows by one with every change.';
comment on table column app_public.tasks.words is 'The words of title and description, as search compares them.';
comment on table column app_public.users.created_at is 'When the user was first seen.';
comment on table column app_public.users.email is 'The e-mail address that the token carried when the user was first seen, if any.';
comment on table column app_public.users.id is 'The subject (`sub`) of the user''s tokens.';
comment on table column app_public.users.name is 'The display name that the token carried when the user was first seen, if any.';
comment on table column app_public.users.updated_at is 'When the record last changed.';
comment on table constraint deleted_users_id_length_check on app_hidden.deleted_users is 'A user id has 1 to 255 characters.';
comment on table constraint tasks_completed_at_check on app_public.tasks is 'What is completed was completed at some time, and nothing else was.';
comment on table constraint tasks_description_length_check on app_public.tasks is 'A description has at most 20,000 characters.';
comment on table constraint tasks_due_at_finite_check on app_public.tasks is 'A task is due at a point in time.';
comment on table constraint tasks_owner_id_fkey on app_public.tasks is 'A user''s tasks go with the user.';
comment on table constraint tasks_tags_count_check on app_public.tasks is 'A task has at most 20 tags.';
comment on table constraint tasks_tags_distinct_check on app_public.tasks is 'A task has no tag twice.';
comment on table constraint tasks_tags_length_check on app_public.tasks is 'A tag has 1 to 40 characters, white space at its ends not counted.';
comment on table constraint tasks_tags_present_check on app_public.tasks is 'A tag is a text.';
comment on table constraint tasks_title_length_check on app_public.tasks is 'A title has 1 to 200 characters, white space at its ends not counted.';
comment on table constraint users_email_length_check on app_public.users is 'An e-mail address has 1 to 320 characters.';
comment on table constraint users_id_length_check on app_public.users is 'A user id has 1 to 255 characters.';
comment on table constraint users_name_length_check on app_public.users is 'A name has 1 to 200 characters.';
comment on trigger _100_append_only on app_public.task_history is 'Refuses update and delete.';
comment on trigger _100_ensure_user on app_public.tasks is 'Makes the user''s record before their first task.';
comment on trigger _100_refuse_deleted on app_public.users is 'Keeps a token from before the account was deleted from making it anew.';
comment on trigger _110_append_only on app_public.task_history is 'Refuses truncate.';
comment on trigger _200_delete_tasks on app_public.users is 'Deletes the user''s tasks, before the foreign key does.';
comment on trigger _200_trim_title on app_public.tasks is 'Trims the title before its length is checked.';
comment on trigger _210_trim_tags on app_public.tasks is 'Trims tags before their lengths are checked and they are compared.';
comment on trigger _300_completed_at on app_public.tasks is 'A task that is made completed was completed now.';
comment on trigger _310_completed_at on app_public.tasks is 'Completing keeps the time, reopening forgets it; completing again changes nothing.';
comment on trigger _400_version on app_public.tasks is 'Refuses a stale update; counts the version up.';
comment on trigger _500_updated_at on app_public.tasks is 'Keeps updated_at.';
comment on trigger _500_updated_at on app_public.users is 'Keeps updated_at.';
comment on trigger _800_note_deletion on app_public.users is 'Notes that the account was deleted, so that tokens from before cannot bring it back.';
comment on trigger _800_record_delete on app_public.tasks is 'Adds to the history.';
comment on trigger _800_record_insert on app_public.tasks is 'Adds to the history.';
comment on trigger _800_record_update on app_public.tasks is 'Adds to the history.';
comment on trigger _810_erase_history on app_public.users is 'Erases the user''s history.';
comment on trigger _900_tell_created on app_public.tasks is 'Tells who listens to the owners.';
comment on trigger _900_tell_deleted on app_public.tasks is 'Tells who listens to the owners.';
comment on trigger _900_tell_updated on app_public.tasks is 'Tells who listens to the owners.';
comment on type app_public.task_action is 'What was done to a task.';
comment on type app_public.task_priority is 'How urgent a task is, from the least to the most.';
comment on type app_public.task_ref is 'A task and, if that matters, the version of it that is meant.';
comment on type app_public.task_tally is 'How many tasks a user has.';
comment on type app_public.task_update is 'A task and what is to be changed of it.';
