/** All figures, in one transaction that only reads: they fit each other, and are those of one moment. What the server counts has its own. */
import type pg from 'pg';
import { OperatorError } from '../../../errors.ts';
import type { Figures } from '../report.ts';
import { readIdleSessions, readMigrations, readPlace, readStatements, readWaitingLocks } from './server.ts';
import { readIndexes, readTables } from './tables.ts';
import { readArrivals, readTaskDays, readUsers } from './users.ts';

/**
 * Reads them. The transaction is ended.
 * @param client a login of administrators who look
 * @throws OperatorError when the views are not there, are not for this login, or take too long
 */
export async function readFigures(client: pg.Client): Promise<Figures> {
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    // So that names of tables come with their schema.
    await client.query("set local search_path = ''");
    return {
      place: await readPlace(client),
      ...(await readUsers(client)),
      arrivals: await readArrivals(client),
      taskDays: await readTaskDays(client),
      tables: await readTables(client),
      statements: await readStatements(client),
      indexes: await readIndexes(client),
      waitingLocks: await readWaitingLocks(client),
      idleSessions: await readIdleSessions(client),
      migrations: await readMigrations(client),
    };
  } catch (error) {
    throw explain(error);
  } finally {
    // Fails where the connection is lost, which is told by what was asked before.
    await client.query('rollback').catch(() => {});
  }
}

function explain(error: unknown): unknown {
  const { code, message } = error as pg.DatabaseError;
  const explanations: Record<string, string> = {
    '42P01': `The database lacks what administrators look with (${message}). Run "hedgerow migrate".`,
    '42501': `The login of HEDGEROW_INSPECTOR_URL may not look (${message}). Run "hedgerow bootstrap", which makes it a member of hedgerow_admin.`,
    '57014': `Reading the figures was stopped (${message}). Look when there is less to do, or give the login more time: alter role … set statement_timeout = '5min'.`,
  };
  const explanation = explanations[code ?? ''];
  return explanation === undefined ? error : new OperatorError(explanation, { cause: error });
}
