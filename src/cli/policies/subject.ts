/**
 * What a command of `hedgerow policies` works on: the configuration, the database to look at, throw-away copies. Without a database or a build
 * in the configuration it is Hedgerow's own: the configured or embedded server, and the committed migrations.
 */
import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, relative, resolve } from 'node:path';
import pg from 'pg';
import { parseConfig } from '../../config.ts';
import { bootstrap } from '../../database/bootstrap.ts';
import { connect } from '../../database/connect.ts';
import { startEmbeddedPostgres } from '../../database/embedded/start.ts';
import { migrate } from '../../database/migrations.ts';
import { openDatabase } from '../../database/open.ts';
import { onDatabase, readDatabaseUrl } from '../../database/url.ts';
import { OperatorError } from '../../errors.ts';
import { readProofConfig, type ProofConfig, type ProofFlags } from '../../proof/config.ts';
import { buildByCommand, openSource, releaseSources, type Build, type Source } from '../../proof/source.ts';
import { readPsqlFile } from '../../proof/tap/psql-file.ts';
import type { Environment } from '../environment.ts';

/** Ctrl-C, a supervisor's end, a terminal that was closed. */
const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Subject = {
  config: ProofConfig;
  /** A superuser's URL of the database that the configuration means; absent when it is only built. */
  databaseUrl?: string;
  /** A superuser's URL on the server where throw-away databases are made. */
  serverUrl: string;
  /** Makes the schema of a folder's migrations in an empty database; absent when the database is only copied. */
  build?: (folder: string) => Build;
  /** Throw-away databases, with the files of `apply` on top. Released with the subject. */
  openSource(prepare?: Build): Promise<Source>;
  release(): Promise<void>;
};

/**
 * Opens what the flags, the file and the environment name. The caller releases it; an interruption does too.
 * @throws OperatorError
 */
export async function openSubject(flags: ProofFlags, env: Environment): Promise<Subject> {
  const config = await readProofConfig(flags, env);
  const place = await openPlace(config, env);
  const sources: Source[] = [];
  const release = async () => {
    for (const signal of interruptions) process.off(signal, interrupted);
    for (const source of sources) await source.release();
    await place.release();
  };
  const interrupted = (signal: NodeJS.Signals) => {
    // What is at work with a database that goes has nothing to tell.
    process.on('uncaughtException', () => {});
    process.on('unhandledRejection', () => {});
    const end = releaseSources().finally(release);
    // As a shell counts it: 130 for Ctrl-C.
    void end.finally(() => process.exit(128 + constants.signals[signal]));
  };
  for (const signal of interruptions) process.once(signal, interrupted);

  return {
    config: { ...config, ...(place.logins && { logins: place.logins }) },
    ...place,
    release,
    async openSource(prepare) {
      if (env.NODE_ENV === 'production') {
        throw new OperatorError(
          'This makes throw-away databases, which is not for production: NODE_ENV is production.',
        );
      }
      const source = await openSource(
        place.databaseUrl ?? place.serverUrl,
        place.build?.(config.folder),
        async (url) => {
          await applyFiles(url, config.apply);
          await prepare?.(url);
        },
      );
      sources.push(source);
      return source;
    },
  };
}

type Place = Pick<Subject, 'databaseUrl' | 'serverUrl' | 'build' | 'release'> & {
  /** Go before those of the configuration. */
  logins?: string[];
};

async function openPlace(config: ProofConfig, env: Environment): Promise<Place> {
  const { database, build } = config;
  if (database !== undefined && build === undefined) {
    return { databaseUrl: database, serverUrl: database, release: async () => {} };
  }
  if (build !== undefined) {
    const server =
      database !== undefined
        ? { adminUrl: database, release: async () => {} }
        : await startEmbeddedPostgres({ dataDir: resolve(env.HEDGEROW_DATA_DIR || '.hedgerow') });
    return {
      serverUrl: server.adminUrl,
      build: (folder) => buildByCommand(build, folder, env),
      release: server.release,
    };
  }

  const own = await openDatabase(parseConfig(env, 'policies'));
  const { adminUrl, ownerUrl, apiUrl } = own as Required<typeof own>;
  const { database: name } = readDatabaseUrl(ownerUrl, 'HEDGEROW_OWNER_URL');
  return {
    databaseUrl: onDatabase(adminUrl, name),
    serverUrl: adminUrl,
    logins: [readDatabaseUrl(apiUrl, 'DATABASE_URL').user],
    build: (folder) => buildHedgerow({ adminUrl, ownerUrl, apiUrl }, join(folder, '../migrations')),
    release: own.release,
  };
}

/**
 * Roles, rights and committed migrations, as `bootstrap` and `migrate` make them.
 * @param migrations holds `committed/`
 */
function buildHedgerow(
  { adminUrl, ownerUrl, apiUrl }: Record<'adminUrl' | 'ownerUrl' | 'apiUrl', string>,
  migrations: string,
): Build {
  return async (url) => {
    if (!existsSync(join(migrations, 'committed'))) {
      throw new OperatorError(
        `There is no ${relative('', join(migrations, 'committed'))}: Hedgerow is built from the migrations beside its policies. For a schema of your own, name its "database" in the configuration, or how to "build" it.`,
      );
    }
    const { database } = readDatabaseUrl(url, 'the throw-away database');
    const owner = readDatabaseUrl(ownerUrl, 'HEDGEROW_OWNER_URL').user;
    await query(url, `alter database ${database} owner to ${pg.escapeIdentifier(owner)}`);
    await bootstrap({
      // The same for all, because it is there that bootstraps take turns.
      adminUrl,
      ownerUrl: onDatabase(ownerUrl, database),
      apiUrl: onDatabase(apiUrl, database),
    });
    await migrate(onDatabase(ownerUrl, database), undefined, migrations);
  };
}

async function applyFiles(url: string, patterns: readonly string[]): Promise<void> {
  for (const pattern of patterns) {
    for await (const file of glob(pattern)) {
      await query(url, await readPsqlFile(file)).catch((error: pg.DatabaseError) => {
        throw new OperatorError(`${file}: ${error.message}`);
      });
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = await connect(url, 'the throw-away database');
  await client.query(sql).finally(() => client.end());
}

/** Connects to the database that the configuration means, or to one that is built for it. */
export async function withDatabase<Result>(
  { databaseUrl, openSource }: Subject,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  if (databaseUrl === undefined) return withCopy(await openSource(), use);
  const client = await connect(databaseUrl, 'the database to look at');
  return use(client).finally(() => client.end());
}

/** Connects to a copy, which is dropped afterwards. */
export async function withCopy<Result>(source: Source, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const copy = await source.copy();
  const client = await connect(copy.url, 'the throw-away database');
  try {
    return await use(client);
  } finally {
    await client.end();
    await copy.drop();
  }
}
