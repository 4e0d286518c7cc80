/* The closed world: everything that decides who may do what, as lists. What is new has to be written here. */
\ir scene.sql

select plan(12);

select set_eq(
  $$
    select format('%s %s %s', oid::regclass, relrowsecurity, relforcerowsecurity) from pg_class
    where relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace) and relkind not in ('i', 'I', 'c')
  $$,
  array['public.teams t t', 'public.members t t', 'public.documents t t', 'public.notes t t', 'auth.users t t'],
  'row-level security is enabled and forced on every relation, and they are all tables'
);

select set_eq(
  $$select format('%s.%s: %s %s to %s', tablename, policyname, lower(permissive), lower(cmd), array_to_string(roles, ', ')) from pg_policies$$,
  array[
    'teams.select_member: permissive select to authenticated',
    'teams.update_leader: permissive update to authenticated',
    'teams.delete_leader: permissive delete to authenticated',
    'members.select_member: permissive select to authenticated',
    'members.insert_leader: permissive insert to authenticated',
    'members.update_leader: permissive update to authenticated',
    'members.delete_leader: permissive delete to authenticated',
    'documents.select_public: permissive select to anon',
    'documents.select_member: permissive select to authenticated',
    'documents.insert_member: permissive insert to authenticated',
    'documents.update_member: permissive update to authenticated',
    'documents.delete_author: permissive delete to authenticated',
    'notes.select_owner: permissive select to authenticated',
    'notes.insert_owner: permissive insert to authenticated',
    'notes.update_owner: permissive update to authenticated',
    'notes.delete_owner: permissive delete to authenticated'
  ],
  'these are the policies, one for each command and role'
);

select set_eq(
  $$
    select format('%s %s', polrelid::regclass, polname) from pg_policy
    where (polcmd in ('r', 'w', 'd')) <> (polqual is not null) or (polcmd in ('a', 'w')) <> (polwithcheck is not null)
  $$,
  array[]::text[],
  'each has the conditions that its command has'
);

select set_eq(
  $$
    select format('%s: %s on %s', coalesce(rolname, 'public'), lower(privilege_type), class.oid::regclass)
    from pg_class as class cross join aclexplode(relacl) left join pg_roles on pg_roles.oid = grantee
    where relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace) and grantee <> relowner
    union all
    select format('%s: %s (%s) on %s', coalesce(rolname, 'public'), lower(privilege_type), string_agg(attname, ', ' order by attname), class.oid::regclass)
    from pg_class as class join pg_attribute on attrelid = class.oid cross join aclexplode(attacl) left join pg_roles on pg_roles.oid = grantee
    where relnamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace)
    group by rolname, privilege_type, class.oid
  $$,
  array[
    'authenticated: select on public.teams',
    'authenticated: delete on public.teams',
    'authenticated: update (name) on public.teams',
    'authenticated: select on public.members',
    'authenticated: delete on public.members',
    'authenticated: insert (role, team_id, user_id) on public.members',
    'authenticated: update (role) on public.members',
    'authenticated: select on public.documents',
    'authenticated: delete on public.documents',
    'authenticated: insert (body, id, status, team_id, title) on public.documents',
    'authenticated: update (body, status, title) on public.documents',
    'authenticated: select on public.notes',
    'authenticated: delete on public.notes',
    'authenticated: insert (body, id) on public.notes',
    'authenticated: update (body) on public.notes',
    'anon: select (body, id, team_id, title) on public.documents'
  ],
  'these are the grants on tables and columns'
);

select set_eq(
  $$
    select format('%s: %s on %s', coalesce(rolname, 'public'), lower(privilege_type), nspname)
    from pg_namespace cross join aclexplode(nspacl) left join pg_roles on pg_roles.oid = grantee
    where nspname in ('public', 'private', 'auth') and grantee <> nspowner
  $$,
  array['authenticated: usage on public', 'anon: usage on public', 'authenticated: usage on private', 'authenticated: usage on auth', 'anon: usage on auth'],
  'these are the grants on schemas'
);

select set_eq(
  $$
    select format('%s: %s', coalesce(rolname, 'public'), pg_proc.oid::regprocedure)
    from pg_proc cross join aclexplode(coalesce(proacl, acldefault('f', proowner))) left join pg_roles on pg_roles.oid = grantee
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace) and grantee <> proowner
  $$,
  array[
    'anon: auth.uid()',
    'anon: auth.jwt()',
    'authenticated: auth.uid()',
    'authenticated: auth.jwt()',
    'authenticated: private.my_teams()',
    'authenticated: private.teams_i_lead()',
    'authenticated: private.create_team(text)',
    'authenticated: public.create_team(text)'
  ],
  'these roles execute these functions'
);

select set_eq(
  $$
    select format('%s %s %s %s', oid::regprocedure, provolatile, prosecdef, proconfig) from pg_proc
    where pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace)
  $$,
  array[
    'auth.uid() s f ',
    'auth.jwt() s f ',
    'public.create_team(text) v f ',
    'private.create_team(text) v t {"search_path=\"\""}',
    'private.my_teams() s t {"search_path=\"\""}',
    'private.teams_i_lead() s t {"search_path=\"\""}',
    'private.tg_users__leave() v t {"search_path=\"\""}'
  ],
  'what runs with its owner''s rights is in no schema of the API, and its search path is empty'
);

select set_eq(
  $$
    select pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'public'::regnamespace
  $$,
  array[
    'CREATE UNIQUE INDEX teams_pkey ON public.teams USING btree (id)',
    'CREATE UNIQUE INDEX members_pkey ON public.members USING btree (team_id, user_id)',
    'CREATE INDEX members_user_id_team_id_idx ON public.members USING btree (user_id, team_id)',
    'CREATE UNIQUE INDEX documents_pkey ON public.documents USING btree (team_id, id)',
    'CREATE UNIQUE INDEX notes_pkey ON public.notes USING btree (owner_id, id)'
  ],
  'every key starts with the team or the owner'
);

select set_eq(
  $$
    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('f', 'x', 'c')
  $$,
  array[
    'public.teams teams_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))',
    'public.members members_role_check CHECK ((role = ANY (ARRAY[''leader''::text, ''member''::text])))',
    'public.members members_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id) ON DELETE CASCADE',
    'public.documents documents_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id) ON DELETE CASCADE',
    'public.documents documents_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))',
    'public.documents documents_status_check CHECK ((status = ANY (ARRAY[''draft''::text, ''shared''::text, ''public''::text])))',
    'public.notes notes_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES auth.users(id) ON DELETE CASCADE',
    'public.notes notes_body_check CHECK (((length(body) >= 1) AND (length(body) <= 2000)))'
  ],
  'these are the constraints'
);

select set_eq(
  $$select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgenabled = 'O'$$,
  array['CREATE TRIGGER _100_leave AFTER DELETE ON auth.users FOR EACH ROW EXECUTE FUNCTION private.tg_users__leave()'],
  'this is the trigger'
);

select set_eq(
  $$
    select format('%s %s %s %s %s', rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb) from pg_roles
    where rolname in ('anon', 'authenticated', 'authenticator')
    union all
    select format('%s is %s', member::regrole, roleid::regrole) from pg_auth_members
    where member in ('anon'::regrole, 'authenticated'::regrole, 'authenticator'::regrole)
  $$,
  array[
    'anon f f f f',
    'authenticated f f f f',
    'authenticator f f f f',
    'authenticator is anon',
    'authenticator is authenticated'
  ],
  'no role of the API is more than it has to be'
);

select set_eq(
  $$
    select format('%s in %s for %s', defaclobjtype, defaclnamespace, (select count(*) from aclexplode(defaclacl) where grantee <> defaclrole))
    from pg_default_acl
  $$,
  array['f in 0 for 0'],
  'of what is created next nothing is open, not even functions'
);

select * from finish();
rollback;
