/** `hedgerow serve`: reads the configuration, opens the database, starts the API, and stops it on a signal. */
import { parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { banner } from './banner.ts';
import type { Environment } from './environment.ts';
import { openLog } from './log.ts';
import { nextStopSignal } from './stop-signal.ts';

/** Serves until a signal; resolves when everything is stopped. */
export async function serve(env: Environment): Promise<void> {
  const config = parseConfig(env, 'serve');
  const log = await openLog(config);
  const stopSignal = nextStopSignal();

  const database = await openDatabase(config);
  try {
    // What serves takes a hundred megabytes: a process that leaves it to workers does not load it.
    const serving =
      config.workers === 1
        ? await (await import('./serve/here.ts')).serveHere(config, database, log)
        : await (await import('./serve/over-cores.ts')).serveOverCores(env, config, database, log);
    try {
      process.stdout.write(
        banner({
          env,
          url: serving.url,
          database,
          environment: config.environment,
          issuesTokens: config.tokenKeys.kind !== 'jwks',
          hasAccounts: config.accounts !== undefined,
          documents: serving.documents,
        }),
      );
      log.info({ signal: await stopSignal }, 'stopping');
    } finally {
      await serving.stop();
    }
  } finally {
    await database.release();
  }
  log.info('stopped');
}
