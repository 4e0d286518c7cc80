--! Previous: sha1:f8ffc762311bbc0188557f83525f5effde63e798
--! Hash: sha1:6e85a3cd8aa26dba67a7d4bc8b0ed62acaaeb732
--! Message: tasks

--! split: 1-current.sql
/*
 * Tasks. Every key starts with the owner: the policy's condition is then a prefix of every index that a query can use, a client-chosen id
 * can clash only with the user's own, and the table can be distributed by owner.
 */
create table app_public.tasks (
  id uuid not null default app_hidden.new_id(),
  owner_id text not null default app_hidden.current_user_id(),
  title text not null,
  description text,
  completed boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint tasks_pkey primary key (owner_id, id),
  constraint tasks_owner_id_fkey foreign key (owner_id) references app_public.users (id) on delete cascade,
  constraint tasks_title_length_check check (char_length(title) between 1 and 200),
  constraint tasks_description_length_check check (char_length(description) <= 20000)
);

comment on table app_public.tasks is 'Something to do.';
comment on column app_public.tasks.id is 'The task''s id: a UUID whose order is the order in which tasks were made.';
comment on column app_public.tasks.owner_id is 'The user whose task it is: always the user who made it.';
comment on column app_public.tasks.title is 'What is to be done: 1 to 200 characters, without white space at its ends.';
comment on column app_public.tasks.description is 'More about it: up to 20,000 characters.';
comment on column app_public.tasks.completed is 'Whether it is done.';
comment on column app_public.tasks.created_at is 'When the task was made.';
comment on column app_public.tasks.updated_at is 'When the task last changed: later with every change.';
comment on constraint tasks_title_length_check on app_public.tasks is 'A title has 1 to 200 characters, white space at its ends not counted.';
comment on constraint tasks_description_length_check on app_public.tasks is 'A description has at most 20,000 characters.';
comment on constraint tasks_owner_id_fkey on app_public.tasks is 'A user''s tasks go with the user.';

/*
 * The user record is made by the first write (C-16). By statement, so that a bulk insert asks once. When nobody is signed in the trigger
 * has nothing to do: the insert policy then refuses a visitor, and an administrator's import names owners that exist.
 */
create function app_private.tg__ensure_user() returns trigger
language plpgsql
volatile
as $$
begin
  insert into app_public.users (name)
  values (app_hidden.current_user_name())
  on conflict do nothing;
  return null;
end
$$;

comment on function app_private.tg__ensure_user() is 'Trigger: makes the signed-in user''s record, from the claims of the token, unless it exists.';

create trigger _100_ensure_user
before insert on app_public.tasks
for each statement
when (app_hidden.current_user_id() is not null)
execute function app_private.tg__ensure_user();

comment on trigger _100_ensure_user on app_public.tasks is 'Makes the user''s record before their first task.';

/* The white space that JavaScript's String.prototype.trim removes (ECMAScript WhiteSpace and LineTerminator), so that a front end that trims before it counts comes to the same length. */
create function app_private.tg_tasks__trim_title() returns trigger
language plpgsql
volatile
as $$
begin
  new.title = pg_catalog.btrim(
    new.title,
    E'\u0009\u000A\u000B\u000C\u000D\u0020\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'
  );
  return new;
end
$$;

comment on function app_private.tg_tasks__trim_title() is 'Trigger: removes white space from the ends of a title.';

create trigger _200_trim_title
before insert or update of title on app_public.tasks
for each row
execute function app_private.tg_tasks__trim_title();

comment on trigger _200_trim_title on app_public.tasks is 'Trims the title before its length is checked.';

create trigger _500_updated_at
before update on app_public.tasks
for each row
execute function app_private.tg__updated_at();

comment on trigger _500_updated_at on app_public.tasks is 'Keeps updated_at.';

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
 * Grants. `owner_id` is not granted: it comes from the token by default and never changes. Nor are `id` and the timestamps: the
 * database keeps them. Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on table app_public.tasks to hedgerow_visitor;
grant insert (title, description, completed) on table app_public.tasks to hedgerow_visitor;
grant update (title, description, completed) on table app_public.tasks to hedgerow_visitor;

comment on policy select_owner on app_public.tasks is 'A user reads only their own tasks.';
comment on policy insert_owner on app_public.tasks is 'A user makes tasks only for themselves.';
comment on policy update_owner on app_public.tasks is 'A user changes only their own tasks, and cannot give them away.';
comment on policy delete_owner on app_public.tasks is 'A user deletes only their own tasks.';
--! EndIncluded tasks.policy.sql
