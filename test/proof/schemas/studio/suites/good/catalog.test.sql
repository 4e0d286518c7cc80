/* The closed world: everything that decides who may do what, as lists. What is new has to be written here. */
\ir scene.sql

select plan(13);

select set_eq(
  $$
    select format('%s %s %s %s %s', relkind, oid::regclass, relrowsecurity, relforcerowsecurity, reloptions) from pg_class
    where relnamespace in ('app'::regnamespace, 'app_hidden'::regnamespace) and relkind not in ('i', 'I', 'c')
  $$,
  array['r app.bookings t t ', 'r app.remarks t t ', 'v app.open_bookings f f {security_invoker=true}'],
  'row-level security is enabled and forced on every table, and the view reads as the one who asks'
);

select set_eq(
  $$select format('%s.%s: %s %s to %s', tablename, policyname, lower(permissive), lower(cmd), array_to_string(roles, ', ')) from pg_policies$$,
  array[
    'bookings.within_tenant: restrictive all to app_user',
    'bookings.select_owner: permissive select to app_user',
    'bookings.insert_owner: permissive insert to app_user',
    'bookings.update_owner: permissive update to app_user',
    'bookings.delete_owner: permissive delete to app_user',
    'remarks.within_tenant: restrictive all to app_user',
    'remarks.select_owner: permissive select to app_user',
    'remarks.insert_owner: permissive insert to app_user',
    'remarks.update_owner: permissive update to app_user',
    'remarks.delete_owner: permissive delete to app_user'
  ],
  'these are the policies'
);

select set_eq(
  $$
    select format('%s %s', polrelid::regclass, polname) from pg_policy
    where (polcmd in ('*', 'r', 'w', 'd')) <> (polqual is not null) or (polcmd in ('*', 'a', 'w')) <> (polwithcheck is not null)
  $$,
  array[]::text[],
  'each has the conditions that its command has'
);

select set_eq(
  $$
    select format('%s: %s on %s', coalesce(rolname, 'public'), lower(privilege_type), class.oid::regclass)
    from pg_class as class cross join aclexplode(relacl) left join pg_roles on pg_roles.oid = grantee
    where relnamespace in ('app'::regnamespace, 'app_hidden'::regnamespace) and grantee <> relowner
    union all
    select format('%s: %s (%s) on %s', coalesce(rolname, 'public'), lower(privilege_type), string_agg(attname, ', ' order by attname), class.oid::regclass)
    from pg_class as class join pg_attribute on attrelid = class.oid cross join aclexplode(attacl) left join pg_roles on pg_roles.oid = grantee
    where relnamespace in ('app'::regnamespace, 'app_hidden'::regnamespace)
    group by rolname, privilege_type, class.oid
  $$,
  array[
    'app_user: select on app.bookings',
    'app_user: delete on app.bookings',
    'app_user: insert (details, ends_at, id, room, starts_at, tags) on app.bookings',
    'app_user: update (deleted_at, details, ends_at, room, starts_at, tags) on app.bookings',
    'app_user: select on app.remarks',
    'app_user: delete on app.remarks',
    'app_user: insert (body, booking_id, id) on app.remarks',
    'app_user: update (body) on app.remarks',
    'app_user: select on app.open_bookings'
  ],
  'these are the grants on tables and columns'
);

select set_eq(
  $$
    select format('%s: %s on %s', coalesce(rolname, 'public'), lower(privilege_type), nspname)
    from pg_namespace cross join aclexplode(nspacl) left join pg_roles on pg_roles.oid = grantee
    where nspname in ('app', 'app_hidden', 'public') and grantee <> nspowner
  $$,
  array['app_user: usage on app', 'app_user: usage on app_hidden'],
  'these are the grants on schemas'
);

select set_eq(
  $$
    select format('%s: %s', coalesce(rolname, 'public'), pg_proc.oid::regprocedure)
    from pg_proc cross join aclexplode(coalesce(proacl, acldefault('f', proowner))) left join pg_roles on pg_roles.oid = grantee
    where pronamespace in ('app'::regnamespace, 'app_hidden'::regnamespace) and grantee <> proowner
  $$,
  array['app_user: app_hidden.current_user_id()', 'app_user: app_hidden.current_tenant_id()', 'app_user: app_hidden.booking_count()'],
  'these functions are executed by visitors'
);

select set_eq(
  $$
    select format('%s %s %s %s', oid::regprocedure, provolatile, prosecdef, proconfig) from pg_proc
    where pronamespace in ('app'::regnamespace, 'app_hidden'::regnamespace)
  $$,
  array[
    'app_hidden.current_user_id() s f ',
    'app_hidden.current_tenant_id() s f ',
    'app_hidden.booking_count() s t {"search_path=\"\""}',
    'app_hidden.tg_bookings__quota() v f ',
    'app_hidden.tg_bookings__bin() v f ',
    'app_hidden.tg_bookings__announce() v f '
  ],
  'one runs with its owner''s rights, outside the API, and its search path is empty'
);

select set_eq(
  $$
    select pg_get_indexdef(indexrelid) from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'app'::regnamespace
  $$,
  array[
    'CREATE UNIQUE INDEX bookings_pkey ON app.bookings USING btree (owner_id, tenant_id, id)',
    'CREATE UNIQUE INDEX bookings_slot_key ON app.bookings USING btree (owner_id, tenant_id, room, starts_at) WHERE (deleted_at IS NULL)',
    'CREATE INDEX bookings_tenant_id_starts_at_idx ON app.bookings USING btree (tenant_id, owner_id, starts_at)',
    'CREATE UNIQUE INDEX remarks_pkey ON app.remarks USING btree (owner_id, tenant_id, id)',
    'CREATE INDEX remarks_booking_id_idx ON app.remarks USING btree (tenant_id, owner_id, booking_id)'
  ],
  'every key starts with the owner and the house'
);

select set_eq(
  $$
    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'app'::regnamespace and contype in ('f', 'x', 'c')
  $$,
  array[
    'app.bookings bookings_room_check CHECK (((length(room) >= 1) AND (length(room) <= 100)))',
    'app.bookings bookings_ends_at_check CHECK ((ends_at > starts_at))',
    'app.remarks remarks_body_check CHECK (((length(body) >= 1) AND (length(body) <= 2000)))',
    'app.remarks remarks_booking_id_fkey FOREIGN KEY (owner_id, tenant_id, booking_id) REFERENCES app.bookings(owner_id, tenant_id, id) ON DELETE CASCADE'
  ],
  'these are the constraints'
);

select set_eq(
  $$select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgenabled = 'O'$$,
  array[
    'CREATE TRIGGER _100_quota BEFORE INSERT ON app.bookings FOR EACH ROW EXECUTE FUNCTION app_hidden.tg_bookings__quota()',
    'CREATE TRIGGER _200_bin BEFORE DELETE ON app.bookings FOR EACH ROW WHEN ((old.deleted_at IS NULL)) EXECUTE FUNCTION app_hidden.tg_bookings__bin()',
    'CREATE TRIGGER _300_announce AFTER INSERT OR UPDATE ON app.bookings FOR EACH ROW EXECUTE FUNCTION app_hidden.tg_bookings__announce()'
  ],
  'these are the triggers'
);

/* A transaction that is rolled back notifies nobody, so what is sent can only be read. */
select is(
  (
    select array_agg(trim(line)) from pg_proc cross join regexp_split_to_table(prosrc, '\n') as line
    where oid = 'app_hidden.tg_bookings__announce()'::regprocedure and line ~ 'notify'
  ),
  array['perform pg_catalog.pg_notify(''bookings'', new.id::text);'],
  'a notification carries an id and nothing else'
);

select set_eq(
  $$
    select format('%s %s %s %s %s', rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb) from pg_roles
    where rolname in ('app_user', 'app_login')
    union all
    select format('%s is %s', member::regrole, roleid::regrole) from pg_auth_members
    where member in ('app_user'::regrole, 'app_login'::regrole)
  $$,
  array['app_user f f f f', 'app_login f f f f', 'app_login is app_user'],
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
