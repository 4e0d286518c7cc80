/** A psql file as plain SQL: what it includes is put in its place, and the backslash commands that only dress the output are left out. */
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { OperatorError } from '../../errors.ts';

/** Commands without which the SQL means the same. `\set` is one as long as it sets variables of psql's own, which are in capitals. */
const dressing = /^\\(pset|set\s+[A-Z_]+(\s|$)|unset\s+[A-Z_]+\s*$|echo|qecho|warn|timing|x|t|a|f|encoding|o\s*$)/;

/**
 * Reads a file with what it includes (`\i`, `\ir`). Lines stay where they are as far as they can, for the positions of errors.
 * @throws OperatorError for a file that is not there, and for a psql command that would change what the SQL means
 */
export async function readPsqlFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new OperatorError(`${relative('', file)} cannot be read: ${error.message}`);
  });
  const parts = text.split('\n').map(async (line, index) => {
    const [, relativeTo, included] = /^\\(ir?|include|include_relative)\s+(\S+)/.exec(line) ?? [];
    if (included !== undefined) {
      const name = included.replaceAll("'", '');
      return readPsqlFile(
        relativeTo === 'i' || relativeTo === 'include' ? resolve(name) : resolve(dirname(file), name),
      );
    }
    if (!line.startsWith('\\')) return line;
    if (dressing.test(line)) return '';
    throw new OperatorError(
      `${relative('', file)}:${index + 1}: ${line.split(/\s/)[0]} is a command of psql that is not understood here. Write the test without it, or run it with psql: hedgerow policies mutate -- psql -f ${relative('', file)}`,
    );
  });
  return (await Promise.all(parts)).join('\n');
}
