-- clean

-- broken: app_hidden.tg_notes__tell()
create function app_hidden.tg_notes__tell() returns trigger
language plpgsql
volatile
as $$
begin
  perform pg_catalog.pg_notify('notes', pg_catalog.row_to_json(new)::text);
  return null;
end
$$;

-- mended
create or replace function app_hidden.tg_notes__tell() returns trigger
language plpgsql
volatile
as $$
begin
  perform pg_catalog.pg_notify('notes', tg_op || ' ' || new.id);
  return null;
end
$$;

-- broken: app_hidden.tell(uuid)
-- In SQL, and by way of a query.
create function app_hidden.tell(note_id uuid) returns void
language sql
volatile
as $$
  select pg_catalog.pg_notify('notes', notes.id || notes.title) from app_public.notes where notes.id = note_id
$$;

-- mended
create or replace function app_hidden.tell(note_id uuid) returns void
language sql
volatile
as $$
  select pg_catalog.pg_notify('notes', notes.id::text) from app_public.notes where notes.id = note_id
$$;

-- broken: app_hidden.tg_notes__shout()
create function app_hidden.tg_notes__shout() returns trigger
language plpgsql
volatile
as $$
declare
  payload text;
begin
  payload := pg_catalog.jsonb_build_object('id', new.id, 'title', new.title)::text;
  execute pg_catalog.format('notify notes, %L', payload);
  return null;
end
$$;

-- mended
create or replace function app_hidden.tg_notes__shout() returns trigger
language plpgsql
volatile
as $$
declare
  payload text;
begin
  payload := pg_catalog.jsonb_build_object('id', new.id, 'owner', new.owner_id)::text;
  execute pg_catalog.format('notify notes, %L', payload);
  return null;
end
$$;

-- near miss: ids of a whole statement, a constant, and a title that only decides whether to tell
create function app_hidden.tg_notes__hint() returns trigger
language plpgsql
volatile
as $$
declare
  changed_ids uuid[];
  event text = case tg_op when 'INSERT' then 'created ' else 'changed ' end;
begin
  select pg_catalog.array_agg(changed.id) into changed_ids from changed;
  if new.title is not null then
    perform pg_catalog.pg_notify('notes', event || pg_catalog.array_to_string(changed_ids, ','));
  end if;
  notify notes, 'something';
  return null;
end
$$;
