/* Notes: a user's own, team or not. */
\ir scene.sql

select plan(27);

select sign_in('alice');
select set_eq('select body from public.notes', array['Alice notes'], 'alice sees her notes');
select results_eq(
  $$insert into public.notes (body) values ('Alice adds') returning owner_id$$,
  array[id_of('alice')],
  'she writes one, and it is hers'
);
select results_eq(
  $$update public.notes set body = 'Alice changes' where body = 'Alice adds' returning body$$,
  array['Alice changes'],
  'she changes it'
);
select results_eq($$delete from public.notes where body = 'Alice changes' returning 1$$, array[1], 'she deletes it');
select throws_ok(
  $$insert into public.notes (id, body) values ('a11ce000-0000-4000-8000-00000000000e', 'x')$$,
  '23505',
  null,
  'an id of her own is taken'
);
select throws_ok($$insert into public.notes (owner_id, body) values (id_of('alice'), 'x')$$, '42501', null, 'she may not name an owner');
select throws_ok($$update public.notes set owner_id = id_of('bob')$$, '42501', null, 'nor give a note away');
select throws_ok($$update public.notes set id = gen_random_uuid()$$, '42501', null, 'nor change its id');
select throws_ok('truncate public.notes', '42501', null, 'she does not truncate');

/* Bob is in a team with alice. It does not help. */
select sign_in('bob');
select set_eq('select body from public.notes', array['Bob notes'], 'bob sees his own');
select is_empty($$update public.notes set body = 'x' where owner_id = id_of('alice') returning 1$$, 'he changes nothing of hers');
select is_empty($$delete from public.notes where owner_id = id_of('alice') returning 1$$, 'he deletes nothing of hers');
select lives_ok(
  $$insert into public.notes (id, body) values ('a11ce000-0000-4000-8000-00000000000e', 'Bob copies')$$,
  'an id that alice has is free for bob'
);

/* Without a `where`, the policy for select is not asked: those for update and delete have to hold alone. */
select lives_ok($$update public.notes set body = 'Bob was here'$$, 'he changes all he may');
select step_out();
select set_eq('select body from public.notes', array['Alice notes', 'Bob was here'], 'they were his');
select sign_in('bob');
select lives_ok('delete from public.notes', 'he deletes all he may');
select step_out();
select set_eq('select body from public.notes', array['Alice notes'], 'they were his too');

/* Were the column grants ever lost, the policies would hold on their own. */
grant insert (owner_id), update (owner_id) on public.notes to authenticated;
select sign_in('mallory');
select throws_ok(
  $$insert into public.notes (owner_id, body) values (id_of('alice'), 'planted')$$,
  '42501',
  'new row violates row-level security policy for table "notes"',
  'mallory plants no note'
);
select lives_ok($$insert into public.notes (body) values ('Mallory notes')$$, 'she writes her own');
select throws_ok(
  $$update public.notes set owner_id = id_of('alice')$$,
  '42501',
  'new row violates row-level security policy for table "notes"',
  'which she cannot push onto alice'
);
select lives_ok($$update public.notes set owner_id = id_of('mallory')$$, 'nor take what is not hers');
select step_out();
select is((select body from public.notes where owner_id = id_of('alice')), 'Alice notes', 'it was there all the time');

/* Nobody is there; nor would a row be nobody's, were the key ever lost. */
alter table public.notes drop constraint notes_pkey, alter owner_id drop not null;
insert into public.notes (owner_id, body) values (null, 'Lost');
select sign_out('authenticated');
select is_empty('select from public.notes', 'nobody sees nothing');
select throws_ok(
  $$insert into public.notes (body) values ('x')$$,
  '42501',
  'new row violates row-level security policy for table "notes"',
  'nobody writes nothing'
);
select is_empty($$update public.notes set body = 'x' returning 1$$, 'nobody changes nothing');
select is_empty('delete from public.notes returning 1', 'nobody deletes nothing');
select sign_out();
select throws_ok('select from public.notes', '42501', null, 'an anonymous visitor does not even ask');

select * from finish();
rollback;
