/** A configuration that is about another database is told by every command that looks at one, not found faultless. */
import { assertFits } from '../../src/proof/fit.ts';
import { readMatrix } from '../../src/proof/matrix/matrix.ts';
import { readProofConfig } from '../../src/proof/config.ts';
import { openSource } from '../../src/proof/source.ts';
import { onDatabase } from '../../src/database/url.ts';
import { useDatabase } from '../support/database.ts';
import { testAdminUrl } from '../support/servers.ts';

const database = useDatabase();
const flags = { config: 'policies/config.json', database: 'postgres://role@host/name' };

test('a configuration that fits is fine', async () => {
  const config = { ...(await readProofConfig(flags, {})), logins: [] };

  await expect(assertFits(database.admin, config)).resolves.toBeUndefined();
});

test('what is not there is told once each, nobody’s role too', async () => {
  const config = {
    ...(await readProofConfig(flags, {})),
    schemas: ['app_publik'],
    visitors: ['hedgerow_visitor'],
    inspectors: ['hedgerow_admin'],
    logins: ['missing'],
    impersonate: () => ({ role: 'missing', settings: {} }),
  };

  await expect(assertFits(database.admin, config)).rejects.toThrow(
    /^The configuration does not fit the database:\n {2}There is no schema app_publik\.\n {2}There is no role missing\.$/,
  );
});

test('the matrix of a schema that is not there is not empty, but an error', async () => {
  const config = { ...(await readProofConfig(flags, {})), schemas: ['app_publik'], logins: [] };

  await expect(readMatrix(database.admin, config)).rejects.toThrow('There is no schema app_publik.');
});

test('a database that is not there cannot be copied, and that is said', async () => {
  await expect(openSource(onDatabase(testAdminUrl(), 'no_such_database'))).rejects.toThrow(
    'There is no database no_such_database on this server to copy.',
  );
});
