/** One connection outside the pool, for commands; and what a failed connection means, in words. */
import pg from 'pg';
import { OperatorError } from '../errors.ts';
import { withoutPassword } from './url.ts';

/** The oldest major version of PostgreSQL that will do: views that run with the caller's rights (security_invoker) came with it. */
const oldestMajor = 15;

/**
 * Opens a connection. The caller ends it.
 * @param variable the variable that the URL came from, for the error
 * @throws OperatorError when the server cannot be reached, refuses the login or is too old
 */
export async function connect(url: string, variable: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'hedgerow',
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener the loss of the connection would end the process; the next query tells of it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw explainConnectionError(error, url, variable);
  }
  const { rows } = await client.query<{ major: number }>(
    "select current_setting('server_version_num')::int / 10000 as major",
  );
  try {
    assertSupported(rows[0]!.major, variable);
  } catch (error) {
    await client.end();
    throw error;
  }
  return client;
}

/** @throws OperatorError when PostgreSQL of this major version is too old */
export function assertSupported(major: number, variable: string): void {
  if (major >= oldestMajor) return;
  throw new OperatorError(
    `The server of ${variable} is PostgreSQL ${major}, and Hedgerow needs ${oldestMajor} or newer. Upgrade it, or name another.`,
  );
}

/** Whether a later try may succeed: the server is not there (yet), or is starting or stopping. */
export function isTemporary(error: unknown): boolean {
  const code = codeOf(error);
  // 57P03 cannot_connect_now, 57P01-2 shutdowns, 53300 too_many_connections; the others come from the operating system.
  return [
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'ENOENT',
    '57P01',
    '57P02',
    '57P03',
    '53300',
  ].includes(code);
}

/** The error of a failed connection as a sentence that says what to do next; the password is left out. */
export function explainConnectionError(error: unknown, url: string, variable: string): OperatorError {
  const place = `${variable} (${withoutPassword(url)})`;
  const text = error instanceof Error ? error.message : String(error);
  const explanation: Record<string, string> = {
    '28P01': `The password in ${place} is wrong, or the role does not exist. Run "hedgerow bootstrap" to create the roles.`,
    '28000': `The server refuses the login of ${place}: ${text}. Look at its pg_hba.conf.`,
    '3D000': `The database of ${place} does not exist. Run "hedgerow bootstrap" to create it.`,
    '42501': `The role of ${place} may not connect to this database. Run "hedgerow bootstrap".`,
    ECONNREFUSED: `No PostgreSQL answers at ${place}. Is it running, and is the port right?`,
    ENOTFOUND: `The host of ${place} is not known.`,
  };
  return new OperatorError(explanation[codeOf(error)] ?? `Cannot connect to ${place}: ${text}`, { cause: error });
}

function codeOf(error: unknown): string {
  // A host name with several addresses fails with one error for each.
  const single: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = (single as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
