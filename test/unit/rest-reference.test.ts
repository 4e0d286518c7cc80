/** docs/reference/rest.md is what the routes are. C-44 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { openApi } from '../../src/rest/openapi/document.ts';
import { restReference } from '../../src/rest/reference.ts';
import { routes } from '../../src/rest/routes.ts';
import { version } from '../../src/version.ts';

const path = join(import.meta.dirname, '../../docs/reference/rest.md');

test('the page is made of the document (npm run --silent openapi -- --markdown > docs/reference/rest.md)', async () => {
  const made = await format(restReference(openApi(version)), { ...(await resolveConfig(path)), filepath: path });

  expect(readFileSync(path, 'utf8')).toBe(made);
});

test('every route is on it', () => {
  const page = readFileSync(path, 'utf8');

  for (const { method, path } of routes) {
    expect(page).toContain(`\`${method.toUpperCase()} ${path.replace(':id', '{id}')}\``);
  }
});
