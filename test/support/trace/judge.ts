/**
 * The judge of a trace: every statement of the API that may touch users' data ran in a transaction whose first statement set the visitor's role
 * and a subject, for that transaction only, whether it was begun by `begin` or is one flight; and the login that keeps accounts never touched them. Pure: statements in, verdict out.
 */
import { allowed, readsCatalogOnly } from './allowed.ts';
import { isDeliberate } from './deliberate.ts';
import { shapeOf } from './shape.ts';
import { parametersOf, type Statement } from './statements.ts';

export type Verdict = {
  /** How many statements were inside the fence. */
  fenced: number;
  /** How many were asked outside of it in a transaction that had failed: they are not run. */
  unheard: number;
  /** How many tests asked outside of it on purpose, and say why (deliberate.ts). */
  deliberate: number;
  /** What is wrong, the statement and why, and how often. */
  faults: Map<string, number>;
};

export type Judge = { judge(statement: Statement): void; verdict: Verdict };

type Settings = { role?: string; sub?: string };

/** How far a transaction has come; undefined outside of one. A flight has a name, which ends with it. */
type Transaction = { statements: number; settings?: Settings; flight?: string };

/** What @dataplan/pg sets after `begin`; the last argument of set_config makes it local. */
const settingsOfTransaction = 'select set_config(el->>0, el->>1, true) from json_array_elements($1::json) el';

/** What a flight begins with. */
const settingsOfFlight = /^select (set_config\('[\w.]+', \$\d+, true\)(, (?=s)|$))+$/;

/** Judges the statements of the API's login, in their order. */
export function judgeApi(visitor: string): Judge {
  const verdict = noVerdict();
  const transactions = new Map<string, Transaction>();

  function judge(statement: Statement): void {
    const { session, text } = statement;
    if (transactions.get(session)?.flight !== undefined && transactions.get(session)!.flight !== statement.transaction)
      transactions.delete(session);
    const transaction = transactions.get(session);
    const isFirst = transaction?.statements === 0;
    if (transaction) transaction.statements += 1;
    const shape = shapeOf(text);

    if (shape === 'begin' && !transaction) {
      // One that was cancelled has begun nothing.
      if (statement.error === undefined) transactions.set(session, { statements: 0 });
      return;
    }
    if (shape === 'end') return void transactions.delete(session);
    if (shape === 'savepoint' && transaction) return;
    if (text === settingsOfTransaction && transaction && isFirst) {
      if (statement.error === undefined) transaction.settings = settingsIn(statement);
      return;
    }
    if (settingsOfFlight.test(text) && !transaction && statement.transaction !== undefined) {
      const settings = statement.error === undefined ? settingsIn(statement) : undefined;
      transactions.set(session, { statements: 1, settings, flight: statement.transaction });
      return;
    }
    // Where a transaction begins and ends in there is not known: what follows is outside, until the next one begins.
    if (shape === 'several') transactions.delete(session);
    if (shape !== 'several' && isAllowed(text)) return;

    if (isDeliberate(text)) return void (verdict.deliberate += 1);
    const fault =
      shape === 'several'
        ? 'several statements in one message'
        : shape === 'begin'
          ? 'begins a transaction in a transaction'
          : faultOf(shape === 'settings', transaction, visitor);
    if (fault === undefined) verdict.fenced += 1;
    else if (shape !== 'several' && isUnheard(statement)) verdict.unheard += 1;
    else tell(verdict, fault, text);
  }
  return { judge, verdict };
}

/**
 * Judges the statements of the login that keeps accounts. Its search path is its own schema, so it may ask what it likes as long as it names
 * none of those where users' data lies, and stays who it is.
 */
export function judgeAccounts(): Judge {
  const verdict = noVerdict();
  function judge(statement: Statement): void {
    const { text } = statement;
    const fault = /\bapp_(public|hidden|private)\b/i.test(text)
      ? 'names a schema of users’ data'
      : shapeOf(text) === 'settings' && !isAllowed(text)
        ? 'changes settings'
        : undefined;
    if (fault === undefined) verdict.fenced += 1;
    else if (isDeliberate(text)) verdict.deliberate += 1;
    else tell(verdict, fault, text);
  }
  return { judge, verdict };
}

const noVerdict = (): Verdict => ({ fenced: 0, unheard: 0, deliberate: 0, faults: new Map() });

const isAllowed = (text: string): boolean =>
  allowed.some(({ pattern }) => pattern.test(text)) || readsCatalogOnly(text);

/** 25P02: the transaction has failed, and PostgreSQL hears of nothing but its end. Any other error may come after some rows. */
const isUnheard = ({ error }: Statement): boolean => error === '25P02';

function tell(verdict: Verdict, fault: string, text: string): void {
  const line = `${fault}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`;
  verdict.faults.set(line, (verdict.faults.get(line) ?? 0) + 1);
}

function faultOf(changesSettings: boolean, transaction: Transaction | undefined, visitor: string): string | undefined {
  if (!transaction) return 'outside a transaction';
  if (changesSettings) return 'changes settings after they were made';
  if (!transaction.settings) return 'before the settings';
  if (transaction.settings.role !== visitor) return 'without the role of the visitor';
  if (transaction.settings.sub === undefined) return 'without a subject';
  return undefined;
}

/** What the settings statement was given: a list of names and values, or the values alone, of which the text has the names. */
function settingsIn(statement: Statement): Settings | undefined {
  const values = parametersOf(statement);
  const entries = settingsOfFlight.test(statement.text)
    ? [...statement.text.matchAll(/'([\w.]+)', \$(\d+)/g)].map(([, name, at]) => [name, values[Number(at) - 1]])
    : values[0] && (JSON.parse(values[0]) as [string, string][]);
  if (!entries) return undefined;
  const { role, 'jwt.claims.sub': sub } = Object.fromEntries(entries) as Record<string, string>;
  return { role, sub };
}
