/* What PostgreSQL asks of its catalog when a command comes: are the privileges there, do the policies bind the role, and which of them answer. */

/* What a command which names the row by its columns needs. The last of the columns says whether the command is refused without it. */
create or replace function admin.privileges_of(relation regclass, command text, role name)
returns table (what text, granted boolean, needed boolean)
language sql
stable
set search_path = ''
as $$
  select
    'usage on schema ' || class.relnamespace::regnamespace,
    pg_catalog.has_schema_privilege(role, class.relnamespace, 'usage'),
    true
  from pg_catalog.pg_class as class
  where class.oid = relation
  union all
  (
    select
      case
        when pg_catalog.count(*) over (partition by wanted.privilege) = 1
          then pg_catalog.format('%s on %s', wanted.privilege, relation)
        else pg_catalog.format('%s on column%s %s', wanted.privilege, case when found.several then 's' end, found.columns)
      end,
      found.granted,
      pg_catalog.count(*) over (partition by wanted.privilege) = 1
    from (
      values (1, command), (2, case when command in ('update', 'delete') then 'select' end)
    ) as wanted (place, privilege)
    cross join lateral (
      select
        case
          when wanted.privilege = 'delete' then pg_catalog.has_table_privilege(role, relation, 'delete')
          else pg_catalog.has_column_privilege(role, relation, attribute.attnum, wanted.privilege)
        end as granted,
        pg_catalog.count(*) > 1 as several,
        pg_catalog.string_agg(pg_catalog.quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
      from pg_catalog.pg_attribute as attribute
      where attribute.attrelid = relation
      and attribute.attnum > 0
      and not attribute.attisdropped
      and (wanted.privilege in ('select', 'delete') or attribute.attgenerated = '')
      group by 1
    ) as found
    where wanted.privilege is not null
    order by wanted.place, found.granted desc
  )
$$;

comment on function admin.privileges_of(regclass, text, name) is
'The grants that a command on one row needs, whether the role has them, and whether nothing goes without; columns apart where they differ.';

create or replace function admin.row_security_of(relation regclass, role name, out bound boolean, out what text)
language sql
stable
set search_path = ''
as $$
  select
    class.relrowsecurity and reason.words is null,
    case
      when not class.relrowsecurity then pg_catalog.format('off on %s: whoever has the privileges has every row', relation)
      when reason.words is not null then pg_catalog.format('on, but %s goes past it: %s', role, reason.words)
      else pg_catalog.format('on%s: %s is bound by the policies', case when class.relforcerowsecurity then ' and forced' end, role)
    end
  from pg_catalog.pg_class as class
  join pg_catalog.pg_roles as visitor on visitor.rolname = role
  cross join lateral (
    select case
      when visitor.rolsuper then 'a superuser'
      when visitor.rolbypassrls then 'it has bypassrls'
      when pg_catalog.pg_has_role(role, class.relowner, 'usage') and not class.relforcerowsecurity
        then 'it has the rights of the owner, and row security is not forced'
    end as words
  ) as reason
  where class.oid = relation
$$;

comment on function admin.row_security_of(regclass, name) is 'Whether the policies of a table bind a role, and why.';

/* One question to the policies after the other: what each is for, in words, and the predicates that answer it. */
create or replace function admin.questions_of(command text)
returns table (place int, policies_for text, is_check boolean, meaning text)
language sql
immutable
set search_path = ''
as $$
  select asked.place, asked.policies_for, asked.is_check, asked.meaning
  from (
    values
      ('select', 1, 'select', false, 'to see the row'),
      ('insert', 1, 'insert', true, 'to make a row like it'),
      ('insert', 2, 'select', false, 'to have it returned (returning, on conflict)'),
      ('update', 1, 'select', false, 'to find it by its columns and have it returned (where, returning)'),
      ('update', 2, 'update', false, 'to change it'),
      ('update', 3, 'update', true, 'to leave it as it is now'),
      ('delete', 1, 'select', false, 'to find it by its columns and have it returned (where, returning)'),
      ('delete', 2, 'delete', false, 'to delete it')
  ) as asked (command, place, policies_for, is_check, meaning)
  where asked.command = questions_of.command
$$;

comment on function admin.questions_of(text) is 'What a command asks of which policies, in the order in which a failure counts.';

/* A policy without `with check` checks with its `using`. One without a predicate that applies lets nothing through and stops nothing. */
create or replace function admin.policies_of(relation regclass, role name, policies_for text, is_check boolean)
returns table (policy name, permissive boolean, title text, predicate text)
language sql
stable
set search_path = ''
as $$
  select
    policy.polname,
    policy.polpermissive,
    pg_catalog.format(
      '%I (%s, for %s): %s',
      policy.polname,
      case when policy.polpermissive then 'permissive' else 'restrictive' end,
      case when policy.polcmd = '*' then 'all' else policies_for end,
      case when is_check and policy.polwithcheck is not null then 'with check' else 'using' end
    ),
    pg_catalog.pg_get_expr(
      case when is_check then coalesce(policy.polwithcheck, policy.polqual) else policy.polqual end,
      policy.polrelid
    )
  from pg_catalog.pg_policy as policy
  where policy.polrelid = relation
  and policy.polcmd in ('*', case policies_for when 'select' then 'r' when 'insert' then 'a' when 'update' then 'w' else 'd' end)
  and exists (
    select from pg_catalog.unnest(policy.polroles) as audience
    where audience = 0
    or pg_catalog.pg_has_role(role, audience, 'usage')
  )
  order by policy.polpermissive, policy.polname
$$;

comment on function admin.policies_of(regclass, name, text, boolean) is
'The policies that answer for a command and role, restrictive ones first, each with its predicate.';

/* As PostgreSQL joins them: every restrictive one, and one of the permissive. */
create or replace function admin.joined_predicate(relation regclass, role name, policies_for text, is_check boolean) returns text
language sql
stable
set search_path = ''
as $$
  select pg_catalog.concat_ws(
    ' and ',
    pg_catalog.string_agg('(' || listed.predicate || ')', ' and ' order by listed.policy) filter (where not listed.permissive),
    coalesce(
      '(' || pg_catalog.string_agg('(' || listed.predicate || ')', ' or ' order by listed.policy) filter (where listed.permissive) || ')',
      'false'
    )
  )
  from admin.policies_of(relation, role, policies_for, is_check) as listed
$$;

comment on function admin.joined_predicate(regclass, name, text, boolean) is 'What the policies come to together, as one expression.';
