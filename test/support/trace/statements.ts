/** The server's log (jsonlog) as statements: what a login asked, session by session, and whether PostgreSQL refused it. */

export type Statement = {
  /** Of the session: a login's connection from its start to its end. */
  session: string;
  text: string;
  /** The parameters as the log writes them: `$1 = '…', $2 = NULL`. */
  parameters: string;
  /** Whether an error came of it: then it has done nothing. */
  isRefused: boolean;
};

type Line = {
  user?: string;
  session_id?: string;
  error_severity: string;
  message: string;
  detail?: string;
  /** What an error came of. */
  statement?: string;
};

/** Takes lines of the log in their order; gives the statements of that login. Lines of others, and what is no statement, are left out. */
export function statementsOf(lines: Iterable<string>, user: string): Statement[] {
  const statements: Statement[] = [];
  const last = new Map<string, Statement>();
  for (const text of lines) {
    if (!text.includes(`"user":${JSON.stringify(user)}`)) continue;
    const line = JSON.parse(text) as Line;
    if (line.user !== user) continue;
    const session = line.session_id!;
    const [, asked] = /^(?:statement|execute [^:]*): ([^]*)$/.exec(line.message) ?? [];
    if (line.error_severity === 'LOG' && asked !== undefined) {
      const parameters = line.detail?.replace(/^parameters: /i, '') ?? '';
      const statement = { session, text: asked.trim(), parameters, isRefused: false };
      statements.push(statement);
      last.set(session, statement);
    }
    const statement = last.get(session);
    // An error of something that was never run, as one that does not parse, says nothing of the statement before it.
    if (line.error_severity === 'ERROR' && line.statement?.trim() === statement?.text && statement)
      statement.isRefused = true;
  }
  return statements;
}

/** The first parameter as text; undefined when there is none. */
export function firstParameter({ parameters }: Statement): string | undefined {
  const [, quoted] = /^\$1 = '((?:[^']|'')*)'/.exec(parameters) ?? [];
  return quoted?.replaceAll("''", "'");
}
