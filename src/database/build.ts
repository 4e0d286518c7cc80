/** The schema in an empty database that is soon thrown away, made without the roles and passwords of an installation. */
import { connect } from './connect.ts';
import { migrate } from './migrations.ts';
import { visitorRole } from './roles.ts';

/**
 * Makes the role that the policies are written for, when the server does not have it, and runs the committed migrations.
 * @param url a superuser's, who owns it all then
 * @param folder holds `committed/`; without it, the migrations of this code
 */
export async function buildSchema(url: string, folder?: string): Promise<void> {
  const admin = await connect(url, 'the database to build in');
  try {
    const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [visitorRole]);
    if (rowCount === 0) await admin.query(`create role ${visitorRole} nologin`);
  } finally {
    await admin.end();
  }
  await migrate(url, undefined, folder);
}
