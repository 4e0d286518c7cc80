--! Previous: sha1:ad85fc1f7e7f6f6fd4c15f75346def2f6b157518
--! Hash: sha1:7347836a5887c2bbba33d24ea1a4f94690d0ed8f
--! Message: task changes

--! split: 1-current.sql
/*
 * Live updates: each statement that changes tasks tells so, to who listens to their owner (docs/adr/0008 has the measurements).
 *
 * A notification holds the event and the ids, never data: any role may notify any channel, so who hears one looks again, under the policies.
 * Names of channels are hashes, because a name has at most 63 bytes.
 */

create function app_hidden.changes_channel(owner_id text) returns text
language sql
immutable
parallel safe
as $$
  select 'task_changed:' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(owner_id, 'UTF8')), 'hex'), 32)
$$;

/*
 * A transaction that notifies commits under one lock of the whole server. So a writer asks first whether anybody listens: who listens to a
 * user holds a shared advisory lock on the user's bucket, and a writer that gets the exclusive one knows that nobody does. It keeps it until
 * it commits, and who begins to listen waits for that: so what they read afterwards has the change. Two writers of one bucket at a time are
 * no mistake: the second notifies needlessly. 256 buckets, because a server that listens to them all must fit into PostgreSQL's lock table.
 */
create function app_hidden.changes_bucket(owner_id text) returns integer
language sql
immutable
parallel safe
as $$
  select pg_catalog.get_byte(pg_catalog.sha256(pg_catalog.convert_to(owner_id, 'UTF8')), 0)
$$;

grant execute on function app_hidden.changes_channel(text) to hedgerow_visitor;
grant execute on function app_hidden.changes_bucket(text) to hedgerow_visitor;

comment on function app_hidden.changes_channel(text) is 'The channel on which changes of a user''s tasks are told.';
comment on function app_hidden.changes_bucket(text) is 'The advisory lock (class 1751475303, this) that is held while somebody listens to the user: 0 to 255.';

/*
 * A payload stays below 8,000 bytes: `created ` and 200 ids of 37 bytes are 7,408. Nearly every statement is of one owner and of fewer rows,
 * and takes the first branch, without a window and its sort.
 */
create function app_private.tg_tasks__tell() returns trigger
language plpgsql
volatile
as $$
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
$$;

comment on function app_private.tg_tasks__tell() is 'Trigger: tells who listens to the owners which tasks a statement has created, updated or deleted.';

create trigger _900_tell_created
after insert on app_public.tasks
referencing new table as changed
for each statement
execute function app_private.tg_tasks__tell();

create trigger _900_tell_updated
after update on app_public.tasks
referencing new table as changed
for each statement
execute function app_private.tg_tasks__tell();

create trigger _900_tell_deleted
after delete on app_public.tasks
referencing old table as changed
for each statement
execute function app_private.tg_tasks__tell();

comment on trigger _900_tell_created on app_public.tasks is 'Tells who listens to the owners.';
comment on trigger _900_tell_updated on app_public.tasks is 'Tells who listens to the owners.';
comment on trigger _900_tell_deleted on app_public.tasks is 'Tells who listens to the owners.';
