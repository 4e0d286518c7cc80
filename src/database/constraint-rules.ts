/**
 * The rules that the database enforces on what is written, and which of them a value breaks. PostgreSQL names the first broken constraint
 * only, and not where in a request the value came from; so after a refusal each rule is tried on each value that was sent.
 */
import type { FencedTransaction } from './fence.ts';
import { nobody } from './settings.ts';

export type Rule = {
  table: string;
  /** The columns that it speaks of; it can be tried on values for all of them. */
  columns: string[];
  /** What it is about, in a word: `length`, `count`, `required`. The last part of the constraint's name. */
  rule: string;
  /** The numbers in it. */
  limit?: { min?: number; max?: number };
  /** In words: the constraint's comment. */
  message: string;
};

export type ConstraintRules = {
  /** The rule of the constraint that an error of PostgreSQL names. */
  ruleOf(error: { table?: string; column?: string; constraint?: string }): Rule | undefined;
  /** For each of the records (columns and values to be written to the table), the rules that it breaks. */
  brokenBy(table: string, records: readonly Record<string, unknown>[]): Promise<Rule[][]>;
};

type ConstraintRow = { table: string; name: string; columns: string[]; expression: string; comment: string | null };

/** Reads the rules of all tables of the API's schema. They change only with a migration. */
export async function readConstraintRules(withTransaction: FencedTransaction): Promise<ConstraintRules> {
  const { rows } = await withTransaction(nobody, (client) => client.query<ConstraintRow>({ text: constraintsQuery }));
  const constraints = rows.map((row) => ({ ...row, rule: toRule(row) }));

  return {
    ruleOf({ table, column, constraint }) {
      // A missing value is reported with its column, a broken check with its name.
      const name = constraint ?? `${table}_${column}_required`;
      return constraints.find((found) => found.table === table && found.name === name)?.rule;
    },

    async brokenBy(table, records) {
      const candidates = constraints.filter((found) => found.table === table);
      if (candidates.length === 0) return records.map(() => []);
      const { rows: broken } = await withTransaction(nobody, (client) =>
        client.query<{ position: number; name: string }>({
          text: brokenQuery(table, candidates),
          values: [JSON.stringify(records)],
        }),
      );
      return records.map((_record, index) =>
        candidates
          .filter(({ name }) => broken.some((found) => found.position === index + 1 && found.name === name))
          .map(({ rule }) => rule),
      );
    },
  };
}

/** Checks of single tables, and columns that cannot be null as if they were checks. */
const constraintsQuery = `
  select class.relname as table, con.conname as name, pg_catalog.pg_get_expr(con.conbin, con.conrelid) as expression,
    array(
      select attribute.attname::text from pg_catalog.pg_attribute as attribute
      where attribute.attrelid = con.conrelid and attribute.attnum = any (con.conkey)
      order by attribute.attnum
    ) as columns,
    pg_catalog.obj_description(con.oid, 'pg_constraint') as comment
  from pg_catalog.pg_constraint as con
  join pg_catalog.pg_class as class on class.oid = con.conrelid
  where con.connamespace = 'app_public'::regnamespace and con.contype = 'c'
  union all
  select class.relname, class.relname || '_' || attribute.attname || '_required',
    pg_catalog.quote_ident(attribute.attname) || ' is not null', array[attribute.attname::text], null
  from pg_catalog.pg_attribute as attribute
  join pg_catalog.pg_class as class on class.oid = attribute.attrelid
  where class.relnamespace = 'app_public'::regnamespace and class.relkind in ('r', 'p')
  and attribute.attnum > 0 and attribute.attnotnull and not attribute.attisdropped
  order by 1, 2`;

/** Tries the rules; the expressions are PostgreSQL's own text of its constraints, and only they are not parameters. */
function brokenQuery(table: string, constraints: readonly ConstraintRow[]): string {
  const rules = constraints.map(
    ({ name, columns, expression }) =>
      `(${literal(name)}, array[${columns.map(literal).join(', ')}]::text[], (select ${expression} from given))`,
  );
  return `
    select record.position::integer, rule.name
    from pg_catalog.jsonb_array_elements($1::jsonb) with ordinality as record (columns, position)
    cross join lateral (
      with given as materialized (
        select filled.* from pg_catalog.jsonb_populate_record(null::app_public.${identifier(table)}, record.columns) as filled
      )
      select rule.name from (values ${rules.join(', ')}) as rule (name, columns, holds)
      where record.columns ?& rule.columns and not rule.holds
    ) as rule`;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `tasks_title_length_check` on the column `title` is about its `length`. */
function toRule({ table, name, columns, expression, comment }: ConstraintRow): Rule {
  const about = name.replace(/_check$/, '').slice(table.length + 1);
  const column = columns.find((found) => about.startsWith(`${found}_`));
  const min = /[^<]>= (\d+)/.exec(expression)?.[1];
  const max = /<= (\d+)/.exec(expression)?.[1];
  return {
    table,
    columns,
    rule: column ? about.slice(column.length + 1) : about,
    ...((min || max) && { limit: { ...(min && { min: Number(min) }), ...(max && { max: Number(max) }) } }),
    message: comment ?? 'This has to be given: it cannot be null.',
  };
}
