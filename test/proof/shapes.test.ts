/** The tools on schemas of other shapes: nothing to say of the mended ones, and every planted fault is found. C-30, C-31 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type ProofConfig, readProofConfig } from '../../src/proof/config.ts';
import { inspect, lint, readRules } from '../../src/proof/lint/lint.ts';
import { readMatrix } from '../../src/proof/matrix/matrix.ts';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';
import { readAllAccess } from '../support/access.ts';
import { createShape, folderOf, type ShapeDatabase, shapes } from '../support/proof-schemas.ts';

describe.each(shapes)('%s', (shape) => {
  let database: ShapeDatabase;
  let client: pg.Client;
  let config: ProofConfig;

  beforeAll(async () => {
    config = await readProofConfig({ config: join(folderOf(shape), 'config.json') }, {});
    database = await createShape(shape, `${shape}_tools`);
    client = new pg.Client(database.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  test('as it is, lint has nothing to say, and catalog and trial agree; both leave nothing behind', async () => {
    const before = await readAllAccess(client);

    const findings = await lint(client, config);
    const matrix = await readMatrix(client, config);

    expect(findings).toEqual([]);
    expect(matrix.findings).toEqual([]);
    expect(await readAllAccess(client)).toEqual(before);
  });

  test.each(readdirSync(join(folderOf(shape), 'faults')))('lint finds %s', async (file) => {
    const number = file.slice(0, 4);
    const rule = (await readRules()).filter(({ name }) => name.startsWith(number));
    const fault = await readPsqlFile(join(folderOf(shape), 'faults', file));

    await client.query('begin');
    const planted = await client
      .query(fault)
      .then(() => inspect(client, config, rule))
      .finally(() => client.query('rollback'));

    // Before it was planted there was nothing to find: the first test.
    expect(planted.length).toBeGreaterThan(0);
  });
});
