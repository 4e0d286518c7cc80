/** The policies, by the pgTAP files that lie beside them. C-03, C-30, C-31, T-03 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';
import { runTapOn } from '../../src/proof/tap/run.ts';
import { useDatabase } from '../support/database.ts';

const folder = join(import.meta.dirname, '../../policies');
const files = readdirSync(folder).filter((file) => file.endsWith('.test.sql'));
const database = useDatabase();

test.each(files)('%s holds', async (file) => {
  const report = await runTapOn(database.adminUrl, await readPsqlFile(join(folder, file)));

  expect([...report.faults, ...report.scenes.filter(({ held }) => !held)]).toEqual([]);
  expect(report.scenes.length).toBeGreaterThan(0);
});

test('every policy file has a test file beside it', () => {
  const policies = readdirSync(folder).filter((file) => file.endsWith('.policy.sql'));

  expect(
    policies.map((file) => file.replace('.policy.sql', '.test.sql')).filter((test) => !files.includes(test)),
  ).toEqual([]);
});
