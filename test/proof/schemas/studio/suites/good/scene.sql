/*
 * What every file of this suite starts with: a transaction, pgTAP, words to change the actor with, and rows. Alice and bob are customers of
 * the same house, north; alice has a booking at the house south too. Mallory is a customer of both.
 */
\set ON_ERROR_STOP on
\set QUIET on
\pset format unaligned
\pset tuples_only on

begin;

set local client_min_messages = warning;

create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to app_user;
set local search_path = tap, pg_catalog;

/* As the server does it for a request of this customer to this house. */
create function tap.sign_in(customer text, house text) returns text
language sql
volatile
as $$
  select set_config('app.user_id', customer, true), set_config('app.tenant_id', house, true), set_config('role', 'app_user', true);
  select format('# %s in %s:', customer, house);
$$;

/* Back to the superuser, whom no policy binds: for controls, which show that what was denied is really there. */
create function tap.step_out() returns text
language sql
volatile
as $$
  select set_config('app.user_id', '', true), set_config('app.tenant_id', '', true), set_config('role', 'none', true);
  select '# control:';
$$;

grant execute on all functions in schema tap to app_user;

insert into app.bookings (owner_id, tenant_id, id, room, starts_at, ends_at, deleted_at) values
  ('alice', 'north', 'a11ce000-0000-4000-8000-0000000000b1', 'Attic', '2030-01-01 10:00Z', '2030-01-01 12:00Z', null),
  ('alice', 'north', 'a11ce000-0000-4000-8000-0000000000b2', 'Cellar', '2030-01-02 10:00Z', '2030-01-02 12:00Z', '2029-12-01 00:00Z'),
  ('alice', 'south', 'a11ce000-0000-4000-8000-0000000000b3', 'Tower', '2030-01-03 10:00Z', '2030-01-03 12:00Z', null),
  ('bob', 'north', 'b0b00000-0000-4000-8000-0000000000b1', 'Barn', '2030-01-01 10:00Z', '2030-01-01 12:00Z', null);

insert into app.remarks (owner_id, tenant_id, id, booking_id, body) values
  ('alice', 'north', 'a11ce000-0000-4000-8000-0000000000c1', 'a11ce000-0000-4000-8000-0000000000b1', 'Alice in the north'),
  ('alice', 'south', 'a11ce000-0000-4000-8000-0000000000c3', 'a11ce000-0000-4000-8000-0000000000b3', 'Alice in the south'),
  ('bob', 'north', 'b0b00000-0000-4000-8000-0000000000c1', 'b0b00000-0000-4000-8000-0000000000b1', 'Bob in the north');
