/*
 * Bookings of rehearsal rooms, by the customers of many houses: two settings say who asks (app.user_id, of app.tenant_id), and restrictive
 * policies keep the houses apart whatever else is allowed inside one. What is deleted goes to the bin first.
 *
 * Houses and people are the identity provider's and have no tables here. It is built by a role that row-level security does not bind: the
 * definer function relies on that.
 */

/* Roles belong to the whole cluster: another database may have made them already, or be about to. They are never dropped here. */
do $$
declare
  wanted text;
begin
  perform pg_catalog.set_config('client_min_messages', 'warning', true);
  foreach wanted in array array[
    'create role app_user nologin',
    'create role app_login login noinherit',
    'grant app_user to app_login'
  ] loop
    begin
      execute wanted;
    exception
      when duplicate_object or unique_violation then
        null;
    end;
  end loop;
end
$$;

/* PostgreSQL lets everybody execute every new function. Here each execute is granted by name. */
alter default privileges revoke execute on functions from public;

create schema app;
create schema app_hidden;
revoke all on schema public from public;

grant usage on schema app, app_hidden to app_user;

comment on schema app is 'What the API shows.';
comment on schema app_hidden is 'What policies, defaults and triggers of app call: not shown by the API.';


/* Who asks. A setting that was once set locally reads as '' for the rest of the connection's life, so '' is nobody too. */
create function app_hidden.current_user_id() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('app.user_id', true), '')
$$;

create function app_hidden.current_tenant_id() returns text
language sql
stable
parallel safe
as $$
  select nullif(pg_catalog.current_setting('app.tenant_id', true), '')
$$;

grant execute on function app_hidden.current_user_id(), app_hidden.current_tenant_id() to app_user;

comment on function app_hidden.current_user_id() is 'The user who asks, or null when nobody does.';
comment on function app_hidden.current_tenant_id() is 'The house that they are a customer of, or null.';


/*
 * Tables. Owner and house lead every key, so that a clash or a reference can tell only of one's own.
 *
 * Few operators are leakproof, and only those may use an index before the policy has had its say. Those of text, uuid, boolean and times
 * are; those of enums, arrays, jsonb and full text are not. So the latter three columns have no index: they are searched within the
 * owner's few rows.
 */

create type app.booking_status as enum ('asked', 'confirmed', 'cancelled');

create table app.bookings (
  owner_id text not null default app_hidden.current_user_id(),
  tenant_id text not null default app_hidden.current_tenant_id(),
  id uuid not null default pg_catalog.gen_random_uuid(),
  room text not null constraint bookings_room_check check (pg_catalog.length(room) between 1 and 100),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status app.booking_status not null default 'asked',
  tags text[] not null default '{}',
  details jsonb not null default '{}',
  deleted_at timestamptz,
  constraint bookings_pkey primary key (owner_id, tenant_id, id),
  constraint bookings_ends_at_check check (ends_at > starts_at)
);

/* Asked for once is enough. It does not say whether somebody else has the room: the house settles that. */
create unique index bookings_slot_key on app.bookings (owner_id, tenant_id, room, starts_at) where deleted_at is null;

/* The house's own day sheet, which no visitor sees, and a customer's bookings by time. */
create index bookings_tenant_id_starts_at_idx on app.bookings (tenant_id, owner_id, starts_at);

create table app.remarks (
  owner_id text not null default app_hidden.current_user_id(),
  tenant_id text not null default app_hidden.current_tenant_id(),
  id uuid not null default pg_catalog.gen_random_uuid(),
  booking_id uuid not null,
  body text not null constraint remarks_body_check check (pg_catalog.length(body) between 1 and 2000),
  constraint remarks_pkey primary key (owner_id, tenant_id, id),
  constraint remarks_booking_id_fkey foreign key (owner_id, tenant_id, booking_id) references app.bookings on delete cascade
);

create index remarks_booking_id_idx on app.remarks (tenant_id, owner_id, booking_id);

alter table app.bookings enable row level security;
alter table app.bookings force row level security;
alter table app.remarks enable row level security;
alter table app.remarks force row level security;

comment on table app.bookings is 'Rooms that a customer wants. With deleted_at it is in the bin.';
comment on table app.remarks is 'What a customer says about a booking.';

/* As the one who asks, not as its owner: the policies of bookings hold in it too. */
create view app.open_bookings with (security_invoker = true) as
select id, room, starts_at, ends_at, status, tags, details
from app.bookings
where deleted_at is null;

comment on view app.open_bookings is 'Bookings that are not in the bin.';


/*
 * Policies. Each table has one that restricts, for all commands, and one that permits for each command. `deleted_at is null` is in none:
 * the row that an update leaves behind has to pass the policy for select, so nothing could ever go to the bin.
 */

create policy within_tenant on app.bookings
as restrictive
for all to app_user
using (tenant_id = (select app_hidden.current_tenant_id()))
with check (tenant_id = (select app_hidden.current_tenant_id()));

create policy select_owner on app.bookings
for select to app_user
using (owner_id = (select app_hidden.current_user_id()));

create policy insert_owner on app.bookings
for insert to app_user
with check (owner_id = (select app_hidden.current_user_id()));

create policy update_owner on app.bookings
for update to app_user
using (owner_id = (select app_hidden.current_user_id()))
with check (owner_id = (select app_hidden.current_user_id()));

create policy delete_owner on app.bookings
for delete to app_user
using (owner_id = (select app_hidden.current_user_id()));

create policy within_tenant on app.remarks
as restrictive
for all to app_user
using (tenant_id = (select app_hidden.current_tenant_id()))
with check (tenant_id = (select app_hidden.current_tenant_id()));

create policy select_owner on app.remarks
for select to app_user
using (owner_id = (select app_hidden.current_user_id()));

create policy insert_owner on app.remarks
for insert to app_user
with check (owner_id = (select app_hidden.current_user_id()));

create policy update_owner on app.remarks
for update to app_user
using (owner_id = (select app_hidden.current_user_id()))
with check (owner_id = (select app_hidden.current_user_id()));

create policy delete_owner on app.remarks
for delete to app_user
using (owner_id = (select app_hidden.current_user_id()));

comment on policy within_tenant on app.bookings is 'Whatever else is allowed, it is allowed within one house.';
comment on policy within_tenant on app.remarks is 'Whatever else is allowed, it is allowed within one house.';

/*
 * Grants. Neither owner nor house is granted: they come from the settings by default and do not change. The status is the house's to set.
 * Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on app.bookings, app.remarks to app_user;
grant insert (id, room, starts_at, ends_at, tags, details) on app.bookings to app_user;
grant update (room, starts_at, ends_at, tags, details, deleted_at) on app.bookings to app_user;
grant insert (id, booking_id, body), update (body) on app.remarks to app_user;
grant select on app.open_bookings to app_user;


/*
 * How many open bookings the one who asks has. With its owner's rights, so that the quota counts the same whatever the policies come to
 * show; it is therefore outside the API, its search path is pinned, and it filters by itself.
 */
create function app_hidden.booking_count() returns bigint
language sql
stable
security definer
set search_path = ''
as $$
  select pg_catalog.count(*)
  from app.bookings
  where owner_id = app_hidden.current_user_id()
  and tenant_id = app_hidden.current_tenant_id()
  and deleted_at is null
$$;

grant execute on function app_hidden.booking_count() to app_user;

/* The message is the same for everybody: what it says of a row, it would say to whoever can cause it. */
create function app_hidden.tg_bookings__quota() returns trigger
language plpgsql
volatile
as $$
begin
  if app_hidden.booking_count() >= 20 then
    raise exception 'You have as many bookings as you may have.' using errcode = '54000';
  end if;
  return new;
end
$$;

/* As the one who deletes: the policy for update holds. What is in the bin already is deleted for good. */
create function app_hidden.tg_bookings__bin() returns trigger
language plpgsql
volatile
as $$
begin
  update app.bookings
  set deleted_at = pg_catalog.now()
  where owner_id = old.owner_id
  and tenant_id = old.tenant_id
  and id = old.id;
  return null;
end
$$;

/* Anybody who can connect may listen to any channel. So it carries nothing but an id, by which a listener reads the row as its user. */
create function app_hidden.tg_bookings__announce() returns trigger
language plpgsql
volatile
as $$
begin
  perform pg_catalog.pg_notify('bookings', new.id::text);
  return null;
end
$$;

create trigger _100_quota before insert on app.bookings
for each row execute function app_hidden.tg_bookings__quota();

create trigger _200_bin before delete on app.bookings
for each row when (old.deleted_at is null) execute function app_hidden.tg_bookings__bin();

create trigger _300_announce after insert or update on app.bookings
for each row execute function app_hidden.tg_bookings__announce();

comment on function app_hidden.booking_count() is 'How many open bookings the user has in this house.';
comment on trigger _100_quota on app.bookings is 'At most twenty open bookings.';
comment on trigger _200_bin on app.bookings is 'A delete puts it into the bin; a second one deletes it.';
comment on trigger _300_announce on app.bookings is 'Tells listeners which booking to read again.';
