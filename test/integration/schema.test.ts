/** The committed schema.graphql is the API's, and explains itself. C-01 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import { printApiSchema } from '../../src/graphql/print-schema.ts';
import { useDatabase } from '../support/database.ts';
import { readSchema } from '../support/schema.ts';

const database = useDatabase();

// After an intended change: npm run --silent schema > schema.graphql
test('schema.graphql is what the database generates', async () => {
  const committed = await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8');

  expect(await printApiSchema(database.pool)).toBe(committed);
});

test('every type, field, argument and value has a description', () => {
  const schema = readSchema();

  const described = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type) => [
      [type.name, type.description],
      ...(isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields()).flatMap((field) => [
            [`${type.name}.${field.name}`, field.description],
            ...field.args.map((arg) => [`${type.name}.${field.name}(${arg.name})`, arg.description]),
          ])
        : []),
      ...(isInputObjectType(type)
        ? Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field.description])
        : []),
      ...(isEnumType(type) ? type.getValues().map((value) => [`${type.name}.${value.name}`, value.description]) : []),
    ]);

  expect(described.length).toBeGreaterThan(300);
  expect(described.filter(([, description]) => !description).map(([name]) => name)).toEqual([]);
});
