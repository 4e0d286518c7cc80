/** The whole server as `hedgerow serve` wires it, in this process, with the environment that a test spells out, on a database of its own. */
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import { type Running, start } from '../../src/start.ts';
import type { GraphQLAnswer } from './api.ts';
import { type TestDatabase, useDatabase } from './database.ts';
import { testSecret } from './tokens.ts';

export type TestServer = {
  database: TestDatabase;
  url: string;
  /** Lines of the log, parsed. */
  logged: Record<string, any>[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Posts JSON, with more headers when given. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  query(token: string, document: string, variables?: object): Promise<GraphQLAnswer>;
  /** Stops it and starts it anew, with more environment when given. */
  restart(env?: Record<string, string>): Promise<void>;
};

/** A JSON answer, read. */
export type Answer = { status: number; headers: Headers; body: any };

/** Registers set-up and tear-down for the test file. `env` adds to what it takes to serve accounts. */
export function useServer(env: Record<string, string> | (() => Record<string, string>) = {}): TestServer {
  const database = useDatabase();
  const server = { database, logged: [] as TestServer['logged'] } as TestServer;
  const log = pino({ level: 'debug' }, { write: (line) => void server.logged.push(JSON.parse(line)) });
  let running: Running;

  const run = async (more: Record<string, string> = {}) => {
    const config = parseConfig(
      {
        NODE_ENV: 'test',
        PORT: '0',
        DATABASE_URL: database.apiUrl,
        HEDGEROW_AUTH_DATABASE_URL: database.authUrl,
        HEDGEROW_AUTH: 'embedded',
        BETTER_AUTH_SECRET: testSecret,
        HEDGEROW_RATE_LIMIT: '0',
        HEDGEROW_SIGN_IN_LIMIT: '0',
        ...(typeof env === 'function' ? env() : env),
        ...more,
      },
      'serve',
    );
    running = await start(config, database, log);
    server.url = running.url;
  };
  beforeAll(() => run());
  afterAll(() => running.stop());

  server.fetch = (path, init) => fetch(server.url + path, init);
  server.post = async (path, body, headers = {}) => {
    const response = await server.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
    });
    return { status: response.status, headers: response.headers, body: await response.json().catch(() => undefined) };
  };
  server.query = async (token, document, variables) => {
    const { body, ...rest } = await server.post(
      '/graphql',
      { query: document, variables },
      { authorization: `Bearer ${token}` },
    );
    return { ...rest, ...body };
  };
  server.restart = async (more) => {
    await running.stop();
    await run(more);
  };
  return server;
}
