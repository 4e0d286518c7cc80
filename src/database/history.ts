/** The months of the history of tasks, as tables: made ahead, and dropped when they are too old. As the owner; the SQL is in the migrations. */
import type pg from 'pg';
import { connect } from './connect.ts';

/**
 * Makes the tables for this month and the next three, unless they are there. Without them writes go on, into a table for what has no month.
 * @returns how many were made
 */
export const makeHistoryMonths = (ownerUrl: string): Promise<number> =>
  asOwner(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ made: number }>('select app_private.make_history_months() as made');
    return rows[0]!.made;
  });

/** The months that were over so many months ago: `2025-10`. */
export const oldHistoryMonths = (ownerUrl: string, months: number): Promise<string[]> =>
  asOwner(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ label: string }>(
      `select to_char(month.begins at time zone 'UTC', 'YYYY-MM') as label
       from pg_inherits as part
       join pg_class as class on class.oid = part.inhrelid
       cross join lateral (select app_private.history_month(class.relname) as begins) as month
       where part.inhparent = 'app_public.task_history'::regclass
       and (month.begins at time zone 'UTC' + interval '1 month') at time zone 'UTC' <= now() - make_interval(months => $1)
       order by label`,
      [months],
    );
    return rows.map(({ label }) => label);
  });

/**
 * Drops the months that were over so many months ago and, of what has no month, what is older, for good. It holds the history to itself for a
 * moment; who would have to wait for longer than 5 s for that is told so, and nothing is dropped.
 * @returns the months that it has dropped
 */
export const dropHistoryMonths = (ownerUrl: string, months: number): Promise<string[]> =>
  asOwner(ownerUrl, async (owner) => {
    await owner.query("set lock_timeout = '5s'");
    const { rows } = await owner.query<{ label: string }>(
      'select app_private.drop_history_months(now() - make_interval(months => $1)) as label',
      [months],
    );
    return rows.map(({ label }) => label);
  });

async function asOwner<Result>(ownerUrl: string, act: (owner: pg.Client) => Promise<Result>): Promise<Result> {
  const owner = await connect(ownerUrl, 'HEDGEROW_OWNER_URL');
  try {
    return await act(owner);
  } finally {
    await owner.end();
  }
}
