/** Writers: people who each change their own tasks, one write after another, through the fence that the API's requests go through. */
import type pg from 'pg';
import type { FencedTransaction } from '../../src/database/fence.ts';
import { settingsFor, type TransactionSettings } from '../../src/database/settings.ts';
import { percentile } from '../support/statistics.ts';

export type Statement = 'insert of one row' | 'update of one row' | 'update of 100 rows';

export const statements: readonly Statement[] = ['insert of one row', 'update of one row', 'update of 100 rows'];

export type Writer = { sub: string; ids: readonly string[] };

export type Load = { statement: Statement; writers: readonly Writer[]; synchronousCommit: 'on' | 'off' };

export type Measured = { writes: number; perSecond: number; p50: number; p95: number };

/** Title of the rows that a run leaves behind, for `tidy`. */
const insertedTitle = 'Made by a run';

/** Makes users with 100 tasks each. */
export async function makeWriters(admin: pg.Client, count: number): Promise<Writer[]> {
  const subs = Array.from({ length: count }, (_, number) => `user-${number}`);
  await admin.query('insert into app_public.users (id) select unnest($1::text[])', [subs]);
  const { rows } = await admin.query<Writer>(
    `with made as (
       insert into app_public.tasks (owner_id, title)
       select owner_id, 'Task ' || number from unnest($1::text[]) as owner_id cross join generate_series(1, 100) as number
       returning owner_id, id
     )
     select owner_id as sub, array_agg(id) as ids from made group by owner_id`,
    [subs],
  );
  return rows;
}

/** Removes what inserts made and what updates left, so that every round finds the same table. */
export async function tidy(admin: pg.Client): Promise<void> {
  await admin.query('delete from app_public.tasks where title = $1', [insertedTitle]);
  await admin.query('vacuum (analyze) app_public.tasks');
  await admin.query('checkpoint');
}

/** Lets every writer write once: connections are opened, functions compiled, plans made. */
export async function warmUp(withTransaction: FencedTransaction, load: Load): Promise<void> {
  await Promise.all(load.writers.map((writer) => write(withTransaction, writer, load, settingsOf(writer, load))));
}

/** Writes for so many milliseconds. Times are of whole transactions, in milliseconds. */
export async function run(withTransaction: FencedTransaction, load: Load, forMs: number): Promise<Measured> {
  const times: number[] = [];
  const start = performance.now();
  const deadline = start + forMs;
  await Promise.all(
    load.writers.map(async (writer) => {
      const settings = settingsOf(writer, load);
      for (let last = performance.now(); last < deadline;) {
        await write(withTransaction, writer, load, settings);
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  return {
    writes: times.length,
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
  };
}

const settingsOf = ({ sub }: Writer, { synchronousCommit }: Load): TransactionSettings => ({
  ...settingsFor({ sub }, { statementMs: 10_000, lockMs: 5_000, idleInTransactionMs: 10_000 }),
  synchronous_commit: synchronousCommit,
});

async function write(
  withTransaction: FencedTransaction,
  { ids }: Writer,
  { statement }: Load,
  settings: TransactionSettings,
): Promise<void> {
  const { rowCount } = await withTransaction(settings, (client) => client.query(queryOf(statement, ids)));
  const expected = statement === 'update of 100 rows' ? 100 : 1;
  if (rowCount !== expected) throw new Error(`${statement}: ${rowCount} rows.`);
}

function queryOf(statement: Statement, ids: readonly string[]): { text: string; values: unknown[] } {
  switch (statement) {
    case 'insert of one row':
      return {
        text: 'insert into app_public.tasks (title) values ($1) returning id, title, completed, created_at, updated_at',
        values: [insertedTitle],
      };
    case 'update of one row':
      return {
        text: 'update app_public.tasks set completed = not completed where id = $1 returning id, title, completed, updated_at',
        values: [ids[Math.floor(Math.random() * ids.length)]],
      };
    case 'update of 100 rows':
      return { text: 'update app_public.tasks set completed = not completed where id = any($1)', values: [ids] };
  }
}
