/** What a predicate of a policy depends on, without running it: nothing, the row, the claims; and by which columns it tells rows apart. */
import type { ClientBase } from 'pg';
import type { Relation } from '../catalog.ts';
import { columnOf, conjunctsOf, disjunctsOf, nodesOf, operatorOf, printExpression, type Node } from '../expression.ts';

/**
 * `all` and `none` are constants. `row` looks at the row. `claim` looks at who asks alone (`auth.uid() is not null`): all rows or none.
 * `helper` is a bare call that is told nothing of the row (`is_admin()`): a user who is nothing special is expected to get nothing.
 */
export type Kind = 'all' | 'none' | 'row' | 'claim' | 'helper';

/** Of several that must hold. The order is that of what is left over: `row` stays a condition on rows whatever else is asked. */
export const both = (kinds: Kind[]): Kind =>
  (['none', 'row', 'helper', 'claim'] as const).find((kind) => kinds.includes(kind)) ?? 'all';

/** Of several of which one must hold. */
export const either = (kinds: Kind[]): Kind =>
  (['all', 'row', 'claim', 'helper'] as const).find((kind) => kinds.includes(kind)) ?? 'none';

/** The kind of a predicate of this relation. PostgreSQL is asked what an expression without columns and calls comes to. */
export async function kindOf(client: ClientBase, predicate: Node, relation: Relation): Promise<Kind> {
  const parts = async (nodes: Node[]) => {
    const kinds: Kind[] = [];
    for (const node of nodes) kinds.push(await kindOf(client, node, relation));
    return kinds;
  };
  const conjuncts = conjunctsOf(predicate);
  if (conjuncts.length > 1) return both(await parts(conjuncts));
  const disjuncts = disjunctsOf(predicate);
  if (disjuncts.length > 1) return either(await parts(disjuncts));
  if ('BoolExpr' in predicate && predicate.BoolExpr.boolop === 'NOT_EXPR') {
    const [kind] = await parts(predicate.BoolExpr.args ?? []);
    return kind === 'all' ? 'none' : kind === 'none' ? 'all' : kind!;
  }
  const nodes = [...nodesOf(predicate)];
  if (nodes.some((node) => isColumnOf(relation, node))) return 'row';
  if (!nodes.some((node) => 'FuncCall' in node || 'SQLValueFunction' in node || 'SubLink' in node)) {
    const { rows } = await client.query<{ holds: boolean | null }>(
      `select (${printExpression(predicate)})::boolean as holds`,
    );
    return rows[0]!.holds ? 'all' : 'none';
  }
  return isBareCall(predicate) ? 'helper' : 'claim';
}

/** `is_admin()`, also as `(select is_admin())`. */
function isBareCall(node: Node): boolean {
  if ('FuncCall' in node) return true;
  if (!('SubLink' in node) || node.SubLink.subLinkType !== 'EXPR_SUBLINK') return false;
  const select = (node.SubLink.subselect as { SelectStmt?: { fromClause?: Node[]; targetList?: Node[] } }).SelectStmt;
  const [target] = select?.targetList ?? [];
  return (
    select?.fromClause === undefined &&
    target !== undefined &&
    'ResTarget' in target &&
    isBareCall(target.ResTarget.val!)
  );
}

/** In a predicate with a sub-select PostgreSQL qualifies every column, so that a bare name is the row's. */
function isColumnOf(relation: Relation, node: Node): boolean {
  if (!('ColumnRef' in node)) return false;
  const names = (node.ColumnRef.fields ?? []).map((field) => ('String' in field ? field.String.sval : '*'));
  const table = relation.name.slice(relation.name.lastIndexOf('.') + 1).replaceAll('"', '');
  return names.length === 1 || names.at(-2) === table;
}

/**
 * The columns that say whose a row is, or to which group it belongs: those that the predicate compares for equality with something that is
 * no constant (a claim, a column of a sub-select, a set), and those that it hands to a helper. A flag such as `is_public` is none.
 */
export function keyColumns(predicate: Node, relation: Relation): string[] {
  const names = new Set(relation.columns.map(({ name }) => name));
  const keys = new Set<string>();
  const add = (node: Node | undefined) => {
    const bare = [...nodesOf(node)].find((part) => 'ColumnRef' in part);
    const column = columnOf(node);
    if (column !== undefined && names.has(column) && bare && isColumnOf(relation, bare)) keys.add(column);
  };
  for (const node of nodesOf(predicate)) {
    if ('A_Expr' in node && operatorOf(node) === '=') {
      const { lexpr, rexpr } = node.A_Expr;
      if (varies(rexpr)) add(lexpr);
      if (varies(lexpr)) add(rexpr);
    }
    if ('SubLink' in node && node.SubLink.subLinkType === 'ANY_SUBLINK') add(node.SubLink.testexpr);
  }
  for (const leaf of leavesOf(predicate)) {
    if ('FuncCall' in leaf) for (const argument of leaf.FuncCall.args ?? []) add(argument);
  }
  return [...keys];
}

const leavesOf = (node: Node): Node[] => {
  const parts = 'BoolExpr' in node ? (node.BoolExpr.args ?? []) : [];
  return parts.length === 0 ? [node] : parts.flatMap(leavesOf);
};

const varies = (node: Node | undefined): boolean =>
  [...nodesOf(node)].some(
    (part) => 'FuncCall' in part || 'SQLValueFunction' in part || 'ColumnRef' in part || 'SubLink' in part,
  );

/** Whether it asks something that no column goes into: `auth.uid()`, `current_user`, also in a sub-select without a table. */
export const isClaim = (node: Node | undefined): boolean =>
  varies(node) && ![...nodesOf(node)].some((part) => 'ColumnRef' in part || 'RangeVar' in part);

/** Column and claim, as SQL, of every comparison of a column of the row with a claim, wherever it stands. */
export function claimsIn(predicate: Node, relation: Relation): { column: string; claim: string }[] {
  return [...nodesOf(predicate)].flatMap((node) => {
    if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || operatorOf(node) !== '=') return [];
    const { lexpr, rexpr } = node.A_Expr;
    const [column, claim] = isClaim(rexpr) ? [lexpr, rexpr] : [rexpr, lexpr];
    const name = columnOf(column);
    const reference = [...nodesOf(column)].find((part) => 'ColumnRef' in part);
    if (name === undefined || !isClaim(claim) || !reference || !isColumnOf(relation, reference)) return [];
    return [{ column: name, claim: printExpression(claim!) }];
  });
}

/** Whether the predicate looks at this column of the row. */
export const looksAt = (predicate: Node, relation: Relation, column: string): boolean =>
  [...nodesOf(predicate)].some((node) => isColumnOf(relation, node) && [column, undefined].includes(columnOf(node)));
