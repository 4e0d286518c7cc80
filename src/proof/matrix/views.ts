/** Whether a view chooses rows by who asks. */
import type { Relation } from '../catalog.ts';
import { nodesOf, operatorOf } from '../expression.ts';
import { parseSync } from '../parser.ts';
import { isClaim, type Kind } from './predicate.ts';

/** `row` when a condition in the query compares something with a claim: a call or `current_user` that no column goes into. Otherwise `all`. */
export function viewKind({ query }: Relation): Kind {
  const statement = parseSync(query ?? 'select').stmts?.[0]?.stmt;
  const asks = [...nodesOf(statement)].some(
    (node) =>
      'A_Expr' in node && operatorOf(node) === '=' && (isClaim(node.A_Expr.lexpr) || isClaim(node.A_Expr.rexpr)),
  );
  return asks ? 'row' : 'all';
}
