/** Runs a pgTAP file as `psql -f` would, without psql, and reads what it prints. */
import pg from 'pg';

/** One assertion. */
export type Scene = {
  held: boolean;
  /** What it says, such as `bob deletes nothing of hers`. */
  text: string;
  /** What was there and what was wanted, when it did not hold. */
  diagnosis: string[];
};

export type TapReport = {
  scenes: Scene[];
  /** What is wrong besides assertions: an error of SQL, a plan that was not kept. */
  faults: string[];
  /** Whether the file committed something: the database is no longer as it was. */
  committed: boolean;
};

/** Whether all is well. */
export const holds = ({ scenes, faults }: TapReport): boolean =>
  faults.length === 0 && scenes.every(({ held }) => held);

/**
 * Runs SQL that begins a transaction and rolls it back, as pgTAP files do.
 * @param client a superuser's, outside any transaction, where it is afterwards again
 * @param sql the file; or its statements one by one, of which none runs any more after an assertion that does not hold
 * @param before SQL that is run first in that transaction, and goes with it; its failure is thrown
 */
export async function runTap(client: pg.Client, sql: string | readonly string[], before = ''): Promise<TapReport> {
  const lines: string[] = [];
  let committed = false;
  let fault: string | undefined;
  // Refusals are what is tested: they would fill the server's log, each with the whole file.
  await client.query('begin; set local log_min_messages = panic');
  try {
    await client.query(before);
  } catch (thrown) {
    await client.query('rollback');
    throw thrown;
  }
  try {
    for (const text of [sql].flat()) {
      const printed = lines.length;
      await run(client, text, lines).then(
        (ended) => (committed ||= ended.committed),
        (error: pg.DatabaseError) => (fault = describe(error, text)),
      );
      if (fault !== undefined || (typeof sql !== 'string' && !holdsSoFar(lines.slice(printed)))) break;
    }
  } finally {
    await client.query('rollback');
    await client.query('discard all');
  }
  const report = readTap(lines, committed);
  // First, because it is why the plan was not kept.
  if (fault !== undefined) report.faults.unshift(fault);
  return report;
}

/** Runs one text, and adds what it prints to the lines: row by row, because what was printed before an error is part of the report. */
function run(client: pg.Client, text: string, lines: string[]): Promise<{ committed: boolean }> {
  return new Promise((done, fail) => {
    const query = new pg.Query<unknown[]>({ text, rowMode: 'array' } as pg.QueryArrayConfig);
    query.on('row', ([first]: unknown[]) => typeof first === 'string' && lines.push(...first.split('\n')));
    query.on('error', fail);
    query.on('end', (result: pg.QueryResult | pg.QueryResult[]) =>
      done({ committed: [result].flat().some(({ command }) => command === 'COMMIT') }),
    );
    client.query(query);
  });
}

const holdsSoFar = (lines: string[]): boolean => readTap(lines, false).scenes.every(({ held }) => held);

/** The same on a connection of its own. */
export async function runTapOn(url: string, sql: string): Promise<TapReport> {
  const client = new pg.Client(url);
  await client.connect();
  return runTap(client, sql).finally(() => client.end());
}

function readTap(lines: string[], committed: boolean): TapReport {
  const scenes: Scene[] = [];
  const faults: string[] = [];
  let planned: number | undefined;
  for (const line of lines) {
    const plan = /^1\.\.(\d+)/.exec(line)?.[1];
    const [, not, text] = /^(not )?ok \d+(?: - )?(.*)$/.exec(line) ?? [];
    if (plan !== undefined) planned = Number(plan);
    // A failure that the file announces as such is none: https://testanything.org
    else if (text !== undefined)
      scenes.push({ held: not === undefined || /# TODO\b/i.test(text), text, diagnosis: [] });
    // The lines after a failed assertion say what was there and what was wanted.
    else if (line.startsWith('#') && scenes.at(-1)?.held === false) scenes.at(-1)!.diagnosis.push(line);
  }
  if (planned !== scenes.length) faults.push(`planned ${planned ?? 'no'} assertions, ran ${scenes.length}`);
  return { scenes, faults, committed };
}

function describe(error: pg.DatabaseError, sql: string): string {
  if (error.position === undefined) return `ERROR ${error.code}: ${error.message}`;
  const before = sql.slice(0, Number(error.position) - 1);
  const statement = sql.slice(before.lastIndexOf(';') + 1, sql.indexOf(';', before.length)).trim();
  return `ERROR ${error.code}: ${error.message}\n  in: ${statement}`;
}
