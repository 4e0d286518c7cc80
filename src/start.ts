/** From the configuration and an open database to a listening API: every part is made here, once, and let go of in reverse. */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { deleteDataOf } from './accounts/delete-data.ts';
import type { IdentityProvider } from './accounts/provider.ts';
import { createApp } from './app.ts';
import { openGeneratedSecret } from './auth/generated-secret.ts';
import type { Identity } from './auth/identity.ts';
import { issueToken } from './auth/issue-token.ts';
import { createTokenVerifier, eitherVerifier, type TokenKeys, type VerifyToken } from './auth/verify-token.ts';
import type { AccountsConfig, Config } from './config.ts';
import { createChanges } from './database/changes.ts';
import { fencedTransactions } from './database/fence.ts';
import type { ServerUrls } from './database/open.ts';
import { createPool } from './database/pool.ts';
import { selfTest } from './database/self-test.ts';
import { waitForDatabase } from './database/wait.ts';
import type { Playground } from './graphql/playground.ts';
import type { TrustedDocuments } from './graphql/trusted-documents.ts';
import { createRateLimits } from './http/rate-limit.ts';
import { listen } from './http/server.ts';

export type Running = {
  /** Where it answers, such as `http://127.0.0.1:4000`. */
  url: string;
  /** Lets running requests finish, then lets go of everything but the database. */
  stop(): Promise<void>;
};

/** A day: long enough for a working session in the playground. */
const playgroundTokenSeconds = 86_400;

/** Connections for accounts and counts: signing in is rare, and its cost is hashing. */
const authPoolSize = 4;

export type Extras = {
  /** Nothing but these is executed; without them, any document. */
  trustedDocuments?: TrustedDocuments;
  /** Whose tokens the playground offers, in development. */
  demoUsers?: readonly Pick<Identity, 'sub' | 'email' | 'name'>[];
};

/**
 * Starts the API.
 * @throws OperatorError when the database is not as it has to be, or the address cannot be had
 */
export async function start(
  config: Config,
  database: ServerUrls,
  log: Logger,
  { trustedDocuments, demoUsers = [] }: Extras = {},
): Promise<Running> {
  const url = database.apiUrl!;
  await waitForDatabase(url, 'DATABASE_URL', config.startTimeoutMs, log);
  const pool = createPool({ url, ...config.pool }, log);
  const authPool = config.usesAuthSchema
    ? createPool({ url: database.authUrl!, size: authPoolSize, acquireTimeoutMs: config.pool.acquireTimeoutMs }, log)
    : undefined;
  const changes = createChanges({ url: database.listenUrl ?? url }, log);
  const endPools = () => Promise.all([pool.end(), authPool?.end()]);
  try {
    await selfTest(pool);
    if (authPool) await (await import('./accounts/self-test.ts')).authSelfTest(authPool);
    const keys = await openTokenKeys(config);
    const provider = config.accounts && (await openProvider(config, config.accounts, keys, pool, authPool!, log));
    const limits = createRateLimits(config.rateLimits, config.rateLimits.store === 'postgres' ? authPool : undefined);
    const app = await createApp({
      config,
      pool,
      changes,
      verifyToken: verifierFor(config, keys, provider, log),
      limits,
      accounts:
        provider &&
        (await import('./accounts/routes.ts')).accountRoutes({ provider, bodyLimit: config.bodyLimit, limits }),
      log,
      trustedDocuments,
      // It sends what is typed into it, and would be refused everything.
      playground:
        config.environment === 'development' && !trustedDocuments
          ? await playgroundFor(config, keys, demoUsers)
          : undefined,
    });
    const server = await listen(app, config);
    return {
      url: server.url,
      async stop() {
        await server.stop(config.stopTimeoutMs);
        await app.release();
        await provider?.release();
        await changes.release();
        await endPools();
      },
    };
  } catch (error) {
    await endPools();
    throw error;
  }
}

async function openTokenKeys({ tokenKeys, dataDir }: Config): Promise<TokenKeys> {
  return tokenKeys.kind === 'generated' ? { kind: 'secret', secret: await openGeneratedSecret(dataDir) } : tokenKeys;
}

async function openProvider(
  config: Config,
  accounts: AccountsConfig,
  keys: TokenKeys,
  pool: Pool,
  authPool: Pool,
  log: Logger,
): Promise<IdentityProvider> {
  if (keys.kind !== 'secret') throw new TypeError('The embedded provider needs a secret: see parseConfig.');
  // Better Auth takes half a second to load, which servers without accounts do not have to wait for.
  const { createIdentityProvider } = await import('./accounts/provider.ts');
  const name = accounts.publicUrl ?? `http://${config.host}:${config.port}`;
  return createIdentityProvider({
    config: accounts,
    pool: authPool,
    secret: keys.secret,
    previousSecret: keys.previousSecret,
    issuer: config.tokenRules.issuer ?? name,
    audience: config.tokenRules.audience ?? name,
    frontendOrigins: config.frontendOrigins,
    onDelete: deleteDataOf(fencedTransactions(pool), config.timeouts),
    log,
  });
}

/** Whose tokens are good: those of the embedded provider; in development beside them those of `hedgerow token`; else those of the configuration. */
function verifierFor(
  { environment, tokenRules }: Config,
  keys: TokenKeys,
  provider: IdentityProvider | undefined,
  log: Logger,
): VerifyToken {
  if (!provider) {
    if (keys.kind === 'jwks' && tokenRules.audience === undefined) {
      log.warn(
        'HEDGEROW_AUDIENCE is not set: whatever the issuer signs is accepted, also what it signs for others than this API',
      );
    }
    return createTokenVerifier(keys, tokenRules, {
      onFailure: (err) => log.warn({ err }, 'the keys of HEDGEROW_JWKS_URL could not be fetched'),
    });
  }
  const byProvider = createTokenVerifier(
    { kind: 'provider', fetchKeySet: () => provider.fetchKeySet() },
    { ...tokenRules, issuer: provider.issuer, audience: provider.audience },
    {
      // Asking costs a query, not a request to somebody else: another process may have made a new key just now.
      cooldownMs: 1_000,
      onFailure: (err) => log.warn({ err }, 'the keys of the accounts could not be read'),
    },
  );
  return environment === 'production' ? byProvider : eitherVerifier(createTokenVerifier(keys, tokenRules), byProvider);
}

async function playgroundFor(
  { tokenRules, accounts }: Config,
  keys: TokenKeys,
  demoUsers: NonNullable<Extras['demoUsers']>,
): Promise<Playground> {
  const tokens: Record<string, string> = {};
  if (keys.kind === 'secret') {
    for (const person of demoUsers) {
      tokens[person.sub] = await issueToken(keys.secret, {
        ...person,
        ...tokenRules,
        lifetimeSeconds: playgroundTokenSeconds,
      });
    }
  }
  return { tokens, signIn: accounts !== undefined };
}
