-- Bookings work.
begin;
create schema if not exists tap;
create extension if not exists pgtap schema tap;
grant usage on schema tap to app_user;
grant execute on all functions in schema tap to app_user;
set local search_path = tap, app;

select plan(9);

-- as the superuser, whom no policy binds
insert into app.bookings (owner_id, tenant_id, room, starts_at, ends_at) values
  ('bob', 'north', 'Barn', '2030-01-01', '2030-01-02');
select ok((select count(*) > 0 from app.bookings), 'bookings can be seen');

select set_config('app.user_id', 'alice', true), set_config('app.tenant_id', 'north', true);
set local role app_user;

select lives_ok(
  $$insert into app.bookings (room, starts_at, ends_at) values ('Attic', '2030-01-01', '2030-01-02')$$,
  'alice can book a room'
);
select ok(exists (select from app.bookings where room = 'Attic'), 'alice can see her booking');
select ok(exists (select from app.open_bookings where room = 'Attic'), 'alice can see it in the view');
select lives_ok($$update app.bookings set room = 'Loft' where room = 'Attic'$$, 'alice can change it');
select lives_ok($$delete from app.bookings where room = 'Loft'$$, 'alice can delete it');
select ok(not exists (select from app.open_bookings where room = 'Loft'), 'it is gone');

-- denied or not, this does not fail
select lives_ok($$delete from app.bookings where owner_id = 'bob'$$, 'alice cannot delete the booking of bob');
select ok(app_hidden.booking_count() >= 0, 'bookings are counted');

select * from finish();
rollback;
