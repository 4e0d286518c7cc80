/** Faults in one predicate: `true`, a conjunct too few, another column, another operator. */
import type { Relation } from '../catalog.ts';
import {
  allOf,
  columnOf,
  conjunctsOf,
  nodesOf,
  operatorOf,
  ownerColumns,
  parseExpression,
  printExpression,
  rewrite,
  type Node,
} from '../expression.ts';

export type Fault = {
  /** Such as `without (deleted_at IS NULL)`. */
  what: string;
  predicate: string;
  equivalent?: string;
};

/** All faults of a predicate of a policy on this relation, each another predicate. */
export function faultsOf(predicate: string, relation: Relation): Fault[] {
  const tree = parseExpression(predicate);
  if (printExpression(tree) === 'true') return [];
  return [
    { what: 'true', predicate: 'true' },
    { what: 'or true', predicate: `${predicate} or true` },
    ...withoutConjuncts(tree),
    ...withAnotherOwner(tree, relation),
    ...withAnotherOperator(tree, relation),
  ];
}

function withoutConjuncts(tree: Node): Fault[] {
  const conjuncts = conjunctsOf(tree);
  if (conjuncts.length < 2) return [];
  return conjuncts.map((dropped) => ({
    what: `without ${printExpression(dropped)}`,
    predicate: printExpression(allOf(conjuncts.filter((conjunct) => conjunct !== dropped))),
  }));
}

/** The owner's column swapped for another of the same type that is not computed. */
function withAnotherOwner(tree: Node, { columns }: Relation): Fault[] {
  return ownerColumns(tree).flatMap((owner) => {
    const type = columns.find(({ name }) => name === owner)?.type;
    const other = columns.find((column) => column.type === type && column.name !== owner && !column.generated);
    if (other === undefined) return [];
    const swapped = rewrite(tree, (node) => {
      if (!('ColumnRef' in node) || columnOf(node) !== owner) return undefined;
      const fields = [...(node.ColumnRef.fields ?? []).slice(0, -1), { String: { sval: other.name } }];
      return { ColumnRef: { fields } };
    });
    return { what: `${other.name} for ${owner}`, predicate: printExpression(swapped) };
  });
}

/** Each `=` as `<>` and as `is not distinct from`, which lets null equal null. */
function withAnotherOperator(tree: Node, { columns }: Relation): Fault[] {
  const equalities = [...nodesOf(tree)].filter(isEquality);
  return equalities.flatMap((equality) => {
    const where = printExpression(equality);
    const { lexpr, rexpr } = equality.A_Expr;
    const changed = (A_Expr: object) =>
      printExpression(rewrite(tree, (node) => (node === equality ? { A_Expr } : undefined)));
    const neverNull = [lexpr, rexpr]
      .map(columnOf)
      .find((name) => columns.some((column) => column.name === name && column.notNull));
    return [
      { what: `<> in ${where}`, predicate: changed({ ...equality.A_Expr, name: [{ String: { sval: '<>' } }] }) },
      {
        what: `is not distinct from in ${where}`,
        predicate: changed({ ...equality.A_Expr, kind: 'AEXPR_NOT_DISTINCT' }),
        ...(neverNull !== undefined && {
          equivalent: `${neverNull} is never null, and the two differ only where both sides are`,
        }),
      },
    ];
  });
}

type Equality = Node & { A_Expr: { name?: Node[]; lexpr?: Node; rexpr?: Node } };

const isEquality = (node: Node): node is Equality =>
  'A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP' && operatorOf(node) === '=';
