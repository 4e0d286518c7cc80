/**
 * The stage of the prober: one transaction that is rolled back, in which each try has a savepoint. A sequence keeps what nextval took even
 * then; so all of them are put aside at the start: `alter sequence` gives each a new file, which goes with the transaction.
 */
import pg from 'pg';
import { becomeSql, stepOutSql } from '../impersonate.ts';
import type { Identity } from '../config.ts';

export type Stage = {
  client: pg.ClientBase;
  /** The id of the transaction: what is younger was made in it. */
  transaction: string;
};

export type Try<Measured> = {
  /** Null when it went through. */
  error: pg.DatabaseError | null;
  rows: Record<string, unknown>[];
  count: number;
  /** What the superuser saw afterwards, when it went through. */
  measured?: Measured;
};

/** Opens the stage, gives it to `play`, and takes all back. */
export async function onStage<Result>(client: pg.ClientBase, play: (stage: Stage) => Promise<Result>): Promise<Result> {
  // One snapshot, so that rows of others cannot be taken for ours.
  await client.query('begin isolation level repeatable read');
  try {
    const { rows } = await client.query<{ id: string }>(
      'select pg_catalog.pg_current_xact_id()::pg_catalog.xid::text as id',
    );
    await client.query("set local lock_timeout = '10s'");
    await putSequencesAside(client);
    return await play({ client, transaction: rows[0]!.id });
  } finally {
    await client.query('rollback');
  }
}

async function putSequencesAside(client: pg.ClientBase): Promise<void> {
  await client.query(`
    do $$
    declare
      found record;
    begin
      for found in
        select seqrelid::regclass as name, seqincrement as step
        from pg_catalog.pg_sequence
        join pg_catalog.pg_class as class on class.oid = seqrelid
        where relpersistence <> 't'
      loop
        execute format('alter sequence %s increment by %s', found.name, found.step);
      end loop;
    end
    $$`);
}

/**
 * Runs one statement as somebody and takes it back.
 * @param prepare run before it by the superuser
 * @param measure run after it by the superuser, when it went through
 */
export async function attempt<Measured>(
  { client }: Stage,
  who: Identity,
  sql: string,
  { prepare = '', measure }: { prepare?: string; measure?: () => Promise<Measured> } = {},
): Promise<Try<Measured>> {
  await client.query(`savepoint try; ${prepare}; ${becomeSql(who)}`);
  try {
    const { rows, rowCount } = await client.query<Record<string, unknown>>(sql);
    await client.query(stepOutSql);
    return { error: null, rows, count: rowCount ?? 0, measured: await measure?.() };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return { error, rows: [], count: 0 };
  } finally {
    await client.query('rollback to savepoint try; release savepoint try');
  }
}

/** For `prepare`: triggers and foreign keys, which have their own errors, keep out. Policies do not. */
export const withoutTriggers = 'set local session_replication_role = replica';

/** An error of who may: a privilege, a policy, or a trigger that says so. */
export const isRefusal = (error: pg.DatabaseError | null): boolean => error?.code === '42501';

/** Whether it was a policy that refused a row, not a privilege that was absent; the routine is PostgreSQL's, whatever language it speaks. */
export const isRefusedRow = (error: pg.DatabaseError | null): boolean =>
  isRefusal(error) && error?.routine === 'ExecWithCheckOptions';

/** An error of a constraint: PostgreSQL looks at those after the policies, so the row was let through by them. */
export const isConstraint = (error: pg.DatabaseError | null): boolean => error?.code?.startsWith('23') ?? false;

/** A value as SQL, whatever its type: PostgreSQL reads it as what is wanted in that place. */
export const literal = (value: string | null): string => (value === null ? 'null' : pg.escapeLiteral(value));

export const quoted = (column: string): string => pg.escapeIdentifier(column);
