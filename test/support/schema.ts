/** What the committed schema.graphql says, for tests that go through all of something. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLEnumType, type GraphQLSchema } from 'graphql';

export const readSchema = (): GraphQLSchema =>
  buildSchema(readFileSync(join(import.meta.dirname, '../../schema.graphql'), 'utf8'));

/** All values of TaskOrderBy. */
export const readOrders = (): string[] =>
  (readSchema().getType('TaskOrderBy') as GraphQLEnumType).getValues().map(({ name }) => name);
