/** How a request reaches the database: log → headers → health → accounts → token → limit → body → its turn → GraphQL or REST, which opens the fenced transaction. */
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import cors from 'cors';
import express, { type RequestHandler, type Router } from 'express';
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
import { makeRefusalsPublic } from './graphql/answers.ts';
import type { ErrorContext } from './graphql/errors.ts';
import { exportFolder } from './graphql/exported.ts';
import { openSchema } from './graphql/open-schema.ts';
import { createPreset } from './graphql/preset.ts';
import { type Playground, playgroundHeaders, playgroundPaths } from './graphql/playground.ts';
import { answerPosts } from './graphql/post.ts';
import { checkTrustedDocuments, type TrustedDocuments } from './graphql/trusted-documents.ts';
import { serveWebSockets } from './graphql/websocket.ts';
import { addressOf } from './http/address.ts';
import { authenticate, type Identities } from './http/authenticate.ts';
import { answerError, notFound } from './http/errors.ts';
import { corsOptions, createHeaders } from './http/headers.ts';
import { healthRoutes } from './http/health.ts';
import { requireJsonObject } from './http/json-body.ts';
import type { Limits } from './http/rate-limit.ts';
import { requestLog } from './http/request-log.ts';
import { createTurns } from './http/turns.ts';
import { createEvents } from './rest/events.ts';
import { createOperations } from './rest/execute.ts';
import { onDemand } from './rest/on-demand.ts';
import { restRoutes } from './rest/router.ts';

export type AppOptions = {
  config: Pick<
    Config,
    | 'pool'
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
  handler: RequestListener;
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
  const serv = grafserv({ preset, schema });
  const processRequest = makeRefusalsPublic(serv);

  const identify = authenticate(verifyToken, identities);
  const enter = async (request: IncomingMessage) => {
    const { sub } = await identify(request);
    await limits.api(sub);
  };
  const turns = createTurns(config.pool);
  const headers = createHeaders(config.frontendOrigins);

  const noteRequest = requestLog(log);
  const answerPost = answerPosts({ processRequest, enter, turns, headers, bodyLimit: config.bodyLimit });
  const refused = new WeakMap<IncomingMessage, unknown>();

  app.use(accountsPath, cors({ ...corsOptions(config.frontendOrigins), credentials: true }));
  app.use(headers.set);
  // What was refused on the short way is answered like any error.
  app.use((request, _response, next) => next(refused.get(request)));
  const entrance: RequestHandler[] = [
    async (request, _response, next) => {
      await enter(request);
      next();
    },
    express.json({ limit: config.bodyLimit }),
  ];
  const takeTurn: RequestHandler = async (_request, response, next) => {
    await turns.take(response);
    next();
  };
  const graphql = serv.createHandler();
  app.all('/graphql', entrance, requireJsonObject, takeTurn, graphql);
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
  app.use('/api', entrance, restRoutes(operations, events.handler, identities, turns));
  app.use(notFound);
  app.use(answerError);
  // The rules of validation are complete then.
  await serv.ready();
  if (trustedDocuments) checkTrustedDocuments(trustedDocuments, schema, serv.dynamicOptions.validationRules);

  return {
    handler(request, response) {
      noteRequest(request, response);
      answerPost(request, response, (error) => {
        if (error !== undefined) refused.set(request, error);
        app(request, response);
      });
    },
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
