/** The committed schema.graphql is the API's. C-01 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printApiSchema } from '../../src/graphql/print-schema.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

// After an intended change: npm run --silent schema > schema.graphql
test('schema.graphql is what the database generates', async () => {
  const committed = await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8');

  expect(await printApiSchema(database.pool)).toBe(committed);
});
