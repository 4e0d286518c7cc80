/** `hedgerow serve`: from the configuration to a listening API, and down again on a signal. */
import type { DestinationStream, Logger } from 'pino';
import pinoPretty from 'pino-pretty';
import { createApp } from '../app.ts';
import { openGeneratedSecret } from '../auth/generated-secret.ts';
import { issueToken } from '../auth/issue-token.ts';
import { createTokenVerifier, type TokenKeys } from '../auth/verify-token.ts';
import { type Config, parseConfig } from '../config.ts';
import { createChanges } from '../database/changes.ts';
import { type OpenDatabase, openDatabase } from '../database/open.ts';
import { createPool } from '../database/pool.ts';
import { selfTest } from '../database/self-test.ts';
import { waitForDatabase } from '../database/wait.ts';
import { readTrustedDocuments, type TrustedDocuments } from '../graphql/trusted-documents.ts';
import { createLogger } from '../http/request-log.ts';
import { listen, type RunningServer } from '../http/server.ts';
import { banner } from './banner.ts';
import { cast } from './seed.ts';
import type { Environment } from './environment.ts';

/** A day: long enough for a working session in the playground. */
const playgroundTokenSeconds = 86_400;

/** Serves until a signal; resolves when everything is stopped. */
export async function serve(env: Environment): Promise<void> {
  const config = parseConfig(env, 'serve');
  const log = createLogger(config.logLevel, destinationFor(config));
  const trustedDocuments = config.trustedDocuments ? await readTrustedDocuments(config.trustedDocuments) : undefined;
  const stopSignal = nextStopSignal();

  const database = await openDatabase(config);
  try {
    const running = await start(config, database, log, trustedDocuments);
    try {
      process.stdout.write(
        banner({
          env,
          url: running.url,
          database,
          environment: config.environment,
          issuesTokens: config.tokenKeys.kind !== 'jwks',
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

type Running = { url: string; stop(): Promise<void> };

async function start(
  config: Config,
  database: OpenDatabase,
  log: Logger,
  trustedDocuments: TrustedDocuments | undefined,
): Promise<Running> {
  const url = database.apiUrl!;
  await waitForDatabase(url, 'DATABASE_URL', config.startTimeoutMs, log);
  const pool = createPool({ url, ...config.pool }, log);
  const changes = createChanges({ url: database.listenUrl ?? url }, log);
  try {
    await selfTest(pool);
    const keys = await openTokenKeys(config);
    const app = await createApp({
      config,
      pool,
      changes,
      verifyToken: createTokenVerifier(keys, config.tokenRules, {
        onFailure: (err) => log.warn({ err }, 'the keys of HEDGEROW_JWKS_URL could not be fetched'),
      }),
      log,
      trustedDocuments,
      // It sends what is typed into it, and would be refused everything.
      playground:
        config.environment === 'development' && !trustedDocuments
          ? { tokens: await playgroundTokens(config, keys) }
          : undefined,
    });
    const server: RunningServer = await listen(app, config);
    return {
      url: server.url,
      async stop() {
        await server.stop(config.stopTimeoutMs);
        await app.release();
        await changes.release();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function openTokenKeys({ tokenKeys, dataDir }: Config): Promise<TokenKeys> {
  return tokenKeys.kind === 'generated' ? { kind: 'secret', secret: await openGeneratedSecret(dataDir) } : tokenKeys;
}

async function playgroundTokens({ tokenRules }: Config, keys: TokenKeys): Promise<Record<string, string>> {
  if (keys.kind !== 'secret') return {};
  const tokens: Record<string, string> = {};
  for (const person of cast) {
    tokens[person.sub] = await issueToken(keys.secret, {
      ...person,
      ...tokenRules,
      lifetimeSeconds: playgroundTokenSeconds,
    });
  }
  return tokens;
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
