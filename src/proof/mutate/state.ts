/** Results kept in a file, line by line, so that a run that was interrupted goes on where it was. */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';

type Line = { of: string; id: string; by: string | null };

export type State = {
  /** What is known: by the mutant's id, what noticed it, or null. */
  known: ReadonlyMap<string, string | null>;
  /** Keeps one result, at once. */
  keep(id: string, by: string | undefined): void;
};

/**
 * Opens the file, or begins it.
 * @param of everything that the results depend on: the schema, the mutants, the tests; results of anything else are passed over
 */
export function openState(file: string, of: unknown): State {
  const digest = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
  const known = new Map<string, string | null>();
  for (const line of readLines(file)) {
    // The last line may be torn.
    const result = parse(line);
    if (result?.of === digest) known.set(result.id, result.by);
  }
  return {
    known,
    keep: (id, by) => appendFileSync(file, `${JSON.stringify({ of: digest, id, by: by ?? null } satisfies Line)}\n`),
  };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
