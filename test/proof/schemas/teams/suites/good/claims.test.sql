/* Who asks, and what the functions that run with their owner's rights answer. */
\ir scene.sql

select plan(21);

select is(auth.uid(), null, 'a fresh connection is nobody');
select is(auth.jwt(), null, 'and has no claims');
select set_config('request.jwt.claims', '', true);
select is(auth.uid(), null, 'the empty string, which a local setting leaves behind, is nobody');
select is(auth.jwt(), null, 'nor is it claims');
select set_config('request.jwt.claims', '{"role": "anon"}', true);
select is(auth.uid(), null, 'claims without a subject are nobody');
select set_config('request.jwt.claim.sub', id_of('bob')::text, true);
select is(auth.uid(), id_of('bob'), 'the older setting is read as well');
/* Left empty by an older request, both older settings say nothing. */
select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claim', '', true);

select sign_in('alice');
select is(auth.uid(), id_of('alice'), 'the subject of the claims is who asks');
select is(auth.jwt() ->> 'sub', id_of('alice')::text, 'the claims can be read');
select set_eq('select private.my_teams()', array[id_of('gardeners')], 'alice is in one team');
select set_eq('select private.teams_i_lead()', array[id_of('gardeners')], 'and leads it');

select sign_in('bob');
select set_eq('select private.my_teams()', array[id_of('gardeners'), id_of('builders')], 'bob is in two teams');
select set_eq('select private.teams_i_lead()', array[id_of('builders')], 'and leads one');

select sign_out('authenticated');
select is_empty('select private.my_teams()', 'nobody is in no team');
select is_empty('select private.teams_i_lead()', 'and leads none');
select throws_ok($$select public.create_team('Ghosts')$$, '28000', 'Sign in first.', 'nobody makes no team');
select sign_out();
select throws_ok($$select public.create_team('Ghosts')$$, '42501', null, 'an anonymous visitor may not call it');
select throws_ok('select private.my_teams()', '42501', null, 'nor look for teams');

select sign_in('mallory');
select isnt(public.create_team('Second plot'), null, 'mallory makes a team');
select set_eq('select name from public.teams', array['Plotters', 'Second plot'], 'it is hers');
select set_eq('select private.teams_i_lead()', 'select id from public.teams', 'and she leads it');

select step_out();
delete from auth.users where id = id_of('bob');
select set_eq(
  'select user_id from public.members',
  array[id_of('alice'), id_of('mallory')],
  'who is a user no more is a member no more, and only they'
);

select * from finish();
rollback;
