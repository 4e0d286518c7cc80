/** The claims that policies compare columns with, and what they are for a user. */
import type { Identity } from '../config.ts';
import { parseExpression } from '../expression.ts';
import { becomeSql } from '../impersonate.ts';
import type { Facts } from './facts.ts';
import { claimsIn } from './predicate.ts';
import type { Stage } from './stage.ts';

/** `table column` → the claim, as SQL, that policies compare it with; also of the columns that such a column refers to. */
export function claimColumns(facts: Facts): Map<string, string> {
  const claims = new Map<string, string>();
  for (const { table, using, check } of facts.catalog.policies) {
    for (const text of [using, check]) {
      if (text === null) continue;
      for (const { column, claim } of claimsIn(parseExpression(text), facts.relation(table))) {
        if (!claims.has(`${table} ${column}`)) claims.set(`${table} ${column}`, claim);
      }
    }
  }
  for (let size = -1; size !== claims.size;) {
    size = claims.size;
    for (const { table, columns, target, targetColumns } of facts.foreignKeys) {
      for (const [index, column] of columns.entries()) {
        const claim = claims.get(`${table} ${column}`);
        const referred = `${target} ${targetColumns[index]}`;
        if (claim !== undefined && !claims.has(referred)) claims.set(referred, claim);
      }
    }
  }
  return claims;
}

/** What the claims are for this user; null of one that cannot be told. */
export async function evaluate(
  { client }: Stage,
  claims: Map<string, string>,
  identity: Identity,
): Promise<Map<string, string | null>> {
  const values = new Map<string, string | null>();
  for (const claim of new Set(claims.values())) {
    await client.query(`savepoint claim; ${becomeSql(identity)}`);
    const asked = client.query<{ value: string | null }>(`select (${claim})::text as value`);
    const value = await asked.then(
      ({ rows }) => rows[0]!.value,
      () => null,
    );
    await client.query('rollback to savepoint claim; release savepoint claim');
    for (const [column, its] of claims) if (its === claim) values.set(column, value);
  }
  return values;
}
