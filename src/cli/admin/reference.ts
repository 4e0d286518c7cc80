/** `hedgerow admin reference`: docs/reference/admin.md, from the comments in the database. */
import { adminReference } from '../../admin/reference.ts';
import { parseConfig } from '../../config.ts';
import { connect } from '../../database/connect.ts';
import { openDatabase } from '../../database/open.ts';
import type { Environment } from '../environment.ts';

export async function reference(env: Environment): Promise<void> {
  const database = await openDatabase(parseConfig(env, 'admin'));
  try {
    const client = await connect(database.inspectorUrl!, 'HEDGEROW_INSPECTOR_URL');
    process.stdout.write(await adminReference(client).finally(() => client.end()));
  } finally {
    await database.release();
  }
}
