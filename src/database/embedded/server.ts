/** Starts and stops the server with pg_ctl, which detaches it: a Ctrl-C in our terminal does not reach it. */
import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import type { Placement } from './placement.ts';
import { findFreePort } from './port.ts';
import { clearLeftovers } from './postmaster.ts';
import { runAs } from './run-as.ts';

export type Server = Placement & { binaries: Binaries; logFile: string };

/** Settings of postgres, as for its `-c` option. */
export type Settings = Readonly<Record<string, string>>;

/** Seconds that pg_ctl waits: a start after a crash replays the log first, a stop writes all that is in memory. */
const startSeconds = 60;
const stopSeconds = 60;

/** How long the processes of a killed server may take to notice and let go of its memory. */
const releaseMs = 10_000;

/** A Unix socket's path is limited to 103 bytes on macOS and 107 on Linux; the name takes up to 15 of them. */
const maxSocketPath = 103;

/**
 * Starts the server and waits until it is ready; gives its port, which is the preferred one unless that is taken. OperatorError
 * with the end of the server's log when it does not start.
 */
export async function startServer(server: Server, settings: Settings, preferredPort?: number): Promise<number> {
  const deadline = Date.now() + releaseMs;
  let port = preferredPort ?? (await findFreePort());
  for (let attempt = 1; ; attempt += 1) {
    await clearLeftovers(server);
    const logStart = await sizeOf(server.logFile);
    const options = optionsOf({ ...settings, ...ownSettings(server, port) });
    const args = ['start', '-D', server.clusterDir, '-l', server.logFile, '-w', '-t', `${startSeconds}`, '-o', options];
    const { code, output } = await runAs(server.account, server.binaries.pgCtl, args);
    if (code === 0) return port;

    const log = await readFrom(server.logFile, logStart);
    if (log.includes('could not bind') && attempt < 5) {
      // Somebody took it, since the last start or in this moment.
      port = await findFreePort();
    } else if (log.includes('pre-existing shared memory block') && Date.now() < deadline) {
      // The server was killed, and one of its processes still finishes a statement.
      await sleep(200);
    } else {
      throw didNotStart(server, log || output);
    }
  }
}

/** Stops the server and waits for its end; open transactions are rolled back. OperatorError when it does not stop. */
export async function stopServer(server: Server): Promise<void> {
  const args = ['stop', '-D', server.clusterDir, '-m', 'fast', '-w', '-t', `${stopSeconds}`];
  // Detached: a second, impatient Ctrl-C must not end the wait.
  const { code, output } = await runAs(server.account, server.binaries.pgCtl, args, { detached: true });
  if (code === 0 || output.includes('PID file') || output.includes('No such process')) return;
  throw new OperatorError(
    `The embedded PostgreSQL in ${server.clusterDir} did not stop: ${output.trim()} Its log is ${server.logFile}.`,
  );
}

/** What must be as it is, whatever the caller's settings say. */
function ownSettings({ folder }: Server, port: number): Settings {
  const fits = Buffer.byteLength(`${folder}/.s.PGSQL.${port}`) <= maxSocketPath;
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // A list: the double quotes keep a comma in the path from being a separator.
    unix_socket_directories: fits ? `"${folder}"` : '',
    cluster_name: 'hedgerow',
  };
}

/** pg_ctl hands the options to a shell. */
const optionsOf = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c '${`${name}=${value}`.replaceAll("'", "'\\''")}'`)
    .join(' ');

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function readFrom(path: string, position: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  try {
    const length = Math.max(0, (await sizeOf(path)) - position);
    const read = await file?.read({ buffer: Buffer.alloc(length), position });
    return read ? read.buffer.toString('utf8', 0, read.bytesRead) : '';
  } finally {
    await file?.close();
  }
}

/** The end of a program's output, where it tells why it gave up. */
export const lastLines = (text: string, count: number): string => text.trim().split('\n').slice(-count).join('\n');

const didNotStart = (server: Server, log: string): OperatorError =>
  new OperatorError(
    `The embedded PostgreSQL in ${server.clusterDir} did not start. The end of its log (${server.logFile}):\n` +
      `${lastLines(log, 12)}\n` +
      'Mend what it names and start again, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
