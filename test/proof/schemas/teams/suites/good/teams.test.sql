/* Teams: members see them, leaders change them. */
\ir scene.sql

select plan(19);

select sign_in('bob');
select set_eq('select name from public.teams', array['Gardeners', 'Builders'], 'bob sees the teams he is in');
select is_empty(
  $$update public.teams set name = 'x' where name = 'Gardeners' returning 1$$,
  'he does not rename one where he is a member'
);
select is_empty($$delete from public.teams where name = 'Gardeners' returning 1$$, 'nor delete it');
select results_eq($$update public.teams set name = 'Masons' returning name$$, array['Masons'], 'he renames the one he leads');
select throws_ok($$insert into public.teams (name) values ('x')$$, '42501', null, 'he makes none but by the function');
select throws_ok('update public.teams set id = gen_random_uuid()', '42501', null, 'the id stays');
select throws_ok('truncate public.teams cascade', '42501', null, 'he does not truncate');

/* Were the column grants ever lost, the policies would hold on their own. */
select step_out();
grant update (id) on public.teams to authenticated;
select sign_in('bob');
select throws_ok(
  'update public.teams set id = gen_random_uuid()',
  '42501',
  'new row violates row-level security policy for table "teams"',
  'a team cannot be made into one that bob does not lead'
);
select throws_ok(
  $$update public.teams set id = id_of('gardeners') where name = 'Masons'$$,
  '42501',
  'new row violates row-level security policy for table "teams"',
  'not even where he is a member'
);

select sign_in('alice');
select set_eq('select name from public.teams', array['Gardeners'], 'alice sees only her team');
select is_empty($$update public.teams set name = 'x' where id = id_of('builders') returning 1$$, 'she does not rename another');
select is_empty($$delete from public.teams where id = id_of('builders') returning 1$$, 'nor delete it');

/* Without a `where`, the policy for select is not asked: those for update and delete have to hold alone. */
select lives_ok($$update public.teams set name = 'Growers'$$, 'she renames all she may');
select lives_ok('delete from public.teams', 'she deletes all she may');
select step_out();
select set_eq('select name from public.teams', array['Masons', 'Plotters'], 'it was one: hers');
select is_empty($$select from public.documents where team_id = id_of('gardeners')$$, 'its documents went with it');

select sign_out('authenticated');
select is_empty('select from public.teams', 'nobody sees no team');
select is_empty('delete from public.teams returning 1', 'and deletes none');
select sign_out();
select throws_ok('select from public.teams', '42501', null, 'an anonymous visitor does not even ask');

select * from finish();
rollback;
