/* Who asks, and what the function that runs with its owner's rights answers. */
\ir scene.sql

select plan(14);

select is(app_hidden.current_user_id(), null, 'a fresh connection is nobody');
select is(app_hidden.current_tenant_id(), null, 'in no house');
select set_config('app.user_id', '', true), set_config('app.tenant_id', '', true);
select is(app_hidden.current_user_id(), null, 'the empty string, which a local setting leaves behind, is nobody');
select is(app_hidden.current_tenant_id(), null, 'nor is it a house');

select sign_in('alice', 'north');
select is(app_hidden.current_user_id(), 'alice', 'the setting says who asks');
select is(app_hidden.current_tenant_id(), 'north', 'and where');
select is(app_hidden.booking_count(), 1::bigint, 'alice has one booking in the north: neither bob''s nor the deleted one counts');
select sign_in('alice', 'south');
select is(app_hidden.booking_count(), 1::bigint, 'and one in the south');
select sign_in('mallory', 'north');
select is(app_hidden.booking_count(), 0::bigint, 'mallory has none');
select sign_in('', 'north');
select is(app_hidden.booking_count(), 0::bigint, 'nor has nobody');
select sign_in('alice', '');
select is(app_hidden.booking_count(), 0::bigint, 'nor alice in no house');

select sign_in('mallory', 'north');
select lives_ok(
  $$
    insert into app.bookings (room, starts_at, ends_at)
    select 'Attic', day, day + interval '1 hour' from generate_series('2031-01-01', '2031-01-20', interval '1 day') as day
  $$,
  'twenty bookings are allowed'
);
select throws_ok(
  $$insert into app.bookings (room, starts_at, ends_at) values ('Attic', '2031-02-01', '2031-02-02')$$,
  '54000',
  'You have as many bookings as you may have.',
  'more are not, and the message says nothing of any row'
);
delete from app.bookings where starts_at = '2031-01-01';
select lives_ok(
  $$insert into app.bookings (room, starts_at, ends_at) values ('Attic', '2031-02-01', '2031-02-02')$$,
  'what is in the bin does not count'
);

select * from finish();
rollback;
