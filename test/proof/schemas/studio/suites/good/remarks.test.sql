/* Remarks: a customer's own, on bookings of their own, in the house they are in. */
\ir scene.sql

select plan(37);

select sign_in('alice', 'north');
select set_eq('select body from app.remarks', array['Alice in the north'], 'alice sees hers in this house');
select results_eq(
  $$
    insert into app.remarks (booking_id, body) values ('a11ce000-0000-4000-8000-0000000000b1', 'Alice adds')
    returning owner_id || ' ' || tenant_id
  $$,
  array['alice north'],
  'she writes one, and it is hers, in this house'
);
select results_eq(
  $$update app.remarks set body = 'Alice changes' where body = 'Alice adds' returning body$$,
  array['Alice changes'],
  'she changes it'
);
select results_eq($$delete from app.remarks where body = 'Alice changes' returning 1$$, array[1], 'she deletes it');
select throws_ok(
  $$
    insert into app.remarks (id, booking_id, body)
    values ('a11ce000-0000-4000-8000-0000000000c1', 'a11ce000-0000-4000-8000-0000000000b1', 'x')
  $$,
  '23505',
  null,
  'an id of her own is taken'
);
select throws_ok(
  $$insert into app.remarks (booking_id, body) values ('b0b00000-0000-4000-8000-0000000000b1', 'x')$$,
  '23503',
  null,
  'there is no booking of bob''s for her'
);
select throws_ok(
  $$insert into app.remarks (booking_id, body) values ('a11ce000-0000-4000-8000-0000000000b3', 'x')$$,
  '23503',
  null,
  'nor, in the north, her own of the south'
);
select throws_ok($$insert into app.remarks (owner_id) values ('alice')$$, '42501', null, 'she may not name an owner, not even herself');
select throws_ok($$insert into app.remarks (tenant_id) values ('north')$$, '42501', null, 'nor a house');
select throws_ok($$update app.remarks set owner_id = 'bob'$$, '42501', null, 'nor give a remark away');
select throws_ok($$update app.remarks set tenant_id = 'south'$$, '42501', null, 'nor move it');
select throws_ok('update app.remarks set booking_id = gen_random_uuid()', '42501', null, 'nor put it elsewhere');
select throws_ok('truncate app.remarks', '42501', null, 'she does not truncate');

select sign_in('alice', 'south');
select set_eq('select body from app.remarks', array['Alice in the south'], 'in the south, she sees hers of the south');
select is_empty($$update app.remarks set body = 'x' where tenant_id = 'north' returning 1$$, 'she changes nothing in the north');
select is_empty($$delete from app.remarks where tenant_id = 'north' returning 1$$, 'nor deletes it');

select sign_in('bob', 'north');
select set_eq('select body from app.remarks', array['Bob in the north'], 'bob sees his own');
select is_empty($$update app.remarks set body = 'x' where owner_id = 'alice' returning 1$$, 'he changes nothing of hers');
select is_empty($$delete from app.remarks where owner_id = 'alice' returning 1$$, 'he deletes nothing of hers');
select lives_ok(
  $$
    insert into app.remarks (id, booking_id, body)
    values ('a11ce000-0000-4000-8000-0000000000c1', 'b0b00000-0000-4000-8000-0000000000b1', 'Bob copies')
  $$,
  'an id that alice has is free for bob'
);

/* Without a `where`, the policy for select is not asked: those for update and delete have to hold alone. */
select lives_ok($$update app.remarks set body = 'Bob was here'$$, 'he changes all he may');
select sign_in('alice', 'south');
select lives_ok($$update app.remarks set body = 'Alice was here'$$, 'alice changes all she may in the south');
select step_out();
select set_eq(
  'select owner_id, tenant_id, body from app.remarks',
  $$values ('alice', 'north', 'Alice in the north'), ('alice', 'south', 'Alice was here'), ('bob', 'north', 'Bob was here')$$,
  'each reached what they should and no more'
);
select sign_in('bob', 'north');
select lives_ok('delete from app.remarks', 'bob deletes all he may');
select sign_in('alice', 'south');
select lives_ok('delete from app.remarks', 'and alice in the south');
select step_out();
select set_eq('select body from app.remarks', array['Alice in the north'], 'hers in the north is left');

/* Were the column grants ever lost, the policies would hold on their own. */
grant insert (owner_id, tenant_id), update (owner_id, tenant_id) on app.remarks to app_user;
select sign_in('bob', 'north');
select throws_ok(
  $$insert into app.remarks (owner_id, booking_id, body) values ('alice', 'a11ce000-0000-4000-8000-0000000000b1', 'planted')$$,
  '42501',
  'new row violates row-level security policy for table "remarks"',
  'bob plants no remark on alice''s booking'
);
select sign_in('alice', 'north');
select throws_ok(
  $$
    insert into app.remarks (tenant_id, booking_id, body) values ('south', 'a11ce000-0000-4000-8000-0000000000b3', 'x')
  $$,
  '42501',
  'new row violates row-level security policy "within_tenant" for table "remarks"',
  'alice writes nothing in the other house'
);
select throws_ok(
  $$update app.remarks set owner_id = 'bob'$$,
  '42501',
  'new row violates row-level security policy for table "remarks"',
  'nor pushes one onto bob'
);
select throws_ok(
  $$update app.remarks set tenant_id = 'south'$$,
  '42501',
  'new row violates row-level security policy "within_tenant" for table "remarks"',
  'nor one into the other house'
);

/* Nobody is there; nor would a row be nobody's, were the key ever lost. */
select step_out();
alter table app.remarks drop constraint remarks_pkey, alter owner_id drop not null, alter tenant_id drop not null;
insert into app.remarks (owner_id, tenant_id, booking_id, body) values
  (null, 'north', 'a11ce000-0000-4000-8000-0000000000b1', 'Lost'),
  ('alice', null, 'a11ce000-0000-4000-8000-0000000000b1', 'Lost');
select sign_in('', 'north');
select is_empty('select from app.remarks', 'nobody sees nothing');
select throws_ok(
  $$insert into app.remarks (booking_id, body) values ('a11ce000-0000-4000-8000-0000000000b1', 'x')$$,
  '42501',
  null,
  'nobody writes nothing'
);
select lives_ok($$update app.remarks set body = 'Found'$$, 'nobody changes nothing');
select lives_ok('delete from app.remarks', 'nobody deletes nothing');
select sign_in('alice', '');
select is_empty('select from app.remarks', 'in no house, alice sees nothing');
select throws_ok(
  $$insert into app.remarks (booking_id, body) values ('a11ce000-0000-4000-8000-0000000000b1', 'x')$$,
  '42501',
  'new row violates row-level security policy "within_tenant" for table "remarks"',
  'and writes nothing'
);
select step_out();
select is((select count(*) from app.remarks where body = 'Lost'), 2::bigint, 'both are still lost');

select * from finish();
rollback;
