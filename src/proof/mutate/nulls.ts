/** What a predicate may find null: which columns never are, and where null is as good as false. */
import type { Relation } from '../catalog.ts';
import { columnOf, nodesOf, parseExpression, type Node } from '../expression.ts';
import { quoted } from './mutant.ts';

/** The conditions for which null is as good as false: what is reached through `and` and `or` from the whole, or from a `where`. */
export function filters(tree: Node): Node[] {
  const wheres = [...nodesOf(tree)].flatMap((node) =>
    'SelectStmt' in node && node.SelectStmt.whereClause !== undefined ? [node.SelectStmt.whereClause] : [],
  );
  const reached = (node: Node): Node[] => {
    const parts = 'BoolExpr' in node && node.BoolExpr.boolop !== 'NOT_EXPR' ? (node.BoolExpr.args ?? []) : [];
    return [node, ...parts.flatMap(reached)];
  };
  return [tree, ...wheres].flatMap(reached);
}

/** Whether it is a column that is `not null`: of the row, or of a table that a sub-select reads. */
export function isNeverNull(
  side: Node | undefined,
  tree: Node,
  relation: Relation,
  relations: readonly Relation[],
): boolean {
  const reference = uncast(side);
  const column = columnOf(reference);
  if (reference === undefined || column === undefined) return false;
  const of = isOwn(reference, relation) ? relation : readAs(qualifierOf(reference), tree, relations);
  return of?.columns.some(({ name, notNull }) => name === column && notNull) ?? false;
}

/** The table that is read under this name; undefined also where an outer join may have put nulls for its columns. */
function readAs(name: string | undefined, tree: Node, relations: readonly Relation[]): Relation | undefined {
  const nodes = [...nodesOf(tree)];
  if (nodes.some((node) => 'JoinExpr' in node && node.JoinExpr.jointype !== 'JOIN_INNER')) return undefined;
  const read = nodes.flatMap((node) => ('RangeVar' in node ? [node.RangeVar] : []));
  const found = read.filter(({ alias, relname }) => (alias?.aliasname ?? relname) === name);
  if (found.length !== 1) return undefined;
  const { schemaname = '', relname = '' } = found[0]!;
  return relations.find((one) => one.name === `${quoted(schemaname)}.${quoted(relname)}`);
}

/** Whether a column is the row's own: PostgreSQL qualifies those of the tables in a sub-select. */
export function isOwn(reference: Node, { name }: Relation): boolean {
  const qualifier = qualifierOf(reference);
  return qualifier === undefined || qualifier === columnOf(parseExpression(name));
}

/** The table of `tasks.owner_id`. */
function qualifierOf(reference: Node): string | undefined {
  const table = 'ColumnRef' in reference ? reference.ColumnRef.fields?.at(-2) : undefined;
  return table !== undefined && 'String' in table ? table.String.sval : undefined;
}

const uncast = (node: Node | undefined): Node | undefined =>
  node !== undefined && 'TypeCast' in node
    ? uncast(node.TypeCast.arg)
    : node !== undefined && 'CollateClause' in node
      ? uncast(node.CollateClause.arg)
      : node;
