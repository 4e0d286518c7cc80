/*
 * warning: What is created next is open to visitors from the start.
 *
 * PostgreSQL lets everybody execute new functions, until that is revoked from the default privileges of the role that creates them: for all
 * schemas, since those of one schema can only add.
 */
with owners as (
  select relations.relowner as oid from pg_temp.relations
  union
  select functions.proowner from pg_temp.functions
  union
  select namespace.nspowner
  from pg_namespace as namespace
  join pg_temp.schemas on schemas.oid = namespace.oid
),
kinds (letter, name, privileges_on) as (
  values ('r', 'tables', 'tables'), ('S', 'sequences', 'sequences'), ('f', 'functions', 'functions'), ('n', 'schemas', 'schemas')
),
opened as (
  select
    privileges.oid,
    kinds.privileges_on,
    privileges.defaclrole,
    privileges.defaclnamespace,
    case when acl.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(acl.grantee)) end as grantee,
    string_agg(lower(acl.privilege_type), ', ' order by acl.privilege_type) as granted
  from pg_default_acl as privileges
  join kinds on kinds.letter = privileges.defaclobjtype
  cross join lateral aclexplode(privileges.defaclacl) as acl
  where (privileges.defaclnamespace = 0 or privileges.defaclnamespace in (select schemas.oid from pg_temp.schemas))
  and (acl.grantee = 0 or acl.grantee in (select visitors.oid from pg_temp.visitors))
  group by privileges.oid, kinds.privileges_on, privileges.defaclrole, privileges.defaclnamespace, acl.grantee
)
select
  pg_temp.identity('pg_default_acl', opened.oid) as object,
  format('What is created next is granted from the start: %s.', string_agg(format('%s to %s', opened.granted, opened.grantee), '; ' order by opened.grantee))
    as problem,
  string_agg(
    format(
      'alter default privileges for role %I%s revoke all on %s from %s;',
      pg_get_userbyid(opened.defaclrole),
      coalesce(' in schema ' || nullif(opened.defaclnamespace, 0)::regnamespace::text, ''),
      opened.privileges_on,
      opened.grantee
    ),
    ' '
    order by opened.grantee
  ) as remedy
from opened
group by opened.oid
union all
select
  format('for role %I on functions', pg_get_userbyid(owners.oid)),
  'Every role may execute the functions that it creates: PostgreSQL''s default was not revoked.',
  format('alter default privileges for role %I revoke execute on functions from public;', pg_get_userbyid(owners.oid))
from owners
-- PostgreSQL's own roles, such as the owner of the schema public, create nothing.
where pg_get_userbyid(owners.oid) !~ '^pg_'
and not exists (
  select from pg_default_acl as privileges
  where privileges.defaclrole = owners.oid
  and privileges.defaclnamespace = 0
  and privileges.defaclobjtype = 'f'
)
