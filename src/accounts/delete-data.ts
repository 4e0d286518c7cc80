/** What goes before an account goes: the user's record and tasks, deleted as the user, under the same policies as any request. */
import type { FencedTransaction } from '../database/fence.ts';
import { settingsFor, type Timeouts } from '../database/settings.ts';

/** Gives a function that deletes all that a user owns, and makes the tokens useless that the user has (docs/explanation/sessions.md). */
export function deleteDataOf(
  withTransaction: FencedTransaction,
  timeouts: Timeouts,
): (userId: string) => Promise<void> {
  return async (userId) => {
    await withTransaction(settingsFor({ sub: userId }, timeouts), (client) =>
      client.query({ text: 'select from app_public.delete_me()' }),
    );
  };
}
