/** The API on a real port, over a database of the test file's own, and people who talk to it. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { createApp, type App, type AppOptions } from '../../src/app.ts';
import { createTokenVerifier } from '../../src/auth/verify-token.ts';
import { type Changes, createChanges } from '../../src/database/changes.ts';
import { createRateLimits } from '../../src/http/rate-limit.ts';
import { type TestDatabase, useDatabase } from './database.ts';
import { exportOnce, onExport } from './export.ts';
import { inSeconds, mint, testSecret } from './tokens.ts';

export type GraphQLAnswer = {
  status: number;
  headers: Headers;
  // Tests read deep into answers of which they know the shape.
  data?: any;
  errors?: { message: string; path?: string[]; extensions: { code: string; requestId: string } }[];
};

export type Api = {
  database: TestDatabase;
  url: string;
  /** Lines of the log, parsed. */
  logged: Record<string, any>[];
  /** Sends any request. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** One GraphQL operation with that token, or with none. */
  query(token: string | undefined, document: string, variables?: object): Promise<GraphQLAnswer>;
  /** The same as a person of the cast, with a token that holds nothing but `sub` and `exp`. */
  as(sub: string): (document: string, variables?: object) => Promise<GraphQLAnswer>;
};

export const defaultLimits = {
  pool: { size: 10, acquireTimeoutMs: 5_000 },
  frontendOrigins: ['http://localhost:3000'],
  timeouts: { statementMs: 5_000, lockMs: 2_000, idleInTransactionMs: 5_000 },
  bodyLimit: 100_000,
  introspection: true,
  sessionSubjects: true,
  trustedProxies: 0,
  preparedStatements: true,
};

/** As many requests as a test likes. */
export const noLimits = createRateLimits({ perUser: 0, perAddress: 0, store: 'memory' });

/** What the API is given in tests, on that pool. */
export const appOptions = (own: Pick<AppOptions, 'pool' | 'changes' | 'log'>): AppOptions => ({
  config: defaultLimits,
  verifyToken: createTokenVerifier({ kind: 'secret', secret: testSecret }, { clockSkewSeconds: 60 }),
  limits: noLimits,
  ...own,
});

export type Listening = {
  url: string;
  server: Server;
  /** Ends the app and its connections; the schema, the pool and what is listened to are the caller's. */
  close(): Promise<void>;
};

/** Serves the app, WebSockets too, on a free port of this machine. */
export async function listen(app: App, handler: RequestListener = app.handler): Promise<Listening> {
  const server = createServer(handler);
  app.attachWebSockets(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async close() {
      await app.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A token of a person: nothing but `sub` and an `exp` five minutes away. */
export const tokenOf = (sub: string): string => mint({ sub, exp: inSeconds(300) });

/** Registers set-up and tear-down of the API for the test file. */
export function useApi(overrides: Partial<AppOptions> = {}): Api {
  const database = useDatabase();
  const api = { database, logged: [] as Api['logged'] } as Api;
  let app: App;
  let changes: Changes;
  let listening: Listening;

  beforeAll(async () => {
    const log = pino({ level: 'debug' }, { write: (line) => void api.logged.push(JSON.parse(line)) });
    changes = createChanges({ url: database.apiUrl }, log);
    const schemaFolder = onExport.isAsked ? await exportOnce(database.apiUrl) : undefined;
    app = await createApp({ ...appOptions({ pool: database.pool, changes, log }), schemaFolder, ...overrides });
    if (schemaFolder && !api.logged.some(({ msg }) => msg === 'the schema is the exported one')) {
      throw new Error(`The export was not served: ${JSON.stringify(api.logged)}`);
    }
    listening = await listen(app);
    api.url = listening.url;
  });

  afterAll(async () => {
    await listening.close();
    await app.release();
    await changes.release();
  });

  api.fetch = (path, init) => fetch(api.url + path, init);
  api.query = async (token, document, variables) => {
    const response = await api.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: document, variables }),
    });
    return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
  };
  api.as = (sub) => (document, variables) => api.query(tokenOf(sub), document, variables);
  return api;
}

/** The code of the first error, or undefined when there is none. */
export const codeOf = (answer: GraphQLAnswer): string | undefined => answer.errors?.[0]?.extensions.code;
