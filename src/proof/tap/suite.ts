/** A suite: many pgTAP files, on copies of one database, side by side. */
import { glob } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import pg from 'pg';
import { OperatorError } from '../../errors.ts';
import type { Copy, Source } from '../source.ts';
import { readPsqlFile } from './psql-file.ts';
import { holds, runTap, type TapReport } from './run.ts';

export type TapFile = {
  /** As the person at the terminal names it. */
  name: string;
  path: string;
  sql: string;
};

export type FileReport = TapReport & { name: string; milliseconds: number };

/**
 * Finds and reads the files.
 * @param patterns of absolute paths
 * @throws OperatorError when there are none
 */
export async function readSuite(patterns: readonly string[]): Promise<TapFile[]> {
  const paths = new Set<string>();
  for await (const path of glob([...patterns])) paths.add(path);
  if (paths.size === 0) {
    throw new OperatorError(
      `No pgTAP file matches ${patterns.map((pattern) => relative('', pattern)).join(', ')}. Name files, or say in the configuration where they are: "tests".`,
    );
  }
  return Promise.all(
    [...paths].sort().map(async (path) => ({ name: relative('', path), path, sql: await readPsqlFile(path) })),
  );
}

/**
 * Installs pgTAP where the files would: each can do it for itself, but it takes half a second.
 * @param url a superuser's, of the template
 * @throws OperatorError when the server does not have it
 */
export async function installTap(url: string, files: readonly TapFile[]): Promise<void> {
  const statement = /create\s+extension\s+(?:if\s+not\s+exists\s+)?pgtap\s*(?:with\s+)?(?:schema\s+("[^"]+"|\w+))?/i;
  const schema = files.map(({ sql }) => statement.exec(sql)?.[1]).find((name) => name !== undefined);
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_catalog.pg_extension where extname = 'pgtap'");
    if (rowCount !== 0 || files.some(({ sql }) => makesItself(sql, schema))) return;
    if (schema !== undefined) await client.query(`create schema if not exists ${schema}`);
    await client.query(`create extension pgtap ${schema === undefined ? '' : `schema ${schema}`}`);
  } catch (error) {
    const { code, message } = error as pg.DatabaseError;
    // undefined_file, feature_not_supported: there is no such extension.
    if (code !== '58P01' && code !== '0A000') throw error;
    throw new OperatorError(
      `The server has no pgTAP (${message}). Install it there, such as with apt-get install postgresql-17-pgtap; for the embedded PostgreSQL, npm install --save-dev @electric-sql/pglite-pgtap.`,
    );
  } finally {
    await client.end();
  }
}

/** Whether the file fails where pgTAP, or the schema for it, is there already. */
function makesItself(sql: string, schema: string | undefined): boolean {
  const words = sql.toLowerCase().replaceAll(/\s+/g, ' ');
  return (
    words.includes('create extension pgtap') || (schema !== undefined && words.includes(`create schema ${schema};`))
  );
}

/**
 * Does something with each item, on as many copies as there are jobs; a copy that something was committed to is replaced.
 * @param series items of one series are worked on one after the other
 */
export async function onCopies<Item>(
  source: Source,
  jobs: number,
  series: readonly (readonly Item[])[],
  work: (client: pg.Client, item: Item) => Promise<{ committed: boolean }>,
): Promise<void> {
  const queue = series[Symbol.iterator]();
  const worker = async () => {
    let place = await open(source);
    try {
      for (const items of queue) {
        for (const item of items) {
          const { committed } = await work(place.client, item);
          if (!committed) continue;
          await close(place);
          place = await open(source);
        }
      }
    } finally {
      await close(place);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, series.length) }, worker));
}

type Place = { copy: Copy; client: pg.Client };

async function open(source: Source): Promise<Place> {
  const copy = await source.copy();
  const client = new pg.Client(copy.url);
  // The loss of the connection is told by the query that meets it.
  client.on('error', () => {});
  await client.connect();
  return { copy, client };
}

async function close({ copy, client }: Place): Promise<void> {
  await client.end();
  await copy.drop();
}

/**
 * Runs the files, each told as soon as it and those before it have ended.
 * @returns whether all hold
 */
export async function runSuite(
  source: Source,
  files: readonly TapFile[],
  jobs: number,
  onReport: (report: FileReport) => void,
): Promise<boolean> {
  const reports: (FileReport | undefined)[] = files.map(() => undefined);
  let told = 0;
  const one = files.map((file, place) => [{ ...file, place }]);
  await onCopies(source, jobs, one, async (client, { name, sql, place }) => {
    const started = performance.now();
    const report = await runTap(client, sql);
    reports[place] = { ...report, name, milliseconds: performance.now() - started };
    for (let next = reports[told]; next; next = reports[told]) {
      onReport(next);
      told += 1;
    }
    return report;
  });
  return reports.every((report) => holds(report!));
}

/** One line for a file, one for each of its scenes, and what is known about those that did not hold. */
export function printFile(report: FileReport): string {
  const held = report.scenes.filter((scene) => scene.held).length;
  const indent = (text: string, by: string) => text.replaceAll(/^/gm, by);
  return [
    `${basename(report.name)}: ${held} of ${report.scenes.length} hold (${Math.round(report.milliseconds)} ms)`,
    ...report.scenes.flatMap((scene) => [
      `  ${scene.held ? '✓' : '✗'} ${scene.text}`,
      ...scene.diagnosis.map((line) => indent(line.replace(/^# ?/, ''), '      ')),
    ]),
    ...report.faults.map((fault) => `  ✗ ${indent(fault, '    ').trimStart()}`),
  ].join('\n');
}
