/**
 * Runs a pgTAP file as `psql -f` would, without psql: `\ir` is followed, other backslash commands only dress the output and are left out.
 * Knows nothing of tasks.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import pg from 'pg';

export type TapReport = {
  /** Assertions that held. */
  passed: number;
  /** What is wrong: the failed assertions with their diagnostics, an error of SQL, a plan that was not kept. Empty when all is well. */
  faults: string[];
};

/**
 * Runs one file on a database of which nothing is kept: the file begins a transaction and rolls it back.
 * @param url a superuser's, in a migrated database on whose server pgTAP is installed
 */
export async function runTapFile(url: string, file: string): Promise<TapReport> {
  const sql = await readPsqlFile(file);
  const client = new pg.Client(url);
  await client.connect();
  const lines: string[] = [];
  try {
    await new Promise<void>((done, fail) => {
      // Row by row, because what was printed before an error is part of the report.
      const query = new pg.Query<[string | null]>({ text: sql, rowMode: 'array' } as pg.QueryArrayConfig);
      query.on('row', ([text]: [string | null]) => lines.push(...(text ?? '').split('\n')));
      query.on('error', fail);
      query.on('end', () => done());
      client.query(query);
    });
  } catch (error) {
    return { ...readTap(lines), faults: [...readTap(lines).faults, describe(error as pg.DatabaseError, sql)] };
  } finally {
    await client.end();
  }
  return readTap(lines);
}

/** The SQL of a psql file, with what it includes. Lines stay where they are as far as they can, for error positions. */
export async function readPsqlFile(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const parts = lines.map(async (line) => {
    const included = /^\\ir\s+(\S+)/.exec(line)?.[1];
    if (included !== undefined) return readPsqlFile(resolve(dirname(file), included));
    return line.startsWith('\\') ? '' : line;
  });
  return (await Promise.all(parts)).join('\n');
}

function readTap(lines: string[]): TapReport {
  const faults: string[] = [];
  let passed = 0;
  let planned: number | undefined;
  let failing = false;
  for (const line of lines) {
    const plan = /^1\.\.(\d+)$/.exec(line)?.[1];
    if (plan !== undefined) planned = Number(plan);
    if (/^(not )?ok\b/.test(line)) failing = line.startsWith('not');
    if (/^ok\b/.test(line)) passed += 1;
    // The lines after a failed assertion say what was there and what was wanted.
    else if (failing && line !== '') faults.push(line);
  }
  const ran = passed + faults.filter((line) => line.startsWith('not ok')).length;
  if (planned !== ran) faults.push(`planned ${planned ?? 'no'} assertions, ran ${ran}`);
  return { passed, faults };
}

function describe(error: pg.DatabaseError, sql: string): string {
  const before = sql.slice(0, Number(error.position ?? 1) - 1);
  const statement = sql.slice(before.lastIndexOf(';') + 1, sql.indexOf(';', before.length)).trim();
  return `ERROR ${error.code}: ${error.message}${error.position ? `\n  in: ${statement}` : ''}`;
}
