/*
 * error: Visitors hold privileges on a relation that no policy limits.
 *
 * TRUNCATE ignores row-level security, a foreign key (REFERENCES) tells what exists, a trigger (TRIGGER) runs as whoever writes, and
 * MAINTAIN (from PostgreSQL 17) locks the table.
 */
with held as (
  select relations.identity, entry.privilege_type, entry.grantee
  from pg_temp.relations
  cross join lateral (
    select acl.grantee, acl.privilege_type
    from aclexplode(relations.relacl) as acl
    union
    select acl.grantee, acl.privilege_type
    from pg_attribute as attribute
    cross join lateral aclexplode(attribute.attacl) as acl
    where attribute.attrelid = relations.oid
  ) as entry
  where relations.relkind in ('r', 'p', 'v', 'm', 'f')
  and entry.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
  and (
    entry.grantee = 0
    or exists (select from pg_temp.visitors where pg_has_role(visitors.oid, nullif(entry.grantee, 0), 'usage'))
  )
),
named as (
  select
    held.identity,
    case when held.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(held.grantee)) end as grantee,
    string_agg(lower(held.privilege_type), ', ' order by held.privilege_type) as privileges
  from held
  group by held.identity, held.grantee
)
select
  named.identity as object,
  format('Granted, and limited by no policy: %s.', string_agg(format('%s to %s', named.privileges, named.grantee), '; ' order by named.grantee))
    as problem,
  string_agg(format('revoke %s on table %s from %s;', named.privileges, named.identity, named.grantee), ' ' order by named.grantee) as remedy
from named
group by named.identity
