-- clean

-- broken: app_hidden.tg_notes__no_double()
-- The trigger sees the notes of all users, and quotes one of them.
create function app_hidden.tg_notes__no_double() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  other record;
begin
  select notes.* into other from app_public.notes where notes.title = new.title limit 1;
  if found then
    raise exception 'There is such a note.' using detail = pg_catalog.format('It is by %s.', other.owner_id);
  end if;
  return new;
end
$$;
create trigger _100_no_double
before insert on app_public.notes
for each row
execute function app_hidden.tg_notes__no_double();

-- mended
create or replace function app_hidden.tg_notes__no_double() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if exists (select from app_public.notes where notes.title = new.title) then
    raise exception 'This title is not possible: %', new.title using errcode = 'ZZ001';
  end if;
  return new;
end
$$;

-- broken: app_hidden.price_of(text)
-- It runs as its caller, but of a table that has no policies; and the value takes a way round.
create table app_hidden.prices (item text, price integer, note text);
create function app_hidden.price_of(wanted text) returns integer
language plpgsql
stable
as $$
declare
  found_price integer;
  found_note text;
  hint_text text := 'See ';
begin
  select prices.price, prices.note into found_price, found_note from app_hidden.prices where prices.item = wanted;
  hint_text := hint_text || found_note;
  if found_price > 100 then
    raise warning using message = 'Dear.', hint = hint_text;
  end if;
  return found_price;
end
$$;
grant execute on function app_hidden.price_of(text) to story_visitor;

-- mended
alter table app_hidden.prices enable row level security;

-- near miss: what the caller sent, how many there are, and a function out of the visitors' reach
create function app_hidden.refuse(wanted text) returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  others bigint = (select count(*) from app_public.notes);
begin
  raise exception 'Not % of %.', wanted, others using errcode = 'ZZ002', detail = 'Ask for less.';
end
$$;
grant execute on function app_hidden.refuse(text) to story_visitor;
create function app_hidden.inspect() returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  note app_public.notes;
begin
  for note in select * from app_public.notes loop
    raise notice '%', note.title;
  end loop;
end
$$;

-- broken: app_hidden.inspect()
grant execute on function app_hidden.inspect() to story_visitor;

-- mended
revoke execute on function app_hidden.inspect() from story_visitor;

-- broken: app_hidden.tg_prices__tell()
-- A trigger of a table that visitors write; it reads a view, with its owner's rights.
create view app_hidden.dear as
select prices.item
from app_hidden.prices;
create function app_hidden.tg_prices__tell() returns trigger
language plpgsql
volatile
as $$
begin
  raise notice '%', (select dear.item from app_hidden.dear limit 1);
  return null;
end
$$;
create trigger _900_tell
after insert on app_hidden.prices
for each row
execute function app_hidden.tg_prices__tell();
grant insert on table app_hidden.prices to story_visitor;

-- mended
alter view app_hidden.dear set (security_invoker = true);

-- broken: app_hidden.tg_prices__tell()
alter view app_hidden.dear set (security_invoker = false, security_barrier = true);

-- mended
revoke insert on table app_hidden.prices from story_visitor;

-- near miss: a table of the same name in another schema, and a schema that visitors may not use
create table app_hidden.notes (title text);
create function app_hidden.first_title() returns text
language plpgsql
stable
as $$
begin
  raise notice '%', (select notes.title from app_public.notes limit 1);
  return null;
end
$$;
grant execute on function app_hidden.first_title() to story_visitor;
grant execute on function app_hidden.inspect() to story_guest;
revoke usage on schema app_hidden from story_guest;
