/** The statements of a file of SQL, so that what comes after the first that fails need not run. */
import { parseSync } from '../parser.ts';

type Parsed = { stmts?: { stmt_location?: number; stmt_len?: number }[] };

/** One by one, as they are written; all as one where the parser does not understand them. */
export function statementsOf(sql: string): string[] {
  // The parser counts bytes.
  const bytes = Buffer.from(sql);
  try {
    const { stmts = [] } = parseSync(sql) as Parsed;
    return stmts.map(({ stmt_location: start = 0, stmt_len: length }) =>
      bytes.subarray(start, length === undefined ? undefined : start + length).toString(),
    );
  } catch {
    return [sql];
  }
}
