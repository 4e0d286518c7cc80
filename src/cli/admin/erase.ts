/** `hedgerow admin erase <sub>`: all that is kept of a user, deleted for good, for who asks to be forgotten. */
import { eraseUser, whatIsKept, type Kept } from '../../admin/erase.ts';
import { nothingKept } from '../../admin/nothing-kept.ts';
import { isSubject } from '../../auth/identity.ts';
import { parseConfig } from '../../config.ts';
import { connect } from '../../database/connect.ts';
import { fencedTransactions } from '../../database/fence.ts';
import { openDatabase } from '../../database/open.ts';
import { createPool } from '../../database/pool.ts';
import { OperatorError } from '../../errors.ts';
import { createLogger } from '../../http/request-log.ts';
import type { Environment } from '../environment.ts';
import { ask } from './ask.ts';

export type EraseOptions = {
  /** Do not ask. */
  yes: boolean;
  /** For the note that stays. */
  reason?: string;
};

/** @throws OperatorError when nothing is kept of such a user, or it was not confirmed */
export async function erase(env: Environment, sub: string, { yes, reason }: EraseOptions): Promise<void> {
  if (!isSubject(sub)) throw new OperatorError('A subject has 1 to 255 characters.');
  const config = parseConfig(env, 'erase');
  const database = await openDatabase(config);
  const pool = createPool({ url: database.apiUrl!, size: 1, acquireTimeoutMs: 10_000 }, createLogger('warn'));
  try {
    const withTransaction = fencedTransactions(pool);
    const { authUrl } = database;
    const accounts = authUrl === undefined ? undefined : await import('../../accounts/one-account.ts');
    const kept = await whatIsKept(withTransaction, sub, config.timeouts);
    const account = accounts !== undefined && (await accounts.readAccount(authUrl!, sub)) !== null;
    if (!kept.record && kept.entries === 0 && !account) {
      throw nothingKept(sub);
    }
    // Typing the id is harder to do by mistake than typing y.
    const warning = `This erases ${inWords({ ...kept, account })} of ${sub}, for good.`;
    if (!yes && (await ask(warning, 'Type the id to do it:')) !== sub)
      throw new OperatorError('Nothing was erased: that was another id.');

    const owner = await connect(database.ownerUrl!, 'HEDGEROW_OWNER_URL');
    const erased = await eraseUser(
      {
        owner,
        withTransaction,
        timeouts: config.timeouts,
        deleteAccount: accounts && ((user) => accounts.deleteAccount(authUrl!, user)),
        reason,
      },
      sub,
    ).finally(() => owner.end());
    process.stdout.write(
      `Erased: ${inWords(erased)}. What stays: the id, in app_hidden.deleted_users, so that tokens from before are refused; logs and backups, for as long as you keep them.\n`,
    );
  } finally {
    await pool.end();
    await database.release();
  }
}

const inWords = ({ record, tasks, entries, account }: Kept & { account: boolean }): string =>
  [
    ...(account ? ['an account'] : []),
    ...(record ? ['a user record'] : []),
    `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`,
    `${entries} ${entries === 1 ? 'entry' : 'entries'} of history`,
  ].join(', ');
