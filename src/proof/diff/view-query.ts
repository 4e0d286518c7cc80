/** The query of a view, the same from every PostgreSQL: before 16 it named the one table before each column, since then it does not. */
import { nodesOf, type Node } from '../expression.ts';
import { deparseSync, parseSync } from '../parser.ts';

/** Leaves the name of the table out where there is only one; a query of another shape is left as it is, since all versions agree on it. */
export function normaliseQuery(query: string): string {
  const { stmts } = parseSync(query);
  const select = (stmts?.[0]?.stmt as { SelectStmt?: { fromClause?: Node[] } } | undefined)?.SelectStmt;
  const from = select?.fromClause;
  if (!from || from.length !== 1 || 'JoinExpr' in from[0]!) return query.trim().replace(/;$/, '');
  // In a sub-select every column has its table before it, whichever version.
  const within = new Set(
    [...nodesOf(select)]
      .filter((node) => 'SubLink' in node || 'RangeSubselect' in node)
      .flatMap((node) => [...nodesOf(node)]),
  );
  for (const node of nodesOf(select)) {
    if (within.has(node) || !('ColumnRef' in node) || node.ColumnRef.fields?.length !== 2) continue;
    if (!('A_Star' in node.ColumnRef.fields[1]!)) node.ColumnRef.fields = [node.ColumnRef.fields[1]!];
  }
  return deparseSync(stmts![0]!.stmt!, { pretty: true }).trim();
}
