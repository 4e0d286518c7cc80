/** How a request reaches the database: log → headers → health → accounts → token → limit → body → GraphQL or REST, which opens the fenced transaction. */
import type { IncomingMessage, Server } from 'node:http';
import cors from 'cors';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { grafserv } from 'postgraphile/grafserv/express/v4';
import { accountsPath } from './accounts/path.ts';
import type { VerifyToken } from './auth/verify-token.ts';
import type { Config } from './config.ts';
import type { Changes } from './database/changes.ts';
import { readConstraintRules } from './database/constraint-rules.ts';
import { fencedTransactions } from './database/fence.ts';
import { settingsFor, withSubjectShown } from './database/settings.ts';
import { ApiError } from './errors.ts';
import { withPublicRefusals } from './graphql/answers.ts';
import type { ErrorContext } from './graphql/errors.ts';
import { exportFolder } from './graphql/exported.ts';
import { openSchema } from './graphql/open-schema.ts';
import { createPreset } from './graphql/preset.ts';
import { type Playground, playgroundHeaders, playgroundPaths } from './graphql/playground.ts';
import { checkTrustedDocuments, type TrustedDocuments } from './graphql/trusted-documents.ts';
import { serveWebSockets } from './graphql/websocket.ts';
import { addressOf } from './http/address.ts';
import { authenticate, type Identities } from './http/authenticate.ts';
import { answerError, notFound } from './http/errors.ts';
import { requireJsonObject } from './http/json-body.ts';
import { healthRoutes } from './http/health.ts';
import { type Limits, limitUser } from './http/rate-limit.ts';
import { logOnDemand, requestLog } from './http/request-log.ts';
import { createEvents } from './rest/events.ts';
import { createOperations } from './rest/execute.ts';
import { onDemand } from './rest/on-demand.ts';
import { restRoutes } from './rest/router.ts';

export type AppOptions = {
  config: Pick<
    Config,
    | 'frontendOrigins'
    | 'timeouts'
    | 'bodyLimit'
    | 'introspection'
    | 'sessionSubjects'
    | 'trustedProxies'
    | 'preparedStatements'
  >;
  pool: Pool;
  /** What subscriptions listen to; the caller's, like the pool. */
  changes: Changes;
  verifyToken: VerifyToken;
  limits: Pick<Limits, 'api'>;
  /** Sign-up and sign-in; without them people sign in elsewhere. */
  accounts?: Router;
  log: Logger;
  /** Nothing but these is executed; without them, any document. */
  trustedDocuments?: TrustedDocuments;
  /** Where the exported schema lies, if there is one; that of the package by default. */
  schemaFolder?: string;
  /** Given in development only: serves the playground, which offers these tokens by name. */
  playground?: Playground;
};

export type App = {
  /** The request handler, for an HTTP server. */
  handler: Express;
  /** Serves WebSockets on that server too. */
  attachWebSockets(server: Server): void;
  /** From now on `/readyz` says no; WebSockets are closed. Requests that run go on. */
  stop(): Promise<void>;
  /** Lets go of the schema. The pool is the caller's. */
  release(): Promise<void>;
};

/**
 * Builds the API on a pool whose login has passed the self-test.
 * @throws OperatorError when trusted documents do not fit the schema
 */
export async function createApp({
  config,
  pool,
  changes,
  verifyToken,
  limits,
  accounts,
  log,
  trustedDocuments,
  schemaFolder = exportFolder,
  playground,
}: AppOptions): Promise<App> {
  const identities: Identities = new WeakMap();
  const withTransaction = fencedTransactions(pool);
  const rules = await readConstraintRules(withTransaction);
  const stopping: (() => Promise<void>)[] = [];
  let isStopping = false;

  const errorContextOf = (request: IncomingMessage): ErrorContext => ({ request, rules, timeouts: config.timeouts });

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustedProxies);
  logOnDemand(app, log);

  const preset = createPreset({
    pool,
    prepare: config.preparedStatements,
    settingsOf(request, isMutation) {
      const identity = identities.get(request);
      if (!identity) throw new ApiError('UNAUTHENTICATED');
      // Where a request comes from is for the history of tasks, which has nothing of those that read.
      const origin = isMutation ? { requestId: request.id, address: addressOf(app, request) } : undefined;
      const settings = settingsFor(identity, config.timeouts, origin);
      return config.sessionSubjects ? withSubjectShown(settings) : settings;
    },
    errorContextOf,
    changes,
    introspection: config.introspection,
    trustedDocuments,
    playground,
  });
  const schema = await openSchema({ folder: schemaFolder, withTransaction, preset, log });
  const serv = withPublicRefusals(grafserv({ preset, schema }));

  app.use(requestLog(log));
  app.use(helmet());
  app.use(accountsPath, cors({ ...corsOptions(config.frontendOrigins), credentials: true }));
  app.use(cors(corsOptions(config.frontendOrigins)));
  const entrance = [
    authenticate(verifyToken, identities),
    limitUser(limits.api, identities),
    express.json({ limit: config.bodyLimit }),
  ];
  const graphql = serv.createHandler();
  // First what comes most: each thing before it is looked at for each request.
  app.all('/graphql', entrance, requireJsonObject, graphql);
  app.use(healthRoutes(withTransaction, () => isStopping));
  app.use(accountsPath, accounts ?? notFound);
  app.all(
    '/openapi.json',
    onDemand(async () => (await import('./rest/document-routes.ts')).documentRoutes()),
  );
  app.all(
    '/docs{/*asset}',
    onDemand(async () => (await import('./rest/viewer.ts')).viewerRoutes()),
  );
  if (playground) app.use(playgroundPaths, playgroundHeaders).use(graphql);
  const operations = createOperations(serv);
  const events = createEvents(operations, identities);
  stopping.push(events.stop);
  app.use('/api', entrance, restRoutes(operations, events.handler, identities));
  app.use(notFound);
  app.use(answerError);
  // The rules of validation are complete then.
  await serv.ready();
  if (trustedDocuments) checkTrustedDocuments(trustedDocuments, schema, serv.dynamicOptions.validationRules);

  return {
    handler: app,
    attachWebSockets(server) {
      stopping.push(
        serveWebSockets(server, serv, {
          verifyToken,
          limit: limits.api,
          identities,
          log,
          errorContextOf,
          messageLimit: config.bodyLimit,
        }),
      );
    },
    async stop() {
      isStopping = true;
      await Promise.all(stopping.map((stop) => stop()));
    },
    async release() {
      await serv.release();
    },
  };
}

/** Browsers may call from the configured origins only (C-45). Tokens travel in a header; cookies are for sessions, below /api/auth. */
const corsOptions = (origins: string[]): cors.CorsOptions => ({
  origin: origins,
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  allowedHeaders: ['Authorization', 'Content-Type', 'X-Request-Id', 'If-Match', 'If-None-Match'],
  exposedHeaders: ['X-Request-Id', 'Retry-After', 'Location', 'ETag', 'Set-Auth-Token', 'Set-Auth-Jwt'],
  maxAge: 600,
});
