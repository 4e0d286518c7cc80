/** What the predicates of policies do with the columns of their tables, for the rules: fills `pg_temp.predicate_columns`. */
import type { ClientBase } from 'pg';
import { conjunctsOf, type Node, nodesOf, ownerColumns, parseExpression, searchableColumns } from '../expression.ts';

type Predicate = { policy: string; table: string; part: 'using' | 'check'; expression: string };

/** Reads the predicates of all policies that rules look at. */
export async function readPredicates(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Predicate>(
    `select policy.oid::text as policy, class.relname as "table", part.part, part.expression
     from pg_temp.written_policies as policy
     join pg_class as class on class.oid = policy.polrelid
     cross join lateral (
       values ('using', policy.using_expression), ('check', coalesce(policy.check_expression, policy.using_expression))
     ) as part (part, expression)
     where part.expression is not null`,
  );
  const columns = rows.flatMap(({ policy, table, part, expression }) =>
    Object.entries(columnsByKind(parseExpression(expression), table)).flatMap(([kind, names]) =>
      [...new Set(names)].map((name) => ({ policy, part, kind, name })),
    ),
  );
  await client.query(
    `insert into pg_temp.predicate_columns
     select * from json_to_recordset($1) as found (policy oid, part text, kind text, name name)`,
    [JSON.stringify(columns)],
  );
}

/** The columns of its table in a predicate, by what it does with them; catalog.sql says what the kinds mean. */
export function columnsByKind(predicate: Node, table: string): Record<string, string[]> {
  const guarding = conjunctsOf(predicate).filter((conjunct) =>
    [...nodesOf(conjunct)].some((node) => 'FuncCall' in node || 'SubLink' in node),
  );
  return {
    used: columnsIn(predicate, table),
    guarded: guarding.flatMap((conjunct) => columnsIn(conjunct, table)),
    searchable: searchableColumns(predicate),
    owner: ownerColumns(predicate),
  };
}

/** Inside a subquery PostgreSQL prints every column with its table, so that a bare one is the row's own. `*` for the row as a whole. */
function columnsIn(node: Node, table: string): string[] {
  return [...nodesOf(node)].flatMap((part) => {
    if (!('ColumnRef' in part)) return [];
    const names = (part.ColumnRef.fields ?? []).map((field) => ('String' in field ? field.String.sval! : '*'));
    if (names.length === 1) return names;
    return names[0] === table ? [names[1]!] : [];
  });
}
