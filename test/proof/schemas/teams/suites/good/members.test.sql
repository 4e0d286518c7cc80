/* Members: seen by those in the same team, made and unmade by who leads it. */
\ir scene.sql

select plan(29);

create view tap.members as
select name || ': ' || role || ' ' || case user_id when id_of('alice') then 'alice' when id_of('bob') then 'bob' else 'mallory' end as line
from public.members join public.teams on teams.id = team_id;

select sign_in('alice');
select set_eq(
  'select user_id from public.members',
  array[id_of('alice'), id_of('bob')],
  'alice sees who is in her team'
);
select is((select count(*) from public.members), 2::bigint, 'but not what else bob is in');
select lives_ok(
  $$insert into public.members (team_id, user_id) values (id_of('gardeners'), id_of('mallory'))$$,
  'she takes mallory in'
);
select is((select role from public.members where user_id = id_of('mallory')), 'member', 'who leads nothing by that');
select results_eq(
  $$update public.members set role = 'leader' where user_id = id_of('mallory') returning user_id$$,
  array[id_of('mallory')],
  'she makes mallory a leader'
);
select results_eq(
  $$delete from public.members where user_id = id_of('mallory') returning role$$,
  array['leader'],
  'she takes her out'
);
select lives_ok(
  $$insert into public.members (team_id, user_id) values (id_of('gardeners'), '00000000-0000-4000-8000-000000000000')$$,
  'whether an id is a user''s, she is not told'
);
select results_eq(
  $$delete from public.members where user_id = '00000000-0000-4000-8000-000000000000' returning 1$$,
  array[1],
  'it goes as it came'
);
select throws_ok(
  $$insert into public.members (team_id, user_id, role) values (id_of('builders'), id_of('alice'), 'leader')$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'she does not let herself into another team'
);
select throws_ok(
  $$insert into public.members (team_id, user_id) values (id_of('builders'), id_of('bob'))$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'and is told the same of who is there'
);
select throws_ok(
  $$insert into public.members (team_id, user_id) values (gen_random_uuid(), id_of('alice'))$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'and of a team that is not'
);
select throws_ok($$update public.members set team_id = id_of('builders')$$, '42501', null, 'nobody changes team');
select throws_ok($$update public.members set user_id = id_of('mallory')$$, '42501', null, 'nor person');

select sign_in('bob');
select is((select count(*) from public.members), 3::bigint, 'bob sees the members of both teams');
select throws_ok(
  $$insert into public.members (team_id, user_id) values (id_of('gardeners'), id_of('mallory'))$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'where he is a member, he takes nobody in'
);
select is_empty(
  $$update public.members set role = 'leader' where team_id = id_of('gardeners') returning 1$$,
  'nor does he make himself a leader'
);
select is_empty($$delete from public.members where team_id = id_of('gardeners') returning 1$$, 'nor take anybody out');

select sign_in('mallory');
select is_empty($$select from public.members where team_id = id_of('gardeners')$$, 'mallory does not see the gardeners');
select is((select count(*) from public.members), 1::bigint, 'but herself among the plotters');

/* Without a `where`, the policy for select is not asked. */
select lives_ok($$update public.members set role = 'member'$$, 'she demotes all she may');
select step_out();
select set_eq(
  'select line from tap.members',
  array['Gardeners: leader alice', 'Gardeners: member bob', 'Builders: leader bob', 'Plotters: member mallory'],
  'it was one: herself'
);
select sign_in('bob');
select lives_ok('delete from public.members', 'bob takes out all he may');
select step_out();
select set_eq(
  'select line from tap.members',
  array['Gardeners: leader alice', 'Gardeners: member bob', 'Plotters: member mallory'],
  'it was one: himself, among the builders'
);

/* Were the column grants ever lost, the policies would hold on their own. */
insert into public.members (team_id, user_id, role) values (id_of('builders'), id_of('bob'), 'leader');
grant update (team_id) on public.members to authenticated;
select sign_in('alice');
select throws_ok(
  $$update public.members set team_id = id_of('plotters')$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'alice does not move the gardeners among the plotters'
);
select sign_in('bob');
select throws_ok(
  $$update public.members set team_id = id_of('gardeners') where team_id = id_of('builders')$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'nor bob a builder among the gardeners, whom he does not lead'
);

select sign_out('authenticated');
select is_empty('select from public.members', 'nobody sees no member');
select throws_ok(
  $$insert into public.members (team_id, user_id) values (id_of('gardeners'), id_of('bob'))$$,
  '42501',
  'new row violates row-level security policy for table "members"',
  'nobody takes nobody in'
);
select is_empty('delete from public.members returning 1', 'nor out');
select sign_out();
select throws_ok('select from public.members', '42501', null, 'an anonymous visitor does not even ask');

select * from finish();
rollback;
