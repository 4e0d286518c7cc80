/** `hedgerow psql`: psql on the configured database, as the owner, as an administrator who looks, or as one user, under row-level security. */
import { spawn } from 'node:child_process';
import { isSubject } from '../auth/identity.ts';
import { parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { visitorRole } from '../database/roles.ts';
import { withoutPassword } from '../database/url.ts';
import { OperatorError } from '../errors.ts';
import type { Environment } from './environment.ts';

export type PsqlOptions = {
  /** Look, as an administrator, and write nothing. */
  admin: boolean;
  /** The subject to be; with `admin`, the one whose rows alone are looked at. */
  as?: string;
};

/**
 * Runs psql until it ends. Without options it is the owner of the schema, whom row-level security shows no rows.
 * @param args are handed on to psql
 * @returns psql's exit code
 * @throws OperatorError when there is no psql
 */
export async function psql(env: Environment, { admin, as }: PsqlOptions, args: string[]): Promise<number> {
  if (as !== undefined && !isSubject(as)) throw new OperatorError('A subject has 1 to 255 characters.');
  const database = await openDatabase(parseConfig(env, admin ? 'admin' : as === undefined ? 'psql' : 'psqlAs'));
  try {
    const url = admin ? database.inspectorUrl! : as === undefined ? database.ownerUrl! : database.apiUrl!;
    // An administrator stays one: their policies follow the subject of the session.
    const options = [
      ...(as !== undefined && !admin ? [`-c role=${visitorRole}`] : []),
      ...(as !== undefined ? [`-c jwt.claims.sub=${escapeOption(as)}`] : []),
    ];
    return await run([withoutPassword(url), '--set', `PROMPT1=${prompt({ admin, as })}`, ...args], {
      ...env,
      PGPASSWORD: decodeURIComponent(new URL(url).password),
      ...(options.length > 0 && { PGOPTIONS: options.join(' ') }),
    });
  } finally {
    await database.release();
  }
}

/** Who one is, before the database: `owner@hedgerow=> `, `alice@…`, `admin@…`, `admin as alice@…`. */
function prompt({ admin, as }: PsqlOptions): string {
  const who = admin ? ['admin', ...(as === undefined ? [] : ['as', as])].join(' ') : (as ?? 'owner');
  return `${who.replaceAll('%', '%%')}@%/%R%x%# `;
}

/** A value in PGOPTIONS ends at white space, and a backslash takes the meaning of the character after it. */
const escapeOption = (value: string) => value.replaceAll(/[\\\s]/g, String.raw`\$&`);

function run(args: string[], env: Environment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('psql', args, { stdio: 'inherit', env });
    // Ctrl-C is psql's while it runs: it cancels a statement.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.off('SIGINT', ignore);
      reject(
        error.code === 'ENOENT'
          ? new OperatorError(
              'psql is not installed. It comes with the PostgreSQL client: apt-get install postgresql-client, dnf install postgresql, or brew install libpq.',
            )
          : error,
      );
    });
    child.once('close', (code) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
}
