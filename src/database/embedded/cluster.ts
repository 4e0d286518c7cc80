/** The cluster folder: made by initdb, or checked to be one that these programs can serve. */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../errors.ts';
import { readIfThere, syncFolder } from './private-file.ts';
import { runAs } from './run-as.ts';
import { lastLines, type Server } from './server.ts';

/**
 * Whether there is a cluster; false means that the folder is not there. OperatorError, having touched nothing, when it is of
 * another major version or no cluster.
 */
export async function checkCluster({ clusterDir, binaries }: Server): Promise<boolean> {
  if (!(await stat(clusterDir).catch(() => undefined))) return false;
  const version = (await readIfThere(join(clusterDir, 'PG_VERSION')))?.trim();
  if (version === String(binaries.major)) return true;
  if (version === undefined) {
    throw new OperatorError(
      `${clusterDir} is there but holds no PostgreSQL database (no PG_VERSION). Move it away, and a new one will be made.`,
    );
  }
  throw new OperatorError(
    `The database in ${clusterDir} was made by PostgreSQL ${version}, and the installed one is ${binaries.major}. To keep the ` +
      `data, serve it with PostgreSQL ${version} once more (the hedgerow that made it will do), dump it with pg_dump, move the ` +
      'folder away, and load the dump into the new one. If you do not need the data, remove the folder.',
  );
}

/**
 * Makes the cluster with the superuser `postgres` and this password. It is made in a temporary folder and renamed when complete,
 * so that a folder of that name is never half a cluster. `sync: false` leaves the writing to the system, for tests.
 * OperatorError with the output of initdb when it fails.
 */
export async function makeCluster(server: Server, password: string, { sync }: { sync: boolean }): Promise<void> {
  const draft = join(server.folder, `tmp-${randomBytes(6).toString('hex')}`);
  const steps: [command: string, args: string[], input?: string][] = [
    ['/bin/sh', ['-c', 'umask 077 && mkdir "$1" && cat >"$1/password"', 'sh', draft], password],
    [server.binaries.initdb, initdbArgs(draft, sync)],
    ['/bin/sh', ['-c', 'rm "$1/password" && mv "$1/cluster" "$2"', 'sh', draft, server.clusterDir]],
  ];
  try {
    for (const [command, args, input = ''] of steps) {
      const { code, output } = await runAs(server.account, command, args, { input });
      if (code !== 0) throw failed(server, output);
    }
    if (sync) await syncFolder(server.folder);
  } finally {
    await runAs(server.account, 'rm', ['-rf', draft]);
  }
}

/** The built-in C.UTF-8 sorts and folds case alike on every system and in every version of it. */
const initdbArgs = (draft: string, sync: boolean): string[] => [
  ...['-D', join(draft, 'cluster')],
  ...['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${join(draft, 'password')}`],
  ...['-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
  ...(sync ? [] : ['--no-sync']),
];

const failed = ({ clusterDir }: Server, output: string): OperatorError =>
  new OperatorError(
    `initdb could not make a database in ${clusterDir}. It ended with:\n${lastLines(output, 5)}\n` +
      'Mend what it names and start again, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
