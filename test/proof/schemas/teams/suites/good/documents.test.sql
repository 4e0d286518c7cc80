/* Documents: a team's, but for the drafts, which are their author's. */
\ir scene.sql

select plan(41);

select sign_in('alice');
select set_eq(
  'select title from public.documents',
  array['Alice drafts', 'Alice shares', 'Alice shows'],
  'alice sees her team''s documents, and no draft but her own'
);
select lives_ok(
  $$insert into public.documents (team_id, id, title) values (id_of('gardeners'), 'a11ce000-0000-4000-8000-0000000000d9', 'Alice adds')$$,
  'she writes one'
);
select set_eq(
  $$select owner_id, status from public.documents where title = 'Alice adds'$$,
  $$values (id_of('alice'), 'draft')$$,
  'it is hers, and a draft'
);
select throws_ok(
  $$insert into public.documents (team_id, title) values (id_of('builders'), 'x')$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'she writes none for another team'
);
select throws_ok(
  $$insert into public.documents (team_id, owner_id, title) values (id_of('gardeners'), id_of('alice'), 'x')$$,
  '42501',
  null,
  'she may not name an author, not even herself'
);
select throws_ok($$update public.documents set team_id = id_of('builders')$$, '42501', null, 'a document stays with its team');
select throws_ok($$update public.documents set owner_id = id_of('bob')$$, '42501', null, 'and its author');
select throws_ok($$update public.documents set id = gen_random_uuid()$$, '42501', null, 'and its id');
select throws_ok('truncate public.documents', '42501', null, 'she does not truncate');

select sign_in('bob');
select set_eq(
  'select title from public.documents',
  array['Alice shares', 'Alice shows', 'Bob drafts', 'Bob builds'],
  'bob sees what is in both his teams, and no draft but his own'
);
select lives_ok(
  $$insert into public.documents (team_id, title) values (id_of('gardeners'), 'Bob adds')$$,
  'he writes one where he is a member'
);
select results_eq(
  $$update public.documents set body = 'Well said' where title = 'Alice shares' returning title$$,
  array['Alice shares'],
  'a member changes what another shared'
);
select throws_ok(
  $$update public.documents set status = 'draft' where title = 'Alice shares'$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'but does not hide it from everybody'
);
select results_eq(
  $$update public.documents set status = 'draft' where title = 'Bob builds' returning title$$,
  array['Bob builds'],
  'his own he may'
);
select is_empty($$delete from public.documents where title = 'Alice shares' returning 1$$, 'he deletes nothing that is hers');
select results_eq(
  $$delete from public.documents where title = 'Bob builds' returning title$$,
  array['Bob builds'],
  'but what is his'
);

select sign_in('mallory');
select set_eq('select title from public.documents', array['Mallory plots'], 'mallory sees what her team has');
select is_empty($$select from public.documents where team_id = id_of('gardeners')$$, 'nothing of the gardeners'', not even what is public');
select is_empty($$update public.documents set body = 'x' where team_id = id_of('gardeners') returning 1$$, 'she changes nothing there');
select is_empty($$delete from public.documents where team_id = id_of('gardeners') returning 1$$, 'and deletes nothing');
select throws_ok(
  $$insert into public.documents (team_id, id, title) values (id_of('gardeners'), 'a11ce000-0000-4000-8000-0000000000d9', 'x')$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'she writes nothing there, and does not learn which ids are taken'
);
select lives_ok(
  $$insert into public.documents (team_id, id, title) values (id_of('plotters'), 'a11ce000-0000-4000-8000-0000000000d9', 'Mallory copies')$$,
  'an id that the gardeners have is free for the plotters'
);

/* Without a `where`, the policy for select is not asked: those for update and delete have to hold alone. */
select lives_ok($$update public.documents set body = 'Mallory was here'$$, 'mallory changes all she may');
select sign_in('bob');
select lives_ok($$update public.documents set body = 'Bob was here'$$, 'bob changes all he may');
select sign_in('mallory');
select lives_ok('delete from public.documents', 'mallory deletes all she may');
select sign_in('bob');
select lives_ok('delete from public.documents', 'bob deletes all he may');
select step_out();
select set_eq(
  'select title, body from public.documents',
  $$values ('Alice drafts', ''), ('Alice adds', ''), ('Alice shares', 'Bob was here'), ('Alice shows', 'Bob was here')$$,
  'each reached what they should and no more: bob no draft of alice''s'
);

/* An author who left the team has nothing to say there any more. */
delete from public.members where user_id = id_of('alice');
select sign_in('alice');
select is_empty('select from public.documents', 'alice, who left, sees nothing');
select lives_ok($$update public.documents set body = 'Alice is back'$$, 'changes nothing');
select lives_ok('delete from public.documents', 'and deletes nothing');
select step_out();
select is((select count(*) from public.documents where body <> 'Alice is back'), 4::bigint, 'what she wrote is the team''s');

/* Were the column grants ever lost, the policies would hold on their own. */
grant insert (owner_id), update (owner_id, team_id) on public.documents to authenticated;
insert into public.documents (team_id, owner_id, title) values (id_of('gardeners'), id_of('bob'), 'Bob drafts');
select sign_in('bob');
select throws_ok(
  $$insert into public.documents (team_id, owner_id, title, status) values (id_of('gardeners'), id_of('alice'), 'x', 'shared')$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'bob does not write in alice''s name'
);
select throws_ok(
  $$update public.documents set owner_id = id_of('alice') where title = 'Bob drafts'$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'nor push a draft onto her'
);
select throws_ok(
  $$update public.documents set team_id = id_of('plotters') where title = 'Bob drafts'$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'nor one onto the plotters'
);

/* Without a `where`, the policy for select is not asked of the new row either. */
select throws_ok(
  $$update public.documents set status = 'draft'$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'nor turn what alice shared into drafts of hers'
);
select throws_ok(
  $$update public.documents set team_id = id_of('plotters')$$,
  '42501',
  'new row violates row-level security policy for table "documents"',
  'nor give all away'
);

select sign_out();
select set_eq('select title from public.documents', array['Alice shows'], 'nobody reads what is public');
select throws_ok('select owner_id from public.documents', '42501', null, 'but not who wrote it');
select throws_ok($$insert into public.documents (team_id, title) values (id_of('gardeners'), 'x')$$, '42501', null, 'nobody writes nothing');
select throws_ok('delete from public.documents', '42501', null, 'and deletes nothing');

/* A row that lost its author is nobody's draft, not everybody's. */
select step_out();
alter table public.documents alter owner_id drop not null;
update public.documents set owner_id = null, status = 'draft';
insert into public.members (team_id, user_id) values (id_of('gardeners'), id_of('alice'));
select set_config('request.jwt.claims', '', true), set_config('role', 'authenticated', true);
select is_empty('select from public.documents', 'nobody sees it');

select * from finish();
rollback;
