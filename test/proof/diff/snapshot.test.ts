/** The snapshot that is committed is what the migrations leave, whoever owns the schema and whichever PostgreSQL it is in. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { migrate } from '../../../src/database/migrations.ts';
import { provedRoles, readProofConfig, type ProofConfig } from '../../../src/proof/config.ts';
import { readAccess } from '../../../src/proof/diff/access.ts';
import { checkSnapshot, writeSnapshot } from '../../../src/proof/diff/diff.ts';
import type { DiffContext } from '../../../src/proof/diff/side.ts';
import { printSnapshot } from '../../../src/proof/diff/snapshot.ts';
import { normaliseQuery } from '../../../src/proof/diff/view-query.ts';
import { useDatabase } from '../../support/database.ts';
import { testAdminUrl } from '../../support/servers.ts';

const database = useDatabase();
const command = 'hedgerow policies snapshot --write';
let config: ProofConfig;
let committed: string;
beforeAll(async () => {
  config = await readProofConfig({ config: join(import.meta.dirname, '../../../policies/config.json') }, {});
  committed = await readFile(join(config.folder, 'snapshot.sql'), 'utf8');
});

/** Of a schema that is built from these migrations. */
const contextIn = (folder: string): DiffContext => ({
  config: { ...config, folder },
  serverUrl: testAdminUrl(),
  build: () => migrate,
  env: process.env,
});

test('policies/snapshot.sql is what the migrations leave; otherwise this says how to renew it', async () => {
  await expect(checkSnapshot(contextIn(config.folder), command)).resolves.toBeUndefined();
});

test('it is the same in a database that somebody else owns', async () => {
  const access = await readAccess(database.admin, config.schemas, provedRoles(config));

  const owners = new Set(access.relations.map(({ owner }) => owner));
  expect([...owners]).toEqual(['hedgerow_test_owner']);
  expect(printSnapshot(access, command, config.varying)).toBe(committed);
});

describe('in a folder', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'hedgerow-tests-'))));
  afterEach(() => rm(folder, { recursive: true }));

  test('it is written, and found stale from the line that differs', async () => {
    const file = await writeSnapshot(contextIn(folder), command);
    await checkSnapshot(contextIn(folder), command);
    const lines = (await readFile(file, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.startsWith('create policy'));
    await writeFile(file, lines.with(at, 'create policy something_else').join('\n'));

    await expect(checkSnapshot(contextIn(folder), command)).rejects.toThrow(
      `${relative('', file)} is not what the schema is (from line ${at + 1}). Renew it, and read what git says of it: ${command}`,
    );
  });

  test('where there is none, the check says how to make it', async () => {
    await expect(checkSnapshot(contextIn(folder), command)).rejects.toThrow(
      `There is no ${relative('', join(folder, 'snapshot.sql'))}. Make it: ${command}`,
    );
  });
});

test('a query of one table reads the same from all versions of PostgreSQL, which name it before the columns or do not', () => {
  const from15 = normaliseQuery(
    ' SELECT tasks.id, ( SELECT u.name FROM users u WHERE (u.id = tasks.owner)) AS name\n   FROM tasks\n  WHERE (tasks.done);',
  );
  const from18 = normaliseQuery(
    ' SELECT id, ( SELECT u.name FROM users u WHERE (u.id = tasks.owner)) AS name\n   FROM tasks\n  WHERE (done);',
  );

  expect(from15).toBe(from18);
  expect(from15).toMatch(/u\.id = tasks\.owner/);
});
