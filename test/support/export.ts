/** The exported schema, as tests use it: made once in a run, by the first that asks, from a database like its own. */
import { execFile } from 'node:child_process';
import { cp, mkdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** How long another test file may take to make it. */
const patienceMs = 50_000;

/** Writes an export of that database's schema, which loads the sources. @param apiUrl as the API logs in; @param code where the sources are */
export async function writeExport(folder: string, apiUrl: string, code = root): Promise<void> {
  const flags = ['--disable-warning=DEP0093', '--disable-warning=ExperimentalWarning'];
  const script = join(code, 'build/export-schema.ts');
  await run(process.execPath, [...flags, script, folder, '--code', 'src', '--database', apiUrl]);
}

/** The folder of this run's export (test/setup/global-setup.ts names it); the database has to be as the migrations make it. */
export const exportOnce = (apiUrl: string): Promise<string> =>
  once(process.env.TEST_EXPORT!, (folder) => writeExport(folder, apiUrl));

/** A copy of the code with the export where servers look for it, as the package has both; gives its folder. The database as for `exportOnce`. */
export const installOnce = (apiUrl: string): Promise<string> =>
  once(join(dirname(process.env.TEST_EXPORT!), 'installation'), async (folder) => {
    for (const part of ['src', 'build', 'migrations', 'policies', 'package.json']) {
      await cp(join(root, part), join(folder, part), { recursive: true });
    }
    await writeExport(join(folder, 'src/graphql/exported'), apiUrl, folder);
  });

/** Makes a folder, or waits until another test file has made it. */
async function once(folder: string, make: (folder: string) => Promise<void>): Promise<string> {
  try {
    await mkdir(`${folder}.making`);
  } catch {
    await made(folder);
    return folder;
  }
  await make(`${folder}.new`);
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
