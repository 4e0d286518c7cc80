/** The GraphQL schema as text: what schema.graphql holds. */
import type { Pool } from 'pg';
import { makeSchema } from 'postgraphile';
import { lexicographicSortSchema, printSchema } from 'postgraphile/graphql';
import { fencedPgService } from '../database/fence.ts';
import { nobody } from '../database/settings.ts';
import { schemaPreset } from './preset.ts';

/** Builds the schema from the database, sorts it, so that it does not change with the order of things, and prints it. */
export async function printApiSchema(pool: Pool): Promise<string> {
  const { schema } = await makeSchema({ extends: [schemaPreset], pgServices: [fencedPgService(pool, () => nobody)] });
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
