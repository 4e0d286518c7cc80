/** Scores: good suites of other schemas notice every mutant, bad ones few. Our own are in test/e2e/policies.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type Catalog, readCatalog } from '../../../src/proof/catalog.ts';
import { provedRoles, readProofConfig } from '../../../src/proof/config.ts';
import { mutantsOf } from '../../../src/proof/mutate/mutants.ts';
import { mutate } from '../../../src/proof/mutate/run.ts';
import { scoreOf } from '../../../src/proof/mutate/report.ts';
import { tapSuite } from '../../../src/proof/mutate/suites.ts';
import { type Build, openSource } from '../../../src/proof/source.ts';
import { readPsqlFile } from '../../../src/proof/tap/psql-file.ts';
import { installTap, readSuite } from '../../../src/proof/tap/suite.ts';
import { folderOf } from '../../support/proof-schemas.ts';
import { testAdminUrl } from '../../support/servers.ts';

const root = join(import.meta.dirname, '../../..');

async function outcomesOf(folder: string, build: Build, tests: string) {
  const config = await readProofConfig({ config: join(folder, 'config.json') }, {});
  const files = await readSuite([join(folder, tests)]);
  let catalog: Catalog;
  const source = await openSource(testAdminUrl(), build, async (copy) => {
    await installTap(copy, files);
    await withClient(copy, async (client) => {
      catalog = await readCatalog(client, config.schemas);
    });
  });
  try {
    const mutants = mutantsOf(catalog!, provedRoles(config), config.users[0]);
    return await mutate(source, mutants, tapSuite(files, 2), { schemas: config.schemas });
  } finally {
    await source.release();
  }
}

async function withClient(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await use(client).finally(() => client.end());
}

const survivorsOf = (outcomes: Awaited<ReturnType<typeof outcomesOf>>) =>
  outcomes.filter(({ verdict }) => verdict === 'survived').map(({ mutant: { id, sql } }) => `${id}\n${sql}`);

const outcomesWith = (shape: 'teams' | 'studio', suite: string) => {
  const folder = folderOf(shape);
  const build: Build = async (url) => {
    const schema = await readPsqlFile(join(folder, 'schema.sql'));
    await withClient(url, (client) => client.query(schema));
  };
  return outcomesOf(folder, build, `suites/${suite}/*.test.sql`);
};

test.each(['teams', 'studio'] as const)(
  '%s: the good suite notices every mutant, the bad one few, as the documentation shows side by side',
  async (shape) => {
    const good = await outcomesWith(shape, 'good');
    const bad = scoreOf(await outcomesWith(shape, 'bad'));

    expect(survivorsOf(good)).toEqual([]);
    expect(bad.killed / (bad.killed + bad.survived)).toBeLessThan(0.3);
    const page = readFileSync(join(root, 'docs/how-to/prove-your-own-policies.md'), 'utf8');
    const { killed } = scoreOf(good);
    const row = new RegExp(
      `^\\| ${shape} +\\| ${killed} of ${killed} +\\| ${bad.killed} of ${bad.killed + bad.survived} +\\|$`,
      'm',
    );
    expect(page).toMatch(row);
  },
  600_000,
);
