/** The policy files, and the functions that explain, are what the database has: applying each again changes nothing. C-50 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { readAccess } from '../../src/proof/diff/access.ts';
import { printSnapshot } from '../../src/proof/diff/snapshot.ts';
import { explainingFunctions } from '../../src/proof/explain/functions.ts';
import { useDatabase } from '../support/database.ts';

const folder = join(import.meta.dirname, '../../policies');
const files = readdirSync(folder).filter((file) => /^(identity|admin)\.sql$|\.policy\.sql$/.test(file));
const database = useDatabase();

/** All that the migrations made, and what they must leave alone; comments among it. */
const schemas = ['app_public', 'app_hidden', 'app_private', 'admin', 'graphile_migrate', 'auth', 'public'];
const readSnapshot = async () =>
  printSnapshot(await readAccess(database.admin, schemas, ['hedgerow_visitor']), 'the drift test');

/** As the owner, because that is who the migrations run as. */
async function applyAsOwner(sql: string): Promise<void> {
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await owner.query(sql).finally(() => owner.end());
}

test.each(files)('%s is what the migrations committed', async (file) => {
  const migrated = await readSnapshot();

  await applyAsOwner(await readFile(join(folder, file), 'utf8'));

  expect(await readSnapshot()).toBe(migrated);
});

test('the functions of src/proof/explain are what the migrations committed', async () => {
  const migrated = await readSnapshot();
  const { rows } = await database.admin.query<{ count: number }>(
    `select count(*)::int from pg_proc where pronamespace = 'admin'::regnamespace
     and proname not in ('explain_access', 'as_user', 'find_user', 'statements')`,
  );

  const sql = await explainingFunctions();
  await applyAsOwner(sql);

  expect(await readSnapshot()).toBe(migrated);
  // All of them but those that are Hedgerow's own, and none twice.
  expect(sql.match(/^create or replace function/gm)).toHaveLength(rows[0]!.count);
});

test.each([
  ['a function', "errcode = 'XUNDO'", "errcode = 'XUND0'"],
  ['a comment', 'The value of an expression as text', 'The text of an expression'],
])('an edit of %s that explains is noticed', async (_what, from, to) => {
  const migrated = await readSnapshot();
  const sql = await explainingFunctions();
  expect(sql).toContain(from);

  await applyAsOwner(sql.replace(from, to));
  const edited = await readSnapshot();
  await applyAsOwner(sql);

  expect(edited).not.toBe(migrated);
});

// The guard itself: each of these is an edit that somebody could make to a policy file and forget to migrate.
test.each([
  ['a predicate', 'tasks.policy.sql', 'using (owner_id = app_hidden.current_user_id())', 'using (true)'],
  ['a grant', 'tasks.policy.sql', 'grant select, delete on', 'grant select, delete, truncate on'],
  ['a column', 'tasks.policy.sql', 'grant update (title,', 'grant update (owner_id, title,'],
  ['an audience', 'users.policy.sql', 'for select to hedgerow_visitor', 'for select to public'],
  ['a comment', 'users.policy.sql', 'A user reads only their own record.', 'A user reads records.'],
  ['the identity', 'identity.sql', "'jwt.claims.sub'", "'jwt.claims.email'"],
  ['its volatility', 'identity.sql', 'stable', 'volatile'],
])('an edit of %s is noticed', async (_what, file, from, to) => {
  const migrated = await readSnapshot();
  const sql = await readFile(join(folder, file), 'utf8');
  expect(sql).toContain(from);

  await applyAsOwner(sql.replace(from, to));
  const edited = await readSnapshot();
  await applyAsOwner(sql);

  expect(edited).not.toBe(migrated);
  expect(await readSnapshot()).toBe(migrated);
});
