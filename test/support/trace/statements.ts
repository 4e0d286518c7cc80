/** The server's log (jsonlog) as statements: what a login asked, session by session, and whether PostgreSQL refused it. */
import { plantedPrefix } from '../database.ts';

export type Statement = {
  login: string;
  /** A login's connection from its start to its end. */
  session: string;
  /** The transaction that it ran in, by PostgreSQL's own count; statements of one flight (src/database/flight.ts) have the same. */
  transaction?: string;
  text: string;
  /** The parameters as the log writes them: `$1 = '…', $2 = NULL`. */
  parameters: string;
  /** The SQLSTATE of the error that came of it. */
  error?: string;
};

type Line = {
  user?: string;
  dbname?: string;
  session_id?: string;
  vxid?: string;
  error_severity: string;
  state_code?: string;
  message: string;
  detail?: string;
  /** What an error came of. */
  statement?: string;
};

export type Reader = {
  /** Takes a line of the log: lines come in their order. */
  read(line: string): void;
  /** No more lines come. */
  end(): void;
};

/**
 * Reads the statements of the logins out of a log, and passes each on as soon as it is known what came of it. Lines of others, and what is
 * no statement, are left out, and so are databases in which a test has planted something that breaks the fence. It remembers one statement for each session.
 */
export function readStatements(logins: string[], pass: (statement: Statement) => void): Reader {
  const last = new Map<string, Statement>();
  const marks = logins.map((login) => `"user":${JSON.stringify(login)}`);
  return {
    read(text) {
      if (!marks.some((mark) => text.includes(mark))) return;
      const line = JSON.parse(text) as Line;
      const { user: login, session_id: session } = line;
      if (login === undefined || session === undefined || !logins.includes(login)) return;
      if (line.dbname?.startsWith(plantedPrefix)) return;
      const [, asked] = /^(?:statement|execute .*?|fastpath function call): ([^]*)$/.exec(line.message) ?? [];
      const before = last.get(session);
      if (line.error_severity === 'LOG' && asked !== undefined) {
        if (before) pass(before);
        const parameters = line.detail?.replace(/^parameters: /i, '') ?? '';
        last.set(session, { login, session, transaction: line.vxid, text: asked.trim(), parameters });
      } else if (line.error_severity === 'ERROR' && before && line.statement?.trim() === before.text) {
        // An error of something that was never run, as one that does not parse, says nothing of the statement before it.
        before.error = line.state_code;
      }
    },
    end() {
      last.forEach(pass);
      last.clear();
    },
  };
}

/** The parameters as text, in their order; null is undefined. */
export const parametersOf = ({ parameters }: Statement): (string | undefined)[] =>
  [...parameters.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|NULL)(?:, |$)/g)].map(([, quoted]) =>
    quoted?.replaceAll("''", "'"),
  );
