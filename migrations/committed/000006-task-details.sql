--! Previous: sha1:6e85a3cd8aa26dba67a7d4bc8b0ed62acaaeb732
--! Hash: sha1:eac7148e94b18520174ed04afbf2726b00e17030
--! Message: task details

--! split: 1-current.sql
/*
 * What a person wants to say of a task: how urgent it is, when it is due, under which words it belongs. And what the database keeps: when
 * it was completed, how often it was changed, whether it lies in the trash.
 */

/*
 * An enum, so that levels read as words, sort by urgency and cannot be misspelt. Its operators are not leakproof: a level is compared after
 * the policy has chosen the owner's rows, never ahead of it (docs/adr/0009-priority-is-an-enum.md has the plans and figures).
 */
create type app_public.task_priority as enum ('low', 'normal', 'high', 'urgent');

comment on type app_public.task_priority is 'How urgent a task is, from the least to the most.';

/* The white space that JavaScript's String.prototype.trim removes (ECMAScript WhiteSpace and LineTerminator), so that a front end that trims before it counts comes to the same length. */
create function app_hidden.trimmed(given text) returns text
language sql
immutable
parallel safe
as $$
  select pg_catalog.btrim(
    given,
    E'\u0009\u000A\u000B\u000C\u000D\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'
  )
$$;

/* A check constraint cannot contain a query; these are what it calls instead. It runs with the rights of who writes. */
create function app_hidden.shortest(texts text[]) returns integer
language sql
immutable
parallel safe
as $$
  select min(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given
$$;

create function app_hidden.longest(texts text[]) returns integer
language sql
immutable
parallel safe
as $$
  select max(pg_catalog.char_length(app_hidden.trimmed(given))) from pg_catalog.unnest(texts) as given
$$;

create function app_hidden.has_duplicates(texts text[]) returns boolean
language sql
immutable
parallel safe
as $$
  select count(*) > count(distinct app_hidden.trimmed(given)) from pg_catalog.unnest(texts) as given
$$;

grant execute on function app_hidden.trimmed(text) to hedgerow_visitor;
grant execute on function app_hidden.shortest(text[]) to hedgerow_visitor;
grant execute on function app_hidden.longest(text[]) to hedgerow_visitor;
grant execute on function app_hidden.has_duplicates(text[]) to hedgerow_visitor;

comment on function app_hidden.trimmed(text) is 'The text without white space at its ends.';
comment on function app_hidden.shortest(text[]) is 'The length of the shortest of the texts, in characters, white space at their ends not counted.';
comment on function app_hidden.longest(text[]) is 'The length of the longest of the texts, in characters, white space at their ends not counted.';
comment on function app_hidden.has_duplicates(text[]) is 'Whether two of the texts are the same (null counts as one that is), white space at their ends not counted.';

alter table app_public.tasks
  add column priority app_public.task_priority not null default 'normal',
  add column due_at timestamptz,
  add column tags text[] not null default '{}',
  add column completed_at timestamptz,
  add column deleted_at timestamptz,
  add column version integer not null default 1;

/* Rows from before: their last change is the best guess at their completion. Row-level security binds the owner too, until it is let off. */
alter table app_public.tasks no force row level security;
alter table app_public.tasks disable trigger user;
update app_public.tasks
set completed_at = updated_at
where completed;
alter table app_public.tasks enable trigger user;

/*
 * The rules. The API answers a broken one with its comment, its name (tasks_<column>_<rule>_check) and the numbers in it, and finds all that
 * a value breaks by trying each on what was sent; so a rule judges the text as the triggers will leave it.
 */
alter table app_public.tasks
  drop constraint tasks_title_length_check,
  add constraint tasks_title_length_check check (char_length(app_hidden.trimmed(title)) between 1 and 200),
  add constraint tasks_due_at_finite_check check (isfinite(due_at)),
  add constraint tasks_tags_count_check check (cardinality(tags) <= 20),
  add constraint tasks_tags_present_check check (array_position(tags, null) is null),
  add constraint tasks_tags_length_check check (
    cardinality(tags) = 0
    or (app_hidden.shortest(tags) >= 1 and app_hidden.longest(tags) <= 40)
  ),
  add constraint tasks_tags_distinct_check check (cardinality(tags) < 2 or not app_hidden.has_duplicates(tags)),
  add constraint tasks_completed_at_check check (completed = (completed_at is not null));

comment on column app_public.tasks.priority is 'How urgent it is; in order, the most urgent come last.';
comment on column app_public.tasks.due_at is 'When it has to be done.';
comment on column app_public.tasks.tags is 'Words to find it by: up to 20, each of 1 to 40 characters, none of them twice.';
comment on column app_public.tasks.completed_at is 'When it was completed; null while it is not.';
comment on column app_public.tasks.deleted_at is 'When it was put into the trash; null while it is not there.';
comment on column app_public.tasks.version is 'Grows by one with every change.';
comment on constraint tasks_title_length_check on app_public.tasks is 'A title has 1 to 200 characters, white space at its ends not counted.';
comment on constraint tasks_due_at_finite_check on app_public.tasks is 'A task is due at a point in time.';
comment on constraint tasks_tags_count_check on app_public.tasks is 'A task has at most 20 tags.';
comment on constraint tasks_tags_present_check on app_public.tasks is 'A tag is a text.';
comment on constraint tasks_tags_length_check on app_public.tasks is 'A tag has 1 to 40 characters, white space at its ends not counted.';
comment on constraint tasks_tags_distinct_check on app_public.tasks is 'A task has no tag twice.';
comment on constraint tasks_completed_at_check on app_public.tasks is 'What is completed was completed at some time, and nothing else was.';

/* A client may choose ids that are not in time order, so newest first goes by created_at; tasks made in one transaction go by id. */
create index tasks_newest_idx on app_public.tasks (owner_id, created_at, id);

comment on index app_public.tasks_newest_idx is 'A user''s tasks in the order in which they were made.';

create or replace function app_private.tg_tasks__trim_title() returns trigger
language plpgsql
volatile
as $$
begin
  new.title = app_hidden.trimmed(new.title);
  return new;
end
$$;

create function app_private.tg_tasks__trim_tags() returns trigger
language plpgsql
volatile
as $$
begin
  new.tags = array(
    select app_hidden.trimmed(given.tag)
    from pg_catalog.unnest(new.tags) with ordinality as given (tag, position)
    order by given.position
  );
  return new;
end
$$;

comment on function app_private.tg_tasks__trim_tags() is 'Trigger: removes white space from the ends of tags.';

create trigger _210_trim_tags
before insert or update of tags on app_public.tasks
for each row
when (cardinality(new.tags) > 0)
execute function app_private.tg_tasks__trim_tags();

comment on trigger _210_trim_tags on app_public.tasks is 'Trims tags before their lengths are checked and they are compared.';

/* completed_at follows completed. An import may bring its own time. */
create function app_private.tg_tasks__completed_at() returns trigger
language plpgsql
volatile
as $$
begin
  new.completed_at = case when new.completed then pg_catalog.now() end;
  return new;
end
$$;

comment on function app_private.tg_tasks__completed_at() is 'Trigger: sets completed_at when completed is set, and clears it when that is cleared.';

create trigger _300_completed_at
before insert on app_public.tasks
for each row
when (new.completed and new.completed_at is null)
execute function app_private.tg_tasks__completed_at();

create trigger _310_completed_at
before update of completed on app_public.tasks
for each row
when (new.completed <> old.completed)
execute function app_private.tg_tasks__completed_at();

comment on trigger _300_completed_at on app_public.tasks is 'A task that is made completed was completed now.';
comment on trigger _310_completed_at on app_public.tasks is 'Completing keeps the time, reopening forgets it; completing again changes nothing.';

create function app_hidden.refuse_stale(id uuid, version integer) returns void
language plpgsql
immutable
as $$
begin
  raise exception using
    errcode = 'ZH412',
    message = 'This has changed since it was read.',
    detail = pg_catalog.json_build_object('id', id, 'version', version);
end
$$;

grant execute on function app_hidden.refuse_stale(uuid, integer) to hedgerow_visitor;

comment on function app_hidden.refuse_stale(uuid, integer) is
'Raises ZH412: somebody changed the row. The detail names it and the version that it has now, for the client that has to merge.';

/*
 * Optimistic locking without a lock: who read version 3 writes `set …, version = 3`. If the row has moved on, also in between, the update
 * is refused (ZH412); otherwise it becomes version 4. Who does not name a version takes what is there.
 */
create function app_private.tg__version() returns trigger
language plpgsql
volatile
as $$
begin
  if new.version <> old.version then
    perform app_hidden.refuse_stale(old.id, old.version);
  end if;
  new.version = old.version + 1;
  return new;
end
$$;

comment on function app_private.tg__version() is 'Trigger: refuses an update that was made for another version of the row; counts the version up.';

create trigger _400_version
before update on app_public.tasks
for each row
execute function app_private.tg__version();

comment on trigger _400_version on app_public.tasks is 'Refuses a stale update; counts the version up.';

--! Included tasks.policy.sql
/*
 * A task belongs to the user who made it, for good; nobody else can read, make, change or delete it.
 */

/* Reset */
select app_private.close_table('app_public.tasks');

/* Policies */
create policy select_owner on app_public.tasks
for select to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

create policy insert_owner on app_public.tasks
for insert to hedgerow_visitor
with check (owner_id = app_hidden.current_user_id());

create policy update_owner on app_public.tasks
for update to hedgerow_visitor
using (owner_id = app_hidden.current_user_id())
with check (owner_id = app_hidden.current_user_id());

create policy delete_owner on app_public.tasks
for delete to hedgerow_visitor
using (owner_id = app_hidden.current_user_id());

/*
 * Grants. `owner_id` is not granted: it comes from the token by default and never changes. An `id` may be chosen at the start, so that a
 * create can be retried; keys start with the owner, so it can clash only with the user's own. `version` may be named in an update, which
 * app_private.tg__version then checks; the times are the database's. Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on table app_public.tasks to hedgerow_visitor;
grant insert (id, title, description, completed, priority, due_at, tags) on table app_public.tasks to hedgerow_visitor;
grant update (title, description, completed, priority, due_at, tags, deleted_at, version) on table app_public.tasks to hedgerow_visitor;

comment on policy select_owner on app_public.tasks is 'A user reads only their own tasks.';
comment on policy insert_owner on app_public.tasks is 'A user makes tasks only for themselves.';
comment on policy update_owner on app_public.tasks is 'A user changes only their own tasks, and cannot give them away.';
comment on policy delete_owner on app_public.tasks is 'A user deletes only their own tasks.';
--! EndIncluded tasks.policy.sql
