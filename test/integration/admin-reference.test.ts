/** docs/reference/admin.md is what the database says of the schema admin. C-04 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { adminReference } from '../../src/admin/reference.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const path = join(import.meta.dirname, '../../docs/reference/admin.md');
const page = readFileSync(path, 'utf8');

test('the page is made of the comments (npm run --silent admin -- reference > docs/reference/admin.md)', async () => {
  const made = await format(await adminReference(database.admin), {
    ...(await resolveConfig(path)),
    filepath: path,
  });

  expect(page).toBe(made);
});

test('every object of the schema is on it', async () => {
  const { rows } = await database.admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'admin'::regnamespace and relkind in ('v', 'r')
     union select proname from pg_proc where pronamespace = 'admin'::regnamespace`,
  );

  expect(rows.length).toBeGreaterThan(30);
  for (const { name } of rows) expect(page).toMatch(new RegExp(`^## ${name}$|^\\| \`${name}\\(`, 'm'));
});
