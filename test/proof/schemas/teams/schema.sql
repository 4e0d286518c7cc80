/*
 * Documents of teams, in Supabase's shape: a user is a row of auth.users, a request runs as anon or authenticated, and auth.uid() reads who
 * asks from the claims of the token. Unlike most of that shape, nothing here is granted by the table or to everybody, and every function
 * that runs with its owner's rights is in a schema that the API does not show.
 *
 * It is built by a role that row-level security does not bind (a superuser, or with BYPASSRLS as Supabase's postgres): the definer
 * functions rely on that.
 */

/* Roles belong to the whole cluster: another database may have made them already, or be about to. They are never dropped here. */
do $$
declare
  wanted text;
begin
  perform pg_catalog.set_config('client_min_messages', 'warning', true);
  foreach wanted in array array[
    'create role anon nologin noinherit',
    'create role authenticated nologin noinherit',
    'create role authenticator login noinherit',
    'grant anon, authenticated to authenticator'
  ] loop
    begin
      execute wanted;
    exception
      when duplicate_object or unique_violation then
        null;
    end;
  end loop;
end
$$;

/* PostgreSQL lets everybody execute every new function. Here each execute is granted by name. */
alter default privileges revoke execute on functions from public;

create schema auth;
create schema private;
revoke all on schema public from public;

grant usage on schema public, auth to anon, authenticated;
grant usage on schema private to authenticated;

comment on schema private is 'What policies and triggers call: not shown by the API.';


/* The users, who are the identity provider's. No role of the API may look in. */

create table auth.users (
  id uuid constraint users_pkey primary key default pg_catalog.gen_random_uuid(),
  email text not null constraint users_email_key unique
);

alter table auth.users enable row level security;
alter table auth.users force row level security;

/*
 * Both as Supabase has them. A setting that was once set locally reads as '' for the rest of the connection's life, so '' is nobody too.
 */
create function auth.uid() returns uuid
language sql
stable
as $$
  select coalesce(
    nullif(pg_catalog.current_setting('request.jwt.claim.sub', true), ''),
    nullif(pg_catalog.current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create function auth.jwt() returns jsonb
language sql
stable
as $$
  select coalesce(
    nullif(pg_catalog.current_setting('request.jwt.claim', true), ''),
    nullif(pg_catalog.current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

grant execute on function auth.uid(), auth.jwt() to anon, authenticated;

comment on function auth.uid() is 'The user who asks, or null when nobody is signed in.';
comment on function auth.jwt() is 'The claims of the token, or null when there is none.';


/* Tables. The team is the first of every key: a clash or a reference can tell only of one's own team. */

create table public.teams (
  id uuid constraint teams_pkey primary key default pg_catalog.gen_random_uuid(),
  name text not null constraint teams_name_check check (pg_catalog.length(name) between 1 and 100)
);

/*
 * There is no foreign key to auth.users: who leads any team could name ids until one is taken, and so learn who exists. A user who goes
 * is taken out by a trigger of auth.users instead.
 */
create table public.members (
  team_id uuid not null constraint members_team_id_fkey references public.teams on delete cascade,
  user_id uuid not null,
  role text not null default 'member' constraint members_role_check check (role in ('leader', 'member')),
  constraint members_pkey primary key (team_id, user_id)
);

/* By this one the functions below find the teams of a user. */
create index members_user_id_team_id_idx on public.members (user_id, team_id);

/* A document outlives the user who wrote it: it is the team's. */
create table public.documents (
  team_id uuid not null constraint documents_team_id_fkey references public.teams on delete cascade,
  id uuid not null default pg_catalog.gen_random_uuid(),
  owner_id uuid not null default auth.uid(),
  title text not null constraint documents_title_check check (pg_catalog.length(title) between 1 and 200),
  body text not null default '',
  status text not null default 'draft' constraint documents_status_check check (status in ('draft', 'shared', 'public')),
  constraint documents_pkey primary key (team_id, id)
);

/* A note is for nobody else, team or not. Its foreign key starts with the owner, who can name only themselves. */
create table public.notes (
  owner_id uuid not null default auth.uid() constraint notes_owner_id_fkey references auth.users on delete cascade,
  id uuid not null default pg_catalog.gen_random_uuid(),
  body text not null constraint notes_body_check check (pg_catalog.length(body) between 1 and 2000),
  constraint notes_pkey primary key (owner_id, id)
);

alter table public.teams enable row level security;
alter table public.teams force row level security;
alter table public.members enable row level security;
alter table public.members force row level security;
alter table public.documents enable row level security;
alter table public.documents force row level security;
alter table public.notes enable row level security;
alter table public.notes force row level security;

comment on table public.teams is 'People who share documents.';
comment on table public.members is 'Who is in which team. A leader may change the team and its members.';
comment on table public.documents is 'A team''s. As a draft only its author sees it, shared the team, public everybody.';
comment on table public.notes is 'A user''s own.';


/*
 * Which teams are mine. A policy of members cannot read members itself: it would call itself for ever. These run with their owner's rights
 * instead, take no argument, and answer only about the one who asks.
 */
create function private.my_teams() returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select members.team_id from public.members where members.user_id = (select auth.uid())
$$;

create function private.teams_i_lead() returns setof uuid
language sql
stable
security definer
set search_path = ''
as $$
  select members.team_id from public.members where members.user_id = (select auth.uid()) and members.role = 'leader'
$$;

/*
 * A team and its first member come into being together. Nobody is in a team that is not there yet, so no policy could allow it: a function
 * with its owner's rights does it, and one without any shows it to the API.
 */
create function private.create_team(name text) returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  new_id uuid;
begin
  if auth.uid() is null then
    raise exception 'Sign in first.' using errcode = '28000';
  end if;
  insert into public.teams (name) values (create_team.name) returning id into new_id;
  insert into public.members (team_id, user_id, role) values (new_id, auth.uid(), 'leader');
  return new_id;
end
$$;

create function public.create_team(name text) returns uuid
language sql
volatile
as $$
  select private.create_team(name)
$$;

create function private.tg_users__leave() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  delete from public.members where members.user_id = old.id;
  return null;
end
$$;

create trigger _100_leave after delete on auth.users for each row execute function private.tg_users__leave();

grant execute on function private.my_teams(), private.teams_i_lead() to authenticated;
grant execute on function private.create_team(text), public.create_team(text) to authenticated;

comment on function private.my_teams() is 'The teams that the user is in.';
comment on function private.teams_i_lead() is 'The teams that the user leads.';
comment on function public.create_team(text) is 'Makes a team led by the user; gives its id.';


/*
 * Policies: one for each command and role. What does not depend on the row is in a sub-select, so that it is asked once and not for each
 * row. teams.insert has none: see create_team.
 */

create policy select_member on public.teams
for select to authenticated
using (id in (select private.my_teams()));

create policy update_leader on public.teams
for update to authenticated
using (id in (select private.teams_i_lead()))
with check (id in (select private.teams_i_lead()));

create policy delete_leader on public.teams
for delete to authenticated
using (id in (select private.teams_i_lead()));

create policy select_member on public.members
for select to authenticated
using (team_id in (select private.my_teams()));

create policy insert_leader on public.members
for insert to authenticated
with check (team_id in (select private.teams_i_lead()));

create policy update_leader on public.members
for update to authenticated
using (team_id in (select private.teams_i_lead()))
with check (team_id in (select private.teams_i_lead()));

create policy delete_leader on public.members
for delete to authenticated
using (team_id in (select private.teams_i_lead()));

/*
 * Documents are many, so theirs say `= any (array(…))`: unlike `in (select …)` that is an index condition. A draft is its author's: an
 * update without a `where` is not held back by the policy for select, so each command says it.
 */
create policy select_public on public.documents
for select to anon
using (status = 'public');

create policy select_member on public.documents
for select to authenticated
using (team_id = any (array(select private.my_teams())) and (status <> 'draft' or owner_id = (select auth.uid())));

create policy insert_member on public.documents
for insert to authenticated
with check (team_id = any (array(select private.my_teams())) and owner_id = (select auth.uid()));

create policy update_member on public.documents
for update to authenticated
using (team_id = any (array(select private.my_teams())) and (status <> 'draft' or owner_id = (select auth.uid())))
with check (team_id = any (array(select private.my_teams())) and (status <> 'draft' or owner_id = (select auth.uid())));

create policy delete_author on public.documents
for delete to authenticated
using (team_id = any (array(select private.my_teams())) and owner_id = (select auth.uid()));

create policy select_owner on public.notes
for select to authenticated
using (owner_id = (select auth.uid()));

create policy insert_owner on public.notes
for insert to authenticated
with check (owner_id = (select auth.uid()));

create policy update_owner on public.notes
for update to authenticated
using (owner_id = (select auth.uid()))
with check (owner_id = (select auth.uid()));

create policy delete_owner on public.notes
for delete to authenticated
using (owner_id = (select auth.uid()));

comment on policy select_public on public.documents is 'Who is not signed in reads what is public, of any team.';
comment on policy select_member on public.documents is 'A member reads the documents of their teams, but no draft of another.';
comment on policy insert_member on public.documents is 'A member writes documents in their own name.';
comment on policy update_member on public.documents is 'A member changes what they can read, and cannot hide what is another''s.';
comment on policy delete_author on public.documents is 'An author deletes what they wrote, while in the team.';

/*
 * Grants. An author is never named: it comes from the token by default and does not change; nor does the team of what is there. Ids may be
 * chosen, so that a create can be retried. Truncate is not granted, because it ignores row-level security.
 */
grant select, delete on public.teams, public.members, public.documents, public.notes to authenticated;
grant update (name) on public.teams to authenticated;
grant insert (team_id, user_id, role), update (role) on public.members to authenticated;
grant insert (team_id, id, title, body, status), update (title, body, status) on public.documents to authenticated;
grant insert (id, body), update (body) on public.notes to authenticated;
grant select (team_id, id, title, body) on public.documents to anon;
