/* error: The role that the API logs in as may do more than become a visitor. */
with owners as (
  select distinct relations.relowner as oid
  from pg_temp.relations
),
powers (login, power) as (
  select logins.oid, attribute.power
  from pg_temp.logins
  cross join lateral (
    values
      (logins.rolsuper, 'is a superuser'),
      (logins.rolbypassrls, 'bypasses row-level security'),
      (logins.rolcreaterole, 'creates roles'),
      (logins.rolcreatedb, 'creates databases'),
      (logins.rolreplication, 'replicates')
  ) as attribute (held, power)
  where attribute.held
  union all
  select logins.oid, format('has the rights of %I without becoming it', visitors.rolname)
  from pg_temp.logins
  join pg_temp.visitors on visitors.oid <> logins.oid and pg_has_role(logins.oid, visitors.oid, 'usage')
  where not logins.rolsuper
  union all
  select distinct logins.oid, format('is a member of %I, which owns relations', pg_get_userbyid(owners.oid))
  from pg_temp.logins
  join owners on owners.oid <> logins.oid and pg_has_role(logins.oid, owners.oid, 'member')
  where not logins.rolsuper
  union all
  select logins.oid, format('is a member of %I, one of PostgreSQL''s own roles', predefined.rolname)
  from pg_temp.logins
  join pg_roles as predefined on predefined.rolname ~ '^pg_' and pg_has_role(logins.oid, predefined.oid, 'member')
  where not logins.rolsuper
  union all
  select relations.relowner, format('owns %s', relations.identity)
  from pg_temp.relations
  where relations.relkind <> 'i'
  union all
  select acl.grantee, format('has grants of its own on %s', granted.identity)
  from (
    select relations.relacl as acl, relations.identity from pg_temp.relations
    union all
    select attribute.attacl, relations.identity
    from pg_temp.relations
    join pg_attribute as attribute on attribute.attrelid = relations.oid
    union all
    select functions.proacl, functions.identity from pg_temp.functions
    union all
    select namespace.nspacl, 'schema ' || quote_ident(namespace.nspname)
    from pg_namespace as namespace
    join pg_temp.schemas on schemas.oid = namespace.oid
  ) as granted
  cross join lateral aclexplode(granted.acl) as acl
)
select
  logins.rolname::text as object,
  format('It %s.', string_agg(distinct powers.power, ', ')) as problem,
  format('Let %I be a login with `noinherit`, without attributes, ownership and grants, a member of the visitor roles alone.', logins.rolname)
    as remedy
from pg_temp.logins
join powers on powers.login = logins.oid
group by logins.rolname
