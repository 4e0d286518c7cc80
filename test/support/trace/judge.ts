/**
 * The judge of a trace: every statement of the API that may touch users' data ran in a transaction whose first statement set the visitor's role
 * and a subject, for that transaction only. Pure: statements in, verdict out.
 */
import { allowed, readsCatalogOnly } from './allowed.ts';
import { deliberate } from './deliberate.ts';
import { firstParameter, type Statement } from './statements.ts';

export type Verdict = {
  /** How many statements were inside the fence. */
  fenced: number;
  /** How many were refused by PostgreSQL outside of it, and so touched nothing. */
  refused: number;
  /** How many tests asked outside of it on purpose, by the list in deliberate.ts. */
  deliberate: number;
  /** What is wrong: the statement and why. */
  faults: string[];
};

/** How far a transaction has come; undefined outside of one. */
type Transaction = { statements: number; settings?: { role?: string; sub?: string } };

/** What PostGraphile begins a transaction with; the last argument of set_config makes it local. */
const settingsStatement = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el';

/** Judges the statements of one login, in their order. */
export function judge(statements: Statement[], visitor: string): Verdict {
  const verdict: Verdict = { fenced: 0, refused: 0, deliberate: 0, faults: [] };
  const transactions = new Map<string, Transaction>();
  for (const statement of statements) {
    const { session, text, isRefused } = statement;
    const transaction = transactions.get(session);
    const isFirst = transaction?.statements === 0;
    if (transaction) transaction.statements += 1;

    if (/^begin;?$/i.test(text)) transactions.set(session, { statements: 0 });
    else if (/^(commit|rollback);?$/i.test(text)) transactions.delete(session);
    else if (/^(savepoint|release savepoint|rollback to savepoint) \w+;?$/i.test(text)) continue;
    else if (text === settingsStatement && transaction && isFirst && !isRefused) {
      transaction.settings = settingsIn(statement);
    } else if (isAllowed(text)) continue;
    else {
      const fault = faultOf(text, transaction, visitor);
      if (fault === undefined) verdict.fenced += 1;
      else if (isRefused) verdict.refused += 1;
      else if (!transaction && deliberate.some(({ pattern }) => pattern.test(text))) verdict.deliberate += 1;
      else verdict.faults.push(`${fault}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`);
    }
  }
  return verdict;
}

const isAllowed = (text: string): boolean =>
  allowed.some(({ pattern }) => pattern.test(text)) || readsCatalogOnly(text);

function faultOf(text: string, transaction: Transaction | undefined, visitor: string): string | undefined {
  if (!transaction) return 'outside a transaction';
  if (/\bset_config\b|^(set|reset|discard)\b/i.test(text)) return 'changes settings after they were made';
  if (!transaction.settings) return 'before the settings';
  if (transaction.settings.role !== visitor) return 'without the role of the visitor';
  if (transaction.settings.sub === undefined) return 'without a subject';
  return undefined;
}

/** What the settings statement was given. */
function settingsIn(statement: Statement): Transaction['settings'] {
  const given = firstParameter(statement);
  if (given === undefined) return undefined;
  const { role, 'jwt.claims.sub': sub } = Object.fromEntries(JSON.parse(given) as [string, string][]);
  return { role, sub };
}
