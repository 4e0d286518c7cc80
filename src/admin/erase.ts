/** All that is kept of one user, deleted for good; what stays is a note that it was done, without saying of whom. */
import type { ClientBase } from 'pg';
import { deleteDataOf } from '../accounts/delete-data.ts';
import type { FencedTransaction } from '../database/fence.ts';
import { settingsFor, type Timeouts } from '../database/settings.ts';

/** What there is of a user. */
export type Kept = { record: boolean; tasks: number; entries: number };

/** What is there, as the user sees it. */
export async function whatIsKept(withTransaction: FencedTransaction, sub: string, timeouts: Timeouts): Promise<Kept> {
  return withTransaction(settingsFor({ sub }, timeouts), async (client) => {
    const { rows } = await client.query<Kept>({
      text: `select
        exists (select from app_public.users) as record,
        (select count(*)::int from app_public.tasks) as tasks,
        (select count(*)::int from app_public.task_history) as entries`,
    });
    return rows[0]!;
  });
}

export type Erasure = {
  /** Logs in as the owner of the schema, who keeps the note. */
  owner: ClientBase;
  withTransaction: FencedTransaction;
  timeouts: Timeouts;
  /** Deletes the account, where there are any, and says whether there was one. */
  deleteAccount?: (sub: string) => Promise<boolean>;
  /** Why, in the operator's words, such as the number of a request. Nothing about the person belongs here. */
  reason?: string;
};

/**
 * Erases the user. The account goes first, so that there is no new token; then the data, as the user, by the same function as `deleteMe`, which
 * also makes useless what tokens there are. The note is made before and finished after: one that was never finished shows that this has to be
 * repeated, and it may be.
 */
export async function eraseUser(
  { owner, withTransaction, timeouts, deleteAccount, reason }: Erasure,
  sub: string,
): Promise<Kept & { account: boolean }> {
  const { rows } = await owner.query<{ id: string }>('insert into admin.erasures (reason) values ($1) returning id', [
    reason,
  ]);
  const kept = await whatIsKept(withTransaction, sub, timeouts);
  const account = (await deleteAccount?.(sub)) ?? false;
  await deleteDataOf(withTransaction, timeouts)(sub);
  await owner.query(
    'update admin.erasures set finished_at = now(), tasks = $2, entries = $3, account = $4 where id = $1',
    [rows[0]!.id, kept.tasks, kept.entries, account],
  );
  return { ...kept, account };
}
