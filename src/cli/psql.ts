/** `hedgerow psql`: psql on the configured database, as the owner, or as one user, under row-level security. */
import { spawn } from 'node:child_process';
import { isSubject } from '../auth/identity.ts';
import { parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { visitorRole } from '../database/roles.ts';
import { withoutPassword } from '../database/url.ts';
import { OperatorError } from '../errors.ts';
import type { Environment } from './environment.ts';

/**
 * Runs psql until it ends.
 * @param as the subject to be; without it, the owner of the schema (whom row-level security shows no rows)
 * @param args are handed on to psql
 * @returns psql's exit code
 * @throws OperatorError when there is no psql
 */
export async function psql(env: Environment, as: string | undefined, args: string[]): Promise<number> {
  if (as !== undefined && !isSubject(as)) throw new OperatorError('A subject has 1 to 255 characters.');
  const database = await openDatabase(parseConfig(env, as === undefined ? 'psql' : 'psqlAs'));
  try {
    const url = as === undefined ? database.ownerUrl! : database.apiUrl!;
    const who = as ?? 'owner';
    return await run([withoutPassword(url), '--set', `PROMPT1=${who.replaceAll('%', '%%')}@%/%R%x%# `, ...args], {
      ...env,
      PGPASSWORD: decodeURIComponent(new URL(url).password),
      ...(as !== undefined && { PGOPTIONS: `-c role=${visitorRole} -c jwt.claims.sub=${escapeOption(as)}` }),
    });
  } finally {
    await database.release();
  }
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
