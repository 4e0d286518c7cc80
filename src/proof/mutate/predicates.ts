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
import { filters, isNeverNull, isOwn } from './nulls.ts';

export type Fault = {
  /** Such as `without (deleted_at IS NULL)`. */
  what: string;
  predicate: string;
  equivalent?: string;
};

/**
 * All faults of a predicate of a policy on this relation, each another predicate.
 * @param relations those that sub-selects may read
 */
export function faultsOf(predicate: string, relation: Relation, relations: readonly Relation[] = []): Fault[] {
  const tree = parseExpression(predicate);
  if (printExpression(tree) === 'true') return [];
  return [
    { what: 'true', predicate: 'true' },
    { what: 'or true', predicate: `${predicate} or true` },
    ...withoutConjuncts(tree),
    ...withAnotherOwner(tree, relation),
    ...withAnotherOperator(tree, relation, relations),
  ];
}

function withoutConjuncts(tree: Node): Fault[] {
  const conjuncts = conjunctsOf(tree);
  // What is asked twice goes at once: without one of the two nothing would change.
  const asked = new Map(conjuncts.map((conjunct) => [printExpression(conjunct), conjunct]));
  if (asked.size < 2) return [];
  return [...asked.keys()].map((dropped) => ({
    what: `without ${dropped}`,
    predicate: printExpression(allOf([...asked].flatMap(([text, conjunct]) => (text === dropped ? [] : [conjunct])))),
  }));
}

/** The owner's column swapped for another of the same type that is not computed. */
function withAnotherOwner(tree: Node, relation: Relation): Fault[] {
  const { columns } = relation;
  return ownerColumns(tree).flatMap((owner) => {
    const type = columns.find(({ name }) => name === owner)?.type;
    const other = columns.find((column) => column.type === type && column.name !== owner && !column.generated);
    if (other === undefined) return [];
    const swapped = rewrite(tree, (node) => {
      if (!('ColumnRef' in node) || columnOf(node) !== owner || !isOwn(node, relation)) return undefined;
      const fields = [...(node.ColumnRef.fields ?? []).slice(0, -1), { String: { sval: other.name } }];
      return { ColumnRef: { fields } };
    });
    return { what: `${other.name} for ${owner}`, predicate: printExpression(swapped) };
  });
}

/** Each `=` as `<>` and as `is not distinct from`, which lets null equal null. */
function withAnotherOperator(tree: Node, relation: Relation, relations: readonly Relation[]): Fault[] {
  const equalities = [...nodesOf(tree)].filter(isEquality);
  const filtering = new Set(filters(tree));
  return equalities.flatMap((equality) => {
    const where = printExpression(equality);
    const { lexpr, rexpr, name = [] } = equality.A_Expr;
    const changed = (A_Expr: object) =>
      printExpression(rewrite(tree, (node) => (node === equality ? { A_Expr } : undefined)));
    const neverNull = filtering.has(equality)
      ? [lexpr, rexpr].find((side) => isNeverNull(side, tree, relation, relations))
      : undefined;
    return [
      {
        what: `<> in ${where}`,
        // Of the same schema as the other: `operator(extensions.=)`.
        predicate: changed({ ...equality.A_Expr, name: name.with(-1, { String: { sval: '<>' } }) }),
      },
      {
        what: `is not distinct from in ${where}`,
        predicate: changed({ ...equality.A_Expr, kind: 'AEXPR_NOT_DISTINCT' }),
        ...(neverNull !== undefined && {
          equivalent: `${columnOf(neverNull)} is never null, and the two differ only where both sides are`,
        }),
      },
    ];
  });
}

type Equality = Node & { A_Expr: { name?: Node[]; lexpr?: Node; rexpr?: Node } };

const isEquality = (node: Node): node is Equality =>
  'A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP' && operatorOf(node) === '=';
