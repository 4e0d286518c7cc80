/** What a failure of the database means for whoever asked. */
import pg from 'pg';
import { codeOfSqlState, type ErrorCode } from '../errors.ts';

/** The code for what pg throws: by SQLSTATE, UNAVAILABLE when there is no connection; undefined when it is not of the database. */
export function codeOfFailure(error: unknown): ErrorCode | undefined {
  if (error instanceof pg.DatabaseError) return codeOfSqlState(error.code ?? '');
  return isOfConnection(error) ? 'UNAVAILABLE' : undefined;
}

/** Whether the pool could give no connection or the connection broke: pg raises plain errors for both. */
function isOfConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    /^E[A-Z]+$/.test(code ?? '') ||
    /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}
