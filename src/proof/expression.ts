/**
 * Predicates of policies as syntax trees, read and printed by PostgreSQL's own parser (libpg-query, compiled to WebAssembly). Knows nothing
 * of the catalog: a column is a name.
 */
import type { Node } from '@pgsql/types';
import { deparseSync, parseSync } from './parser.ts';

export type { Node };

/** The tree of an expression such as `pg_get_expr` prints it. */
export function parseExpression(text: string): Node {
  const [statement] = parseSync(`select ${text}`).stmts ?? [];
  const select = (statement?.stmt as { SelectStmt: { targetList: { ResTarget: { val: Node } }[] } }).SelectStmt;
  return select.targetList[0]!.ResTarget.val;
}

/** The SQL of a tree, on one line. */
export const printExpression = (node: Node): string => deparseSync(node, { pretty: false });

/** What all has to hold: the arguments of the outermost `and`, those of an `and` inside it among them; otherwise the expression itself. */
export const conjunctsOf = (node: Node): Node[] => argumentsOf(node, 'AND_EXPR');

/** Of which one has to hold: likewise for `or`. */
export const disjunctsOf = (node: Node): Node[] => argumentsOf(node, 'OR_EXPR');

function argumentsOf(node: Node, operator: 'AND_EXPR' | 'OR_EXPR'): Node[] {
  if (!('BoolExpr' in node) || node.BoolExpr.boolop !== operator) return [node];
  return (node.BoolExpr.args ?? []).flatMap((argument) => argumentsOf(argument, operator));
}

/** All trees that hold: `a and b`. Of one, itself; of none, `true`. */
export const allOf = (nodes: Node[]): Node => combine(nodes, 'AND_EXPR', true);

/** One of the trees holds: `a or b`. Of one, itself; of none, `false`. */
export const anyOf = (nodes: Node[]): Node => combine(nodes, 'OR_EXPR', false);

function combine(nodes: Node[], boolop: 'AND_EXPR' | 'OR_EXPR', ofNone: boolean): Node {
  if (nodes.length === 0) return { A_Const: { boolval: { boolval: ofNone } } };
  return nodes.length === 1 ? nodes[0]! : { BoolExpr: { boolop, args: nodes } };
}

/** Every node of a tree, outermost first, those of subqueries among them. */
export function* nodesOf(node: unknown): Generator<Node> {
  if (Array.isArray(node)) for (const item of node) yield* nodesOf(item);
  else if (typeof node === 'object' && node !== null) {
    // A node is an object with one member, named after its kind in capitals; what it holds is in small letters.
    const [kind, ...others] = Object.keys(node);
    if (kind !== undefined && others.length === 0 && /^[A-Z]/.test(kind)) yield node as Node;
    for (const part of Object.values(node)) yield* nodesOf(part);
  }
}

/** A copy of a tree, or of a whole statement, in which some nodes are others. */
export function rewrite<Tree>(tree: Tree, change: (node: Node) => Node | undefined): Tree {
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return change(part as Node) ?? Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(tree) as Tree;
}

/**
 * The columns of the row itself that are compared, by `=` in a conjunct, with something that depends on no column: the claim. These
 * say whose the row is: `owner_id = current_user_id()`, `(select auth.uid()) = user_id`.
 */
export function ownerColumns(predicate: Node): string[] {
  return conjunctsOf(predicate).flatMap((conjunct) => {
    if (!('A_Expr' in conjunct) || conjunct.A_Expr.kind !== 'AEXPR_OP' || operatorOf(conjunct) !== '=') return [];
    const { lexpr, rexpr } = conjunct.A_Expr;
    const column = columnOf(lexpr) ?? columnOf(rexpr);
    const other = columnOf(lexpr) === undefined ? lexpr : rexpr;
    return column !== undefined && isClaim(other) ? [column] : [];
  });
}

/**
 * The columns by which the rows that pass can be found: those of `ownerColumns`, and those that a conjunct compares with a set which
 * depends on no column of the row: `team_id in (select team_id from members where …)`, `team_id = any (my_teams())`.
 */
export function searchableColumns(predicate: Node): string[] {
  const inSets = conjunctsOf(predicate).flatMap((conjunct) => {
    if ('SubLink' in conjunct && conjunct.SubLink.subLinkType === 'ANY_SUBLINK') {
      return columnOf(conjunct.SubLink.testexpr) ?? [];
    }
    if ('A_Expr' in conjunct && conjunct.A_Expr.kind === 'AEXPR_OP_ANY' && operatorOf(conjunct) === '=') {
      return isClaim(conjunct.A_Expr.rexpr) ? (columnOf(conjunct.A_Expr.lexpr) ?? []) : [];
    }
    return [];
  });
  return [...ownerColumns(predicate), ...inSets];
}

/** The operator of an `A_Expr`, such as `=`. */
export function operatorOf(node: { A_Expr: { name?: Node[] } }): string | undefined {
  const last = node.A_Expr.name?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

/** The column that the node is, past casts and collations: the last of `owner_id`, `tasks.owner_id`. */
export function columnOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('TypeCast' in node) return columnOf(node.TypeCast.arg);
  if ('CollateClause' in node) return columnOf(node.CollateClause.arg);
  if (!('ColumnRef' in node)) return undefined;
  const last = node.ColumnRef.fields?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

/** Whether it asks something and depends on no column: a call or `current_user`, also in a sub-select that reads no table. */
function isClaim(node: Node | undefined): boolean {
  const nodes = [...nodesOf(node)];
  return (
    nodes.some((part) => 'FuncCall' in part || 'SQLValueFunction' in part) &&
    !nodes.some((part) => 'ColumnRef' in part || 'RangeVar' in part)
  );
}
