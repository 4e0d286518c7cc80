/** The matrix of Hedgerow's own schema is the one in policies/README.md. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readProofConfig } from '../../../src/proof/config.ts';
import { printMarkdown } from '../../../src/proof/matrix/markdown.ts';
import { readMatrix } from '../../../src/proof/matrix/matrix.ts';
import type { Matrix } from '../../../src/proof/matrix/outcome.ts';
import { intoPage } from '../../../src/proof/matrix/page.ts';
import { useDatabase } from '../../support/database.ts';
import { testRoles } from '../../support/servers.ts';

const folder = join(import.meta.dirname, '../../../policies');
const database = useDatabase();
let matrix: Matrix;

beforeAll(async () => {
  const config = await readProofConfig({ config: join(folder, 'config.json') }, {});
  matrix = await readMatrix(database.admin, { ...config, logins: [testRoles.api.user] });
});

test('catalog and trial agree', () => {
  expect(matrix.findings).toEqual([]);
});

test('every cell was tried, but those that nobody can', () => {
  const cells = matrix.relations.flatMap((relation) => relation.cells);

  expect(matrix.relations.map(({ name }) => name)).toEqual([
    'app_hidden.deleted_users',
    'app_public.task_history',
    'app_public.tasks',
    'app_public.users',
  ]);
  expect(cells.filter(({ outcome, probed }) => outcome !== probed)).toEqual([]);
  const allowed = cells.filter(({ outcome }) => outcome === 'allowed');
  expect([...new Set(allowed.map(({ actor, command }) => `${command} by ${actor}`))]).toEqual([
    'select by hedgerow_admin',
  ]);
});

test('the page is not stale (hedgerow policies matrix --write)', async () => {
  const page = await readFile(join(folder, 'README.md'), 'utf8');

  expect(page).toBe(intoPage(page, printMarkdown(matrix)));
});
