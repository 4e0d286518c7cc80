/** The functions that explain, as SQL: one text for the schema `admin` of Hedgerow and for the temporary ones of a command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In this order, because a function of plain SQL must find those that it calls. */
const files = ['clauses.sql', 'evaluate.sql', 'row.sql', 'access.sql', 'explain.sql'];

/** SQL that makes them in the schema `admin`, or replaces those that are there. */
export async function explainingFunctions(): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')));
  return texts.join('\n');
}

/** The same as functions of the session alone. A qualified name finds them; PostgreSQL never finds a temporary function without. */
export async function temporaryFunctions(): Promise<string> {
  return (await explainingFunctions()).replaceAll(/\badmin\./g, 'pg_temp.');
}
