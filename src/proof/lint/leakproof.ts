/**
 * What a filter of an API can use under the policies, column by column: by plan, since PostgreSQL's own rules decide. A security-barrier view
 * with the policies' predicate over an empty copy of the table is planned as the table is under row-level security.
 */
import type { ClientBase } from 'pg';
import { type LintConfig, prepareCatalog, withoutTrace } from './lint.ts';

/**
 * What becomes of a filter: `index`, an index finds the rows; `filter`, rows that the policy finds are looked at, by an operator that is
 * leakproof; `filtered after`, the operator is not, and an index of its own would never be used.
 */
export type LeakproofRow = {
  table: string;
  column: string;
  type: string;
  operator: string;
  use: 'index' | 'filter' | 'filtered after';
};

/** What APIs offer as filters. */
const operators = ['=', '<>', '<', '<=', '>', '>=', 'like', 'ilike', '~', '@>', '<@', '&&', '@@'];

/**
 * Every column of the tables with policies, with every operator that its type has, for the first visitor with a policy to read the table.
 * @param client as for `lint`
 * @throws OperatorError as `lint` does
 */
export const leakproofReport = (client: ClientBase, config: LintConfig): Promise<LeakproofRow[]> =>
  withoutTrace(client, () => inspectOperators(client, config));

/** As `leakproofReport`, in the caller's transaction, which is to be rolled back. */
export async function inspectOperators(client: ClientBase, config: LintConfig): Promise<LeakproofRow[]> {
  await prepareCatalog(client, config);
  await client.query(guardedViews);
  const { rows } = await client.query<LeakproofRow>(report, [operators]);
  return rows;
}

const guardedViews = `
create temporary table guarded as
select distinct on (policies.relation) policies.relation, policies.rolname,
  concat_ws(' and ',
    '(' || string_agg(policies.using_expression, ' or ') filter (where policies.permissive) || ')',
    string_agg(policies.using_expression, ' and ') filter (where not policies.permissive)
  ) as predicate
from pg_temp.policies
where policies.command = 'select'
group by policies.relation, policies.rolname
having bool_or(policies.permissive)
order by policies.relation, array_position(current_setting('proof.visitors')::text[], policies.rolname::text);

do $$
declare
  original record;
begin
  for original in
    select guarded.relation, guarded.predicate, class.relname, class.oid::regclass as identity
    from pg_temp.guarded
    join pg_class as class on class.oid = guarded.relation
  loop
    execute format('create temporary table %I (like %s including indexes)', 'copy_' || original.relation, original.identity);
    execute format(
      'create temporary view %1$I with (security_barrier) as select * from pg_temp.%2$I as %3$I where %4$s',
      'guarded_' || original.relation, 'copy_' || original.relation, original.relname, original.predicate
    );
    execute format('grant select on pg_temp.%I to public', 'guarded_' || original.relation);
  end loop;
end
$$;

select set_config('proof.value', '', true)`;

/** The value that is compared with is unknown to the planner, and known again in the plan by the name of its setting. */
const report = `
with planned as materialized (
  select tables.identity as "table", attribute.attname::text as "column", attribute.attnum,
    format_type(attribute.atttypid, null) as type, offered.operator, offered.position,
    pg_temp.plan_of(
      guarded.rolname,
      current_setting('proof.settings')::jsonb,
      format(
        'select from pg_temp.%I where %I %s nullif(current_setting(''proof.value''), '''')::%s',
        'guarded_' || guarded.relation, attribute.attname, offered.operator,
        case offered.operator when '@@' then 'tsquery' else format_type(attribute.atttypid, null) end
      )
    ) as plan
  from pg_temp.guarded
  join pg_temp.tables on tables.oid = guarded.relation
  join pg_attribute as attribute on attribute.attrelid = guarded.relation and attribute.attnum > 0 and not attribute.attisdropped
  cross join unnest($1::text[]) with ordinality as offered (operator, position)
)
select "table", "column", type, operator,
  case
    when exists (
      select from jsonb_path_query(plan, 'strict $.**."Index Cond"') as condition where condition::text ~ 'proof\\.value'
    ) then 'index'
    when exists (
      select from jsonb_path_query(plan, 'strict $.** ? (@."Node Type" == "Subquery Scan")."Filter"') as condition
      where condition::text ~ 'proof\\.value'
    ) then 'filtered after'
    else 'filter'
  end as use
from planned
where not plan ? 'Error'
order by "table", attnum, position`;
