/**
 * GraphQL over WebSocket (the protocol of graphql-ws). A socket is opened by a token in its connection parameters, verified by the same
 * verifier as HTTP, and closed when that token expires.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { type GrafservBase, makeGraphQLWSConfig } from 'postgraphile/grafserv';
import { GraphQLError } from 'postgraphile/graphql';
import { WebSocketServer } from 'ws';
import { readConnectionBearer } from '../auth/bearer.ts';
import { atExpiry } from '../auth/expiry.ts';
import type { VerifyToken } from '../auth/verify-token.ts';
import { ApiError } from '../errors.ts';
import type { Identities } from '../http/authenticate.ts';
import type { RateLimit } from '../http/rate-limit.ts';
import { logOf, requestIdOf } from '../http/request-log.ts';
import { type ErrorContext, publicError } from './errors.ts';

export type WebSocketOptions = {
  verifyToken: VerifyToken;
  /** Counts each operation as a request of its user. */
  limit: RateLimit;
  identities: Identities;
  log: Logger;
  errorContextOf: (request: IncomingMessage) => ErrorContext;
  /** The largest message, in bytes. */
  messageLimit: number;
};

/** WebSocket close code for "try again later": the keys of the issuer cannot be had right now. */
const tryAgainLater = 1013;

/** How long a client may take to say goodbye when the server stops. */
const goodbyeMs = 2_000;

/**
 * Serves WebSockets on the server's /graphql.
 * @returns a function that closes all sockets, with a code that makes clients reconnect elsewhere
 */
export function serveWebSockets(
  server: Server,
  grafserv: GrafservBase,
  options: WebSocketOptions,
): () => Promise<void> {
  const { verifyToken, limit, identities, log, errorContextOf, messageLimit } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit });

  const config = makeGraphQLWSConfig(grafserv);
  const graphql = useServer(
    {
      ...config,
      async onSubscribe(context, id, payload) {
        try {
          await limit(identities.get(context.extra.request)!.sub);
        } catch (error) {
          return [new GraphQLError('', { originalError: error as Error })];
        }
        return config.onSubscribe!(context, id, payload);
      },
      // Close reasons without the text of unexpected errors, in development too.
      isProd: true,
      onError: ({ extra }, _id, _payload, errors) =>
        errors.map((error) => publicError(error, errorContextOf(extra.request))),
      async onConnect({ connectionParams, extra: { socket, request } }) {
        try {
          const identity = await verifyToken(readConnectionBearer(connectionParams));
          identities.set(request, identity);
          const callOff = atExpiry(identity, () => socket.close(CloseCode.Unauthorized, 'The token has expired.'));
          socket.once('close', callOff);
          return true;
        } catch (error) {
          const { code, message } =
            error instanceof ApiError ? error : new ApiError('INTERNAL', undefined, { cause: error });
          log.info({ requestId: request.id, code }, 'a WebSocket was refused');
          socket.close(code === 'UNAVAILABLE' ? tryAgainLater : CloseCode.Unauthorized, message);
          return false;
        }
      },
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== '/graphql') return refuse(socket);
    request.id = requestIdOf(request);
    request.log = log;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      sockets.emit('connection', opened, request);
      // In place of the listener that writes to stderr: what a client sends wrong, such as too much, is a line of the log at most.
      opened.removeAllListeners('error');
      opened.on('error', (error) => logOf(request).info({ reason: error.message }, 'a WebSocket failed'));
    });
  };
  server.on('upgrade', upgrade);

  return async () => {
    server.off('upgrade', upgrade);
    const cut = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), goodbyeMs);
    await graphql.dispose();
    clearTimeout(cut);
  };
}

function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
