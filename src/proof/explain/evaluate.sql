/*
 * What an expression of a policy comes to for a role, on a row which that role may not see.
 *
 * PostgreSQL keeps a policy as a tree: its names are looked up when it is made, the rights to what they stand for when it runs, as the role
 * that asks. A view with security_invoker does the same, so the expression becomes one, made by the caller and read by the role. Run as text
 * by the role it would fail wherever a policy calls into a schema that the role may not use. The row was put aside before, by the caller, so no
 * policy of its table is asked; those of the tables that the expression reads are.
 *
 * Who cannot become the role evaluates with rights of their own, and writes nothing: the settings are the role's all the same.
 */

/* From 16 on, a member may be one who cannot become the role. */
create or replace function admin.can_become(role name) returns boolean
language sql
stable
set search_path = ''
as $$
  select pg_catalog.pg_has_role(
    role,
    case when pg_catalog.current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end
  )
$$;

comment on function admin.can_become(name) is 'Whether who asks may `set role` to this one.';

create or replace function admin.evaluate(
  relation regclass,
  role name,
  settings jsonb,
  expression text,
  out value text,
  out failed boolean
)
language plpgsql
volatile
as $$
declare
  path text = pg_catalog.current_setting('search_path');
  question text;
begin
  begin
    perform pg_catalog.set_config('search_path', '', true);
    /* The one element of the array has the table's row type: a column, the table's name and `table.*` mean in it what they mean in a policy. */
    question = pg_catalog.format(
      'select (%s)::pg_catalog.text as value
       from pg_catalog.unnest(array[pg_catalog.current_setting(''admin.explained_row'')::%s]) as %I',
      expression,
      relation,
      (select class.relname from pg_catalog.pg_class as class where class.oid = relation)
    );
    if admin.can_become(role) then
      execute 'create temporary view explained_expression with (security_invoker = true) as ' || question;
      execute pg_catalog.format('grant select on pg_temp.explained_expression to %I', role);
      question = 'select explained.value from pg_temp.explained_expression as explained';
      perform pg_catalog.set_config('role', role, true);
    end if;

    /* Functions that do not pin their search path find what they find in a request. */
    perform pg_catalog.set_config('search_path', path, true);
    perform pg_catalog.set_config('row_security', 'on', true);
    perform pg_catalog.set_config(setting.key, setting.value, true) from pg_catalog.jsonb_each_text(settings) as setting;
    execute question into value;

    /* Takes back the view, the role, the settings, and whatever the expression did; variables keep their values. */
    raise exception using errcode = 'XUNDO';
  exception
    when sqlstate 'XUNDO' then
      value = coalesce(value, 'null');
      failed = false;
    when others then
      value = 'error: ' || sqlerrm;
      failed = true;
  end;
end
$$;

comment on function admin.evaluate(regclass, name, jsonb, text) is
'The value of an expression as text, for a role with these settings, of the row that admin.keep_row has put aside; or the error that it raises.';
