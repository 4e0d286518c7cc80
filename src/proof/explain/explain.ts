/**
 * Why somebody sees a row, or does not: the functions of this folder are made as temporary ones, asked, and rolled back, so that they work on any
 * database and leave nothing there. Knows nothing of tasks.
 */
import type { ClientBase, DatabaseError } from 'pg';
import { OperatorError } from '../../errors.ts';
import type { Identity } from '../config.ts';
import { temporaryFunctions } from './functions.ts';

/** The commands that have policies. */
export const commands = ['select', 'insert', 'update', 'delete'] as const;
export type Command = (typeof commands)[number];

export type Question = {
  /** Who asks for the row. */
  identity: Identity;
  /** As SQL names it: `app_public.tasks`. */
  table: string;
  /** `{"column": "value"}`, `(a,b)` in the order of a key, or one value of any column that is part of a key. */
  key: string;
  command?: Command;
};

export type ExplanationLine = {
  /** 0 and up: a line is about the last one before it that has a lower depth. */
  depth: number;
  part: 'privilege' | 'row security' | 'note' | 'policy' | 'clause' | 'operand' | 'verdict';
  /** A grant, a policy, or the SQL of a clause or operand. */
  what: string;
  /** `true`, `false`, `null`, the value of an operand, or `error: ` and the message; of row security also `on` and `off`. */
  value: string;
};

/** `hidden`: as if it were not there; `refused`: with an error for lack of a grant or by `with check`; `fails`: a policy raises an error. */
export type Verdict = 'visible' | 'allowed' | 'hidden' | 'refused' | 'fails';

export type Explanation = Required<Question> & {
  verdict: Verdict;
  /** The verdict and its reason. */
  words: string;
  /** What leads there, in the order in which it reads as an explanation; the verdict is not among them. */
  lines: ExplanationLine[];
};

/**
 * Explains one command on one row, in a transaction of its own that is rolled back.
 * @param client connected as who sees every row and can become the identity's role: a superuser, as a rule; one who cannot gets a note
 * @throws OperatorError when there is no such table or row, the key fits none or several, or the client is not in the position to say
 */
export async function explain(client: ClientBase, question: Question): Promise<Explanation> {
  const { identity, table, key, command = 'select' } = question;
  await client.query('begin');
  try {
    await client.query(await temporaryFunctions());
    const relation = await findTable(client, table);
    const { rows } = await client.query<ExplanationLine>('select * from pg_temp.explain_row($1, $2, $3, $4, $5)', [
      relation,
      key,
      command,
      identity.role,
      JSON.stringify(identity.settings),
    ]);
    const verdict = rows.pop()!;
    if (verdict.value === 'missing') {
      throw new OperatorError(
        `There is no row of ${table} with the key ${key}: nobody sees it. Is it the right database, and the right key?`,
      );
    }
    return { identity, table, key, command, verdict: verdict.value as Verdict, words: verdict.what, lines: rows };
  } catch (error) {
    throw inWords(error as DatabaseError, table);
  } finally {
    await client.query('rollback');
  }
}

/** The table's oid: with it, the name is looked up once, as the client would. */
async function findTable(client: ClientBase, table: string): Promise<number> {
  const { rows } = await client.query<{ oid: number | null }>('select to_regclass($1)::oid as oid', [table]);
  const [found] = rows;
  if (found?.oid != null) return found.oid;
  throw new OperatorError(
    `There is no table ${table}. Write it with its schema, such as app_public.tasks; letters in capitals need double quotes.`,
  );
}

/** SQLSTATEs which stand for something that the person at the terminal can mend; those with a hint come from the functions themselves. */
const advice: Readonly<Record<string, string>> = {
  '22023': 'See docs/how-to/test-a-policy.md for the shapes of a key.',
  '25006':
    'The functions that explain are made and rolled back: connect to the primary, with write transactions allowed.',
  '42501': 'Connect as a superuser.',
  '42601': 'Write the table with its schema, such as app_public.tasks.',
  '42602': 'Write the table with its schema, such as app_public.tasks.',
  '42704': 'Name a role that is there.',
  '42809': 'Ask about a table.',
};

function inWords(error: DatabaseError, table: string): Error {
  const next = advice[error.code ?? ''];
  if (next === undefined) return error;
  return new OperatorError(`${table} cannot be explained: ${error.message} ${error.hint ?? next}`, { cause: error });
}
