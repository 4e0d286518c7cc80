/** The schemas of other shapes, on which the tool chain is tested, are what test/proof/schemas/README.md says. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { readProofConfig } from '../../src/proof/config.ts';
import { becomeSql, stepOutSql } from '../../src/proof/impersonate.ts';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';
import { runTapOn } from '../../src/proof/tap/run.ts';
import { createShape, folderOf, type Shape, type ShapeDatabase, shapes } from '../support/proof-schemas.ts';

const filesIn = (shape: Shape, folder: string, end: string) =>
  readdirSync(join(folderOf(shape), folder)).filter((file) => file.endsWith(end));

const lints = Array.from({ length: 26 }, (_, index) => String(index + 1).padStart(4, '0'));

test('every lint has a fault that it has to find', () => {
  const planted = shapes.flatMap((shape) => filesIn(shape, 'faults', '.sql').map((file) => file.slice(0, 4)));

  expect([...new Set(planted)].sort()).toEqual(lints);
});

describe.each(shapes)('%s', (shape) => {
  let database: ShapeDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createShape(shape);
    client = new pg.Client(database.url);
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  beforeEach(() => client.query('begin'));
  afterEach(() => client.query('rollback'));

  const read = (file: string) => readPsqlFile(join(database.folder, file));
  const suites = ['good', 'bad'].flatMap((suite) =>
    filesIn(shape, `suites/${suite}`, '.test.sql').map((file) => `suites/${suite}/${file}`),
  );

  test.each(filesIn(shape, 'faults', '.sql'))('the fault %s can be planted', async (file) => {
    const sql = await read(`faults/${file}`);

    const planted = client.query(sql);

    await expect(planted).resolves.toBeDefined();
    expect(sql).toMatch(/^\/\* A hurried developer .*\. \*\/\n/);
  });

  test.each(suites)('%s passes', async (file) => {
    const report = await runTapOn(database.url, await read(file));

    expect([...report.faults, ...report.scenes.filter(({ held }) => !held)]).toEqual([]);
    expect(report.scenes.length).toBeGreaterThan(0);
  });

  test('the rows give each user something of every table, and nobody all of it', async () => {
    const config = await readProofConfig({ config: join(database.folder, 'config.json') }, {});
    await client.query(await read('rows.sql'));
    const tables = await visibleTables(client, config.api);
    const all = await countsOf(client, tables);

    const [first, second] = [await countsAs(config.users[0]), await countsAs(config.users[1])];

    expect(tables.length).toBeGreaterThan(1);
    for (const [index] of tables.entries()) {
      expect(first[index]).toBeGreaterThan(0);
      expect(second[index]).toBeGreaterThan(0);
      expect(first[index]! + second[index]!).toBe(all[index]);
    }

    async function countsAs(user: string): Promise<number[]> {
      await client.query(becomeSql(config.impersonate(user)));
      const counts = await countsOf(client, tables);
      await client.query(stepOutSql);
      return counts;
    }
  });
});

/** Tables of these schemas, quoted. */
async function visibleTables(client: pg.Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name
     from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where nspname = any ($1) and relkind = 'r' order by name`,
    [schemas],
  );
  return rows.map(({ name }) => name);
}

async function countsOf(client: pg.Client, tables: string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
    counts.push(Number(rows[0]!.count));
  }
  return counts;
}
