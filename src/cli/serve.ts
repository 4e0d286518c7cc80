/** `hedgerow serve`: reads the configuration, opens the database, starts the API, and stops it on a signal. */
import type { DestinationStream } from 'pino';
import pinoPretty from 'pino-pretty';
import { type Config, parseConfig } from '../config.ts';
import { openDatabase } from '../database/open.ts';
import { readTrustedDocuments } from '../graphql/trusted-documents.ts';
import { createLogger } from '../http/request-log.ts';
import { start } from '../start.ts';
import { banner } from './banner.ts';
import type { Environment } from './environment.ts';
import { cast } from './seed.ts';

/** Serves until a signal; resolves when everything is stopped. */
export async function serve(env: Environment): Promise<void> {
  const config = parseConfig(env, 'serve');
  const log = createLogger(config.logLevel, destinationFor(config));
  const trustedDocuments = config.trustedDocuments ? await readTrustedDocuments(config.trustedDocuments) : undefined;
  const stopSignal = nextStopSignal();

  const database = await openDatabase(config);
  try {
    const running = await start(config, database, log, { trustedDocuments, demoUsers: cast });
    try {
      process.stdout.write(
        banner({
          env,
          url: running.url,
          database,
          environment: config.environment,
          issuesTokens: config.tokenKeys.kind !== 'jwks',
          hasAccounts: config.accounts !== undefined,
          trustedDocuments,
        }),
      );
      log.info({ signal: await stopSignal }, 'stopping');
    } finally {
      await running.stop();
    }
  } finally {
    await database.release();
  }
  log.info('stopped');
}

/** A person at a terminal gets readable lines; everything else gets JSON, one object a line. */
function destinationFor({ environment }: Config): DestinationStream | undefined {
  if (environment !== 'development' || !process.stdout.isTTY) return undefined;
  return pinoPretty({
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'req,res,responseTime',
    messageFormat: '{msg}',
  });
}

/** Resolves with the first SIGINT or SIGTERM. The second ends the process at once. */
function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve(signal);
      });
    }
  });
}
