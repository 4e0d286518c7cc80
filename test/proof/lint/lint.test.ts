/** Hedgerow's own schema under its own lints, and what a lint may do to a database: nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { OperatorError } from '../../../src/errors.ts';
import { readAllAccess } from '../../support/access.ts';
import { readProofConfig } from '../../../src/proof/config.ts';
import { applyBaseline, readBaseline } from '../../../src/proof/baseline.ts';
import { leakproofReport } from '../../../src/proof/lint/leakproof.ts';
import { lint, readRules } from '../../../src/proof/lint/lint.ts';
import { useDatabase } from '../../support/database.ts';
import { testRoles } from '../../support/servers.ts';

const database = useDatabase();
const root = join(import.meta.dirname, '../../..');
// The tests' server has a login of its own.
const config = {
  ...(await readProofConfig({ config: join(root, 'policies/config.json') }, {})),
  logins: [testRoles.api.user],
};

/** How much there is of what a lint could leave behind. */
/** Of this database: other test files, beside this one, make roles. */
async function countCatalog() {
  const catalogs = ['pg_class', 'pg_proc', 'pg_namespace', 'pg_policy', 'pg_attribute', 'pg_type', 'pg_depend'];
  const counts = catalogs.map((catalog) => `(select count(*) from ${catalog})::integer as ${catalog}`).join(', ');
  return (await database.admin.query<Record<string, number>>(`select ${counts}`)).rows[0];
}

test('our own schema has no finding that is not accepted, and none is accepted that is not there', async () => {
  const baseline = await readBaseline(config.baseline);

  const { findings, stale } = applyBaseline(await lint(database.admin, config), baseline, /^\d/);

  expect({ findings, stale }).toEqual({ findings: [], stale: [] });
});

test('an edit of our own policy is found', async () => {
  await database.admin.query('alter policy select_owner on app_public.tasks using (true)');

  const findings = await lint(database.admin, config);
  await database.admin.query(
    'alter policy select_owner on app_public.tasks using (owner_id = app_hidden.current_user_id())',
  );

  expect(findings).toEqual([
    {
      rule: '0004_always_true',
      level: 'error',
      object: 'select_owner on app_public.tasks',
      problem: 'Lets every row pass for hedgerow_visitor: using true.',
      remedy: 'Compare the column that says whose the row is with who asks.',
    },
  ]);
});

test('nothing is left behind', async () => {
  const before = { counts: await countCatalog(), access: await readAllAccess(database.admin) };

  await lint(database.admin, config);
  await leakproofReport(database.admin, config);

  expect({ counts: await countCatalog(), access: await readAllAccess(database.admin) }).toEqual(before);
  const { rows } = await database.admin.query(
    "select current_setting('role') as role, current_setting('enable_seqscan') as seqscan",
  );
  expect(rows).toEqual([{ role: 'none', seqscan: 'on' }]);
});

test('the owner of the schema may lint it, as a member of the visitors', async () => {
  const found = await lint(database.admin, config);
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  const { rows } = await owner.query<{ name: string }>('select current_user as name');
  await database.admin.query(`begin; grant hedgerow_visitor to ${pg.escapeIdentifier(rows[0]!.name)}; commit`);

  const foundByOwner = await lint(owner, config).finally(() => owner.end());
  await database.admin.query(`revoke hedgerow_visitor from ${pg.escapeIdentifier(rows[0]!.name)}`);

  expect(foundByOwner).toEqual(found);
});

test('whoever may not become a visitor is told so', async () => {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();

  const linting = lint(owner, config).finally(() => owner.end());

  await expect(linting).rejects.toThrow(OperatorError);
  await expect(linting).rejects.toThrow(`${testRoles.owner.user} may not become hedgerow_visitor`);
});

test('names that are not there are told, all at once', async () => {
  const wrong = {
    ...config,
    schemas: ['app_publik'],
    visitors: ['hedgerow_visitor', 'nobody_at_all'],
    logins: ['no_login'],
  };

  await expect(lint(database.admin, wrong)).rejects.toThrow(
    'The configuration does not fit the database:\n  There is no schema app_publik.\n  There is no role nobody_at_all.\n  There is no role no_login.',
  );
});

test('of each filter it is told what it can use under the policy', async () => {
  await database.admin.query('create index tasks_tags_idx on app_public.tasks using gin (tags)');

  const rows = await leakproofReport(database.admin, config);
  await database.admin.query('drop index app_public.tasks_tags_idx');

  const use = Object.fromEntries(
    rows.filter(({ table }) => table === 'app_public.tasks').map((row) => [`${row.column} ${row.operator}`, row.use]),
  );
  expect(use).toMatchObject({
    'id =': 'index',
    'created_at <': 'index',
    'title =': 'filter',
    'title ilike': 'filtered after',
    'priority =': 'filtered after',
    // There is an index for it, and it is of no use.
    'tags @>': 'filtered after',
    'words @@': 'filtered after',
  });
  expect(Object.keys(use)).not.toContain('id like');
});

test('the first line of a rule is its level and title', async () => {
  const rules = await readRules();

  expect(rules.map(({ name }) => name.slice(0, 4))).toEqual(
    rules.map((_rule, index) => String(index + 1).padStart(4, '0')),
  );
  const sql = await readFile(join(root, 'src/proof/lint/rules/0001_row_security_off.sql'), 'utf8');
  expect(rules[0]).toEqual({
    name: '0001_row_security_off',
    level: 'error',
    title: 'A table has no row-level security.',
    sql,
  });
});
