/** Builds the schema of the API by looking at the database. */
import { makeSchema } from 'postgraphile';
import type { GraphQLSchema } from 'postgraphile/graphql';
import { schemaPreset } from './schema-preset.ts';

/** @param preset names the database, as `pgServices` */
export async function buildSchema(preset: GraphileConfig.Preset): Promise<GraphQLSchema> {
  const { schema } = await makeSchema({ extends: [schemaPreset, preset] });
  return schema;
}
