/** The GraphQL schema as text: what schema.graphql holds. */
import type { Pool } from 'pg';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'postgraphile/graphql';
import { fencedPgService } from '../database/fence.ts';
import { buildSchema } from './build-schema.ts';

/** Builds the schema from the database and prints it. */
export async function printApiSchema(pool: Pool): Promise<string> {
  return printSorted(await buildSchema({ pgServices: [fencedPgService(pool)] }));
}

/** Prints a schema, sorted, so that the text does not change with the order of things. */
export const printSorted = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
