/** The headers that every answer has: its request's id, what helmet sets, and which origins may read it (C-45). */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';

/** Browsers may call from the configured origins only. Tokens travel in a header; cookies are for sessions, below /api/auth. */
export const corsOptions = (origins: string[]): cors.CorsOptions => ({
  origin: origins,
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  allowedHeaders: ['Authorization', 'Content-Type', 'X-Request-Id', 'If-Match', 'If-None-Match'],
  exposedHeaders: ['X-Request-Id', 'Retry-After', 'Location', 'ETag', 'Set-Auth-Token', 'Set-Auth-Jwt'],
  maxAge: 600,
});

export type Headers = {
  /** Express middleware: sets them. */
  set: RequestHandler;
  /** Begins an answer with them and with others: the same headers, for less. */
  begin(request: IncomingMessage, response: ServerResponse, status: number, others: Record<string, string>): void;
};

export function createHeaders(origins: string[]): Headers {
  const crossOrigin = cors(corsOptions(origins));
  const setId: RequestHandler = (request, response, next) => {
    response.setHeader('X-Request-Id', request.id);
    next();
  };
  const same = headersOf([helmet(), crossOrigin]);
  return {
    set: express.Router().use(setId, helmet(), crossOrigin),
    begin(request, response, status, others) {
      if (request.headers.origin !== undefined) crossOrigin(request, response, () => {});
      const all = [...same, 'X-Request-Id', request.id];
      for (const name in others) all.push(name, others[name]!);
      response.writeHead(status, all);
    },
  };
}

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** What middlewares set for a request from no other origin. Setting them one by one for each request takes ten times as long. */
function headersOf(middlewares: readonly Middleware[]): string[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  for (const middleware of middlewares) middleware(request, response, () => {});
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}
