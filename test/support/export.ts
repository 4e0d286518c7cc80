/** The exported schema, as tests use it: made once in a run, by the first that asks, from a database like its own. */
import { execFile } from 'node:child_process';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../build/export-schema.ts');

/** How long another test file may take to make it. */
const patienceMs = 50_000;

/** Writes an export of that database's schema, which loads the sources. @param apiUrl as the API logs in */
export async function writeExport(folder: string, apiUrl: string): Promise<void> {
  const flags = ['--disable-warning=DEP0093', '--disable-warning=ExperimentalWarning'];
  await run(process.execPath, [...flags, script, folder, '--code', 'src', '--database', apiUrl]);
}

/** The folder of this run's export (test/setup/global-setup.ts names it); the database has to be as the migrations make it. */
export async function exportOnce(apiUrl: string): Promise<string> {
  const folder = process.env.TEST_EXPORT!;
  try {
    await mkdir(`${folder}.making`);
  } catch {
    await made(folder);
    return folder;
  }
  await writeExport(`${folder}.new`, apiUrl);
  await rename(`${folder}.new`, folder);
  return folder;
}

async function made(folder: string): Promise<void> {
  for (const since = Date.now(); Date.now() - since < patienceMs; await sleep(100)) {
    if (await stat(folder).catch(() => undefined)) return;
  }
  throw new Error('The export that another test file makes did not come.');
}

/** Whether the API of this test file has to serve the exported schema (on-export.ts). */
export const onExport = { isAsked: false };
