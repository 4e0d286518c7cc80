/** Connection URLs: what they name, and the same URL for another role or database. */
import { OperatorError } from '../errors.ts';

export type DatabaseUrl = { user: string; password: string | undefined; database: string };

/**
 * The role, password and database that a connection URL names.
 * @param variable the variable that it came from, for the error
 * @throws OperatorError when one of user and database is absent
 */
export function readDatabaseUrl(url: string, variable: string): DatabaseUrl {
  const parsed = new URL(url);
  const user = decodeURIComponent(parsed.username);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (user === '' || database === '') {
    throw new OperatorError(`${variable} must name a role and a database: postgres://role:password@host:5432/database`);
  }
  return { user, password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password), database };
}

/** The same server, with another database and, when given, another role. */
export function onDatabase(url: string, database: string, as?: { user: string; password: string }): string {
  const parsed = new URL(url);
  parsed.pathname = `/${encodeURIComponent(database)}`;
  if (as) {
    parsed.username = encodeURIComponent(as.user);
    parsed.password = encodeURIComponent(as.password);
  }
  return parsed.href;
}

/** The URL without its password, for messages and logs. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = '';
  return parsed.href;
}
