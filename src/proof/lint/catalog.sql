/*
 * What the rules speak of, as temporary tables, views and functions: run once, before them, in the transaction that is rolled back. The search path
 * is `pg_catalog, pg_temp`, so that what PostgreSQL prints is qualified. The settings `proof.*` are ProofConfig; the tables that are
 * empty here are filled by TypeScript, which has a parser.
 */

create function pg_temp.listed(setting text) returns setof text
language sql
stable
as $$
  select unnest(current_setting(setting)::text[])
$$;

/*
 * For each predicate of a policy an empty copy of its table, with its indexes and this one policy: so it can be planned by itself, by a
 * visitor, as PostgreSQL plans it under row-level security, whatever is granted. Made before all else here, because a predicate names its
 * table, and so the copy must have that name for a moment.
 */
do $$
declare
  predicate record;
  copy text;
begin
  for predicate in
    select policy.oid, policy.polrelid::regclass as original, class.relname, part.name, part.expression
    from pg_policy as policy
    join pg_class as class on class.oid = policy.polrelid
    cross join lateral (
      values
        ('using', pg_get_expr(policy.polqual, policy.polrelid)),
        ('check', pg_get_expr(coalesce(policy.polwithcheck, policy.polqual), policy.polrelid))
    ) as part (name, expression)
    where class.relnamespace::regnamespace::text in (select quote_ident(listed) from pg_temp.listed('proof.schemas') as listed)
    and part.expression is not null
  loop
    copy = concat_ws('_', 'copy', predicate.oid, predicate.name);
    execute format('create temporary table %I (like %s including indexes)', copy, predicate.original);
    execute format('alter table pg_temp.%I enable row level security', copy);
    execute format('alter table pg_temp.%I rename to %I', copy, predicate.relname);
    execute format('create policy predicate on pg_temp.%I for select using (%s)', predicate.relname, predicate.expression);
    execute format('alter table pg_temp.%I rename to %I', predicate.relname, copy);
    execute format('grant select on pg_temp.%I to public', copy);
  end loop;
end
$$;

create temporary table schemas as
select namespace.oid, namespace.nspname, namespace.nspname in (select pg_temp.listed('proof.api')) as in_api
from pg_namespace as namespace
where namespace.nspname in (select pg_temp.listed('proof.schemas'));

create temporary table visitors as
select role.oid, role.rolname
from pg_roles as role
where role.rolname in (select pg_temp.listed('proof.visitors'));

create temporary table logins as
select role.*
from pg_roles as role
where role.rolname in (select pg_temp.listed('proof.logins'));

/* An object as PostgreSQL itself names it: `app.notes`, `app.notes.title`, `app.f(text)`, `select_owner on app.notes`. */
create function pg_temp.identity(catalog regclass, object oid, part integer default 0) returns text
language sql
stable
as $$
  select (pg_identify_object(catalog, object, part)).identity
$$;

/* What belongs to an extension is not the schema author's to mend. */
create function pg_temp.of_extension(catalog regclass, object oid) returns boolean
language sql
stable
as $$
  select exists (
    select from pg_depend as dependency
    where dependency.classid = catalog
    and dependency.objid = object
    and dependency.deptype = 'e'
  )
$$;

/* Whether a role can name the relation and has some right to its rows. */
create function pg_temp.reachable(role oid, relation oid) returns boolean
language sql
stable
as $$
  select has_schema_privilege(role, class.relnamespace, 'usage')
  and case
    when class.relkind = 'S' then has_sequence_privilege(role, class.oid, 'usage, select, update')
    else has_table_privilege(role, class.oid, 'select, insert, update, delete')
    or has_any_column_privilege(role, class.oid, 'select, insert, update')
  end
  from pg_class as class
  where class.oid = relation
$$;

/* Whether a role may run the command (`select`, `insert`, `update`, `delete`) on the table, or on some of its columns. */
create function pg_temp.granted(role oid, relation oid, command text) returns boolean
language sql
stable
as $$
  select has_schema_privilege(role, class.relnamespace, 'usage')
  and case
    when command = 'delete' then has_table_privilege(role, class.oid, command)
    else has_any_column_privilege(role, class.oid, command)
  end
  from pg_class as class
  where class.oid = relation
$$;

/* Whether a role may itself say what stands in the column, by insert or update. */
create function pg_temp.writable(role oid, relation oid, column_number smallint) returns boolean
language sql
stable
as $$
  select has_schema_privilege(role, class.relnamespace, 'usage')
  and has_column_privilege(role, class.oid, attribute.attnum, 'insert, update')
  and attribute.attidentity <> 'a'
  and attribute.attgenerated = ''
  from pg_class as class
  join pg_attribute as attribute on attribute.attrelid = class.oid
  where class.oid = relation
  and attribute.attnum = column_number
$$;

create temporary table relations as
select class.*, pg_temp.identity('pg_class', class.oid) as identity
from pg_class as class
join pg_temp.schemas on schemas.oid = class.relnamespace
where not pg_temp.of_extension('pg_class', class.oid);

/* A partition is one of them only where visitors can go past its parent. */
create temporary table tables as
select relations.*
from pg_temp.relations
where relations.relkind in ('r', 'p')
and (
  not relations.relispartition
  or exists (select from pg_temp.visitors where pg_temp.reachable(visitors.oid, relations.oid))
);

create temporary table functions as
select proc.*, proc.oid::regprocedure::text as identity, schemas.in_api
from pg_proc as proc
join pg_temp.schemas on schemas.oid = proc.pronamespace
where not pg_temp.of_extension('pg_proc', proc.oid);

create temporary table commands (command, letter) as
values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd');

/* Policies as they are written, their predicates on one line. */
create temporary table written_policies as
select
  policy.*,
  pg_temp.identity('pg_policy', policy.oid) as identity,
  tables.identity as table_identity,
  regexp_replace(pg_get_expr(policy.polqual, policy.polrelid), '\s*\n\s*', ' ', 'g') as using_expression,
  regexp_replace(pg_get_expr(policy.polwithcheck, policy.polrelid), '\s*\n\s*', ' ', 'g') as check_expression
from pg_policy as policy
join pg_temp.tables on tables.oid = policy.polrelid;

/* Policies as they apply: a row for each visitor and command. `using` and `check` are what PostgreSQL makes of what is not written. */
create temporary table policies as
select
  policy.oid,
  policy.identity,
  policy.polname,
  policy.polrelid as relation,
  policy.table_identity,
  policy.polpermissive as permissive,
  commands.command,
  visitors.oid as role,
  visitors.rolname,
  case when commands.command <> 'insert' then policy.using_expression end as using_expression,
  case when commands.command in ('insert', 'update') then coalesce(policy.check_expression, policy.using_expression) end
    as check_expression
from pg_temp.written_policies as policy
join pg_temp.commands on policy.polcmd in ('*', commands.letter)
join pg_temp.visitors on exists (
  select
  from unnest(policy.polroles) as audience (role)
  where audience.role = 0
  or pg_has_role(visitors.oid, nullif(audience.role, 0), 'usage')
);

/* Tables whose rows policies share out among the visitors: users' data. */
create temporary table protected_tables as
select tables.*
from pg_temp.tables
where tables.relrowsecurity
and exists (select from pg_temp.policies where policies.relation = tables.oid);

/*
 * What the predicate of a policy does with columns of its table. `used`: it mentions it; `guarded`: it asks a function or a query about it;
 * `searchable` and `owner`: as src/proof/expression.ts says. `part` is `using` or `check`.
 */
create temporary table predicate_columns (policy oid, part text, kind text, name name);

create function pg_temp.columns_of(wanted_kind text)
returns table (policy oid, relation oid, part text, column_number smallint, name name)
language sql
stable
as $$
  select predicate_columns.policy, policy.polrelid, predicate_columns.part, attribute.attnum, attribute.attname
  from pg_temp.predicate_columns
  join pg_policy as policy on policy.oid = predicate_columns.policy
  join pg_attribute as attribute on attribute.attrelid = policy.polrelid and attribute.attname = predicate_columns.name
  where predicate_columns.kind = wanted_kind
  and attribute.attnum > 0
  and exists (select from pg_temp.policies where policies.oid = predicate_columns.policy)
$$;

/* By table: the columns that say whose a row is, and those and the columns of sets that the visitor belongs to, such as teams. */
create temporary view owner_columns as
select distinct owners.relation, owners.column_number, owners.name
from pg_temp.columns_of('owner') as owners;

create temporary view policy_columns as
select distinct found.relation, found.column_number, found.name
from pg_temp.columns_of('searchable') as found;

/*
 * What functions tell: `via` is `raise` or `notify`; `carried` names the columns of rows whose values are in the expression, `*` for all; and
 * the relations that their queries name.
 */
create temporary table told (function oid, via text, expression text, carried text[]);
create temporary table mentions (function oid, schema name, relation name);

/* The columns of an index, those inside its expressions among them. */
create temporary view index_columns as
select index.indexrelid, index.indrelid, key.column_number
from pg_index as index
cross join lateral unnest(index.indkey[0:index.indnkeyatts - 1]) as key (column_number)
where key.column_number <> 0
union
select index.indexrelid, index.indrelid, dependency.refobjsubid::smallint
from pg_index as index
join pg_depend as dependency
  on dependency.classid = 'pg_class'::regclass
  and dependency.objid = index.indexrelid
  and dependency.refclassid = 'pg_class'::regclass
  and dependency.refobjid = index.indrelid
  and dependency.refobjsubid > 0
where index.indexprs is not null;

/* The plan of a query for a role with these settings, which prefers an index wherever one can be used. Where it fails: `Error` and `Code`. */
create function pg_temp.plan_of(role name, settings jsonb, query text) returns jsonb
language plpgsql
volatile
set enable_seqscan = off
as $$
declare
  former_role text = current_setting('role');
  plan jsonb;
begin
  perform set_config(setting.key, setting.value, true) from jsonb_each_text(settings) as setting;
  perform set_config('role', role, true);
  execute 'explain (format json) ' || query into plan;
  perform set_config('role', former_role, true);
  return plan -> 0 -> 'Plan';
exception
  when others then
    return jsonb_build_object('Error', sqlerrm, 'Code', sqlstate);
end
$$;

/* Whether a predicate that mentions no column is true for a user who is signed in. */
create function pg_temp.holds(role name, settings jsonb, predicate text) returns boolean
language plpgsql
volatile
as $$
declare
  former_role text = current_setting('role');
  answer boolean;
begin
  perform set_config(setting.key, setting.value, true) from jsonb_each_text(settings) as setting;
  perform set_config('role', role, true);
  execute 'select ' || predicate into answer;
  perform set_config('role', former_role, true);
  return coalesce(answer, false);
exception
  when others then
    return false;
end
$$;

/* The plan of reading those rows that the predicate of a policy (`using` or `check`) lets pass, for a visitor who is signed in. */
create function pg_temp.plan_of_predicate(role name, policy oid, part text) returns jsonb
language sql
volatile
as $$
  select pg_temp.plan_of(
    role,
    current_setting('proof.settings')::jsonb,
    format('select from pg_temp.%I', concat_ws('_', 'copy', policy, part))
  )
$$;
