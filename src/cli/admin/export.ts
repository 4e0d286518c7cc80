/** `hedgerow admin export <sub>`: all that is kept of a user, as JSON, for who asks what is kept of them. */
import { once } from 'node:events';
import { exportUser } from '../../admin/export.ts';
import { parseConfig } from '../../config.ts';
import { connect } from '../../database/connect.ts';
import { openDatabase } from '../../database/open.ts';
import type { Environment } from '../environment.ts';

/** @throws OperatorError when nothing is kept of such a user */
export async function exportOf(env: Environment, sub: string): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'admin'));
  try {
    const account =
      database.authUrl === undefined
        ? null
        : await (await import('../../accounts/one-account.ts')).readAccount(database.authUrl, sub);
    const client = await connect(database.inspectorUrl!, 'HEDGEROW_INSPECTOR_URL');
    await exportUser(client, sub, account, write).finally(() => client.end());
  } finally {
    await database.release();
  }
}

/** Waits when who reads is slower. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
