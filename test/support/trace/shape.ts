/** What a message to the server consists of, as PostgreSQL's own parser reads it. */
import { parseSync } from '../../../src/proof/parser.ts';

export type Shape =
  /** `commit and chain` and two-phase commits are among the others: the API has no use for them. */
  | 'begin'
  | 'end'
  | 'savepoint'
  /** It changes what the session or the transaction is, or may: `set`, `reset`, `discard`, a `do` block, a call of set_config. */
  | 'settings'
  | 'other'
  /** Several statements in one message: which of them an error came of, and where a transaction begins or ends, cannot be told. */
  | 'several';

type Tree = { stmts?: { stmt: Record<string, unknown> }[] };

const transactions: Record<string, Shape> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'end',
  TRANS_STMT_ROLLBACK: 'end',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
  TRANS_STMT_ROLLBACK_TO: 'savepoint',
};
const changing = ['VariableSetStmt', 'DiscardStmt', 'DoStmt'];

/** What the text is. What does not parse is `several`: nothing is known of it. */
export const shapeOf = remembered((text): Shape => {
  const statements = parse(text);
  if (statements.length !== 1) return 'several';
  const [[kind, tree]] = Object.entries(statements[0]!) as [[string, { kind?: string; chain?: boolean }]];
  if (kind === 'TransactionStmt') return (!tree.chain && transactions[tree.kind!]) || 'several';
  return changing.includes(kind) || /\bset_config\b/i.test(text) ? 'settings' : 'other';
});

export type Names = {
  /** Of the statement and those within it, as PostgreSQL's parser calls them; locks and `into` are among them. */
  kinds: string[];
  /** With their schemas, as far as they are named. */
  relations: string[];
  functions: string[];
};

/** All that a text names, at any depth. */
export const namesOf = remembered((text): Names => {
  const names: Names = { kinds: [], relations: [], functions: [] };
  collect(parse(text), names);
  return names;
});

function collect(tree: unknown, names: Names): void {
  if (typeof tree !== 'object' || tree === null) return;
  for (const [key, value] of Object.entries(tree)) {
    if (/Stmt$|^LockingClause$|^intoClause$/.test(key)) names.kinds.push(key);
    if (key === 'RangeVar') {
      const { schemaname, relname } = value as { schemaname?: string; relname: string };
      names.relations.push(schemaname === undefined ? relname : `${schemaname}.${relname}`);
    }
    if (key === 'funcname') {
      names.functions.push((value as { String: { sval: string } }[]).map(({ String: { sval } }) => sval).join('.'));
    }
    collect(value, names);
  }
}

function parse(text: string): Record<string, unknown>[] {
  try {
    return ((parseSync(text) as Tree).stmts ?? []).map(({ stmt }) => stmt);
  } catch {
    return [];
  }
}

/** The same few hundred texts come again and again. */
function remembered<Found>(find: (text: string) => Found): (text: string) => Found {
  const known = new Map<string, Found>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size > 10_000) known.clear();
    const found = find(text);
    known.set(text, found);
    return found;
  };
}
