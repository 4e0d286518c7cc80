/**
 * The access decisions of a database as sorted lines of text: what may be compared before and after. Reads the catalog of every schema that
 * is not PostgreSQL's own; knows nothing of tasks.
 */
import type { ClientBase } from 'pg';

/** Each query yields lines that name an object and say one thing about who may do what with it. Owners are left out: they may all. */
const queries = [
  `select format('schema %I: %s', nspname, acl) as line
   from schemas cross join lateral (select string_agg(entry::text, ' ' order by entry::text) as acl from unnest(nspacl) as entry) as acl`,

  `select format('relation %s: kind %s, row security %s, forced %s, options %s, acl %s, comment %s', relation.oid::regclass, relkind,
     relrowsecurity, relforcerowsecurity, reloptions, acl, obj_description(relation.oid, 'pg_class')) as line
   from pg_class as relation
   join schemas on schemas.oid = relnamespace
   cross join lateral (select string_agg(entry::text, ' ' order by entry::text) as acl from unnest(relacl) as entry) as acl
   where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,

  `select format('column %s.%I: default %s, acl %s, comment %s', relation.oid::regclass, attname,
     pg_get_expr(adbin, adrelid), acl, col_description(relation.oid, attnum)) as line
   from pg_attribute as attribute
   join pg_class as relation on relation.oid = attrelid
   join schemas on schemas.oid = relnamespace
   left join pg_attrdef on adrelid = attrelid and adnum = attnum
   cross join lateral (select string_agg(entry::text, ' ' order by entry::text) as acl from unnest(attacl) as entry) as acl
   where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm', 'f')`,

  `select format('policy %I on %s: for %s, permissive %s, to %s, using %s, check %s, comment %s', polname, polrelid::regclass, polcmd,
     polpermissive, (select string_agg(coalesce(rolname, 'public'), ' ' order by rolname)
       from unnest(polroles) as member left join pg_roles on pg_roles.oid = member),
     pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(policy.oid, 'pg_policy')) as line
   from pg_policy as policy
   join pg_class as relation on relation.oid = polrelid
   join schemas on schemas.oid = relnamespace`,

  `select format('function %s: acl %s, comment %s, %s', proc.oid::regprocedure, acl, obj_description(proc.oid, 'pg_proc'),
     pg_get_functiondef(proc.oid)) as line
   from pg_proc as proc
   join schemas on schemas.oid = pronamespace
   cross join lateral (select string_agg(entry::text, ' ' order by entry::text) as acl from unnest(proacl) as entry) as acl
   where prokind in ('f', 'p')`,

  `select format('trigger %s: enabled %s', pg_get_triggerdef(trigger.oid), tgenabled) as line
   from pg_trigger as trigger
   join pg_class as relation on relation.oid = tgrelid
   join schemas on schemas.oid = relnamespace
   where not tgisinternal`,

  `select format('constraint %I on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(con.oid)) as line
   from pg_constraint as con
   join schemas on schemas.oid = connamespace
   where conrelid <> 0`,

  `select format('default privileges of %s in %s for %s: %s', defaclrole::regrole, coalesce(nullif(defaclnamespace, 0)::regnamespace::text, 'all'),
     defaclobjtype, defaclacl) as line
   from pg_default_acl`,
];

const schemas = `with schemas as (
  select oid, nspname, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
)`;

/** Reads all access decisions of the database that the client is connected to, sorted, one line each. */
export async function readAccess(client: ClientBase): Promise<string[]> {
  const lines: string[] = [];
  for (const query of queries) {
    const { rows } = await client.query<{ line: string }>(`${schemas} ${query}`);
    lines.push(...rows.map(({ line }) => line));
  }
  return lines.sort();
}
