/** Comes to hold a running server: joins the one that runs, or starts it. To be called under the lock of the data folder. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../../errors.ts';
import { takeHold, type Holder } from './holder.ts';
import { passwordFile } from './password.ts';
import { pgtapSettings } from './pgtap.ts';
import { findPostmaster } from './postmaster.ts';
import { startServer, stopServer, type Server, type Settings } from './server.ts';
import { readState, remember } from './state.ts';

/** How long a server that is found starting or stopping may take. */
const patienceMs = 60_000;

type Access = { dataDir: string; password: string; settings: Settings };
type ConnectionError = Error & { code?: string };

/** Gives the hold and the superuser's URL. The settings count only if the server is started. OperatorError when it fails. */
export async function joinOrStart(server: Server, access: Access): Promise<{ holder: Holder; adminUrl: string }> {
  const deadline = Date.now() + patienceMs;
  let startedHere = false;
  for (;;) {
    let port = (await findPostmaster(server))?.port;
    if (port === undefined) {
      port = await start(server, access);
      startedHere = true;
    }
    const adminUrl = `postgres://postgres:${access.password}@127.0.0.1:${port}/postgres`;
    try {
      return { holder: await takeHold(adminUrl), adminUrl };
    } catch (error) {
      if (!isPassing(error as ConnectionError) || Date.now() > deadline) {
        if (startedHere) await stopServer(server);
        throw refused(server, access.dataDir, error as ConnectionError);
      }
    }
    await sleep(100);
  }
}

/** What the view admin.slow_statements needs; `bootstrap` makes the extension where the server has it loaded. */
const countStatements: Settings = { shared_preload_libraries: 'pg_stat_statements' };

async function start(server: Server, { dataDir, settings }: Access): Promise<number> {
  const { port: lastPort } = await readState(dataDir);
  const port = await startServer(
    server,
    { ...countStatements, ...(await pgtapSettings(server)), ...settings },
    lastPort,
  );
  if (port !== lastPort) await remember(dataDir, { port });
  return port;
}

/** What a server says that is just starting or stopping: cannot_connect_now, admin_shutdown, or a closed door. */
const isPassing = ({ code = '', message }: ConnectionError): boolean =>
  ['57P03', '57P01', 'ECONNREFUSED', 'ECONNRESET'].includes(code) || message.includes('terminated unexpectedly');

function refused(server: Server, dataDir: string, error: ConnectionError): OperatorError {
  // invalid_password
  const advice =
    error.code === '28P01'
      ? `The password in ${passwordFile(dataDir)} is not that of this database. Put the right one back, or remove ` +
        `${server.clusterDir} to begin with an empty database.`
      : `Its log is ${server.logFile}.`;
  return new OperatorError(`The embedded PostgreSQL in ${server.clusterDir} refused us: ${error.message}. ${advice}`, {
    cause: error,
  });
}
