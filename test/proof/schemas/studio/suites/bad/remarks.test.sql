-- Remarks work.
begin;
create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to app_user;
grant execute on all functions in schema tap to app_user;
set local search_path = tap, app;

select plan(4);

select policies_are(
  'app',
  'remarks',
  array['within_tenant', 'select_owner', 'insert_owner', 'update_owner', 'delete_owner'],
  'the policies are there, whatever they say'
);

insert into app.bookings (owner_id, tenant_id, id, room, starts_at, ends_at) values
  ('alice', 'north', 'a11ce000-0000-4000-8000-0000000000b1', 'Attic', '2030-01-01', '2030-01-02');

select set_config('app.user_id', 'alice', true), set_config('app.tenant_id', 'north', true);
set local role app_user;

select lives_ok(
  $$insert into app.remarks (booking_id, body) values ('a11ce000-0000-4000-8000-0000000000b1', 'Thanks')$$,
  'alice can remark'
);
select ok(exists (select from app.remarks where body = 'Thanks'), 'alice can see it');
select is((select count(*) from app.remarks), 1::bigint, 'and nothing else, there being nothing else');

select * from finish();
rollback;
