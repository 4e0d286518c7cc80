/** `hedgerow admin report`: the figures of the database as text, as JSON, or as a page with charts. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { printHtmlReport } from '../../admin/report/html/page.ts';
import { readFigures } from '../../admin/report/read/figures.ts';
import type { Report } from '../../admin/report/report.ts';
import { printTextReport } from '../../admin/report/text/print.ts';
import { parseConfig } from '../../config.ts';
import { connect } from '../../database/connect.ts';
import { newestMigration } from '../../database/migrations.ts';
import { openDatabase } from '../../database/open.ts';
import { OperatorError } from '../../errors.ts';
import { readKeptScore, scoreFile } from '../../proof/mutate/kept.ts';
import { version } from '../../version.ts';
import type { Environment } from '../environment.ts';

export type ReportFlags = { html?: string; json: boolean };

/** Both src/cli/admin/ and, in the package, dist/cli/admin/ lie three levels below the folder that holds policies/. */
const policies = fileURLToPath(new URL('../../../policies', import.meta.url));

/** Prints it, or writes the page, in which users are named, for the eyes of who runs this. */
export async function report(env: Environment, { html, json }: ReportFlags): Promise<void> {
  const read = await readReport(env);
  if (html === undefined) {
    process.stdout.write(json ? `${JSON.stringify(read, undefined, 2)}\n` : printTextReport(read));
    return;
  }
  try {
    await writeFile(html, printHtmlReport(read), { mode: 0o600 });
  } catch (error) {
    throw new OperatorError(`The page cannot be written: ${(error as Error).message}`, { cause: error });
  }
  process.stdout.write(`Written: ${html}\n`);
}

async function readReport(env: Environment): Promise<Report> {
  const release = {
    version,
    newestMigration: Number.parseInt(await newestMigration(), 10),
    score: (await readKeptScore(scoreFile(policies))) ?? null,
  };
  const database = await openDatabase(parseConfig(env, 'admin'));
  try {
    const client = await connect(database.inspectorUrl!, 'HEDGEROW_INSPECTOR_URL');
    return { ...(await readFigures(client).finally(() => client.end())), release };
  } finally {
    await database.release();
  }
}
