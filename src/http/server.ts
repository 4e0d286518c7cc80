/** The HTTP server: listening, and stopping without cutting anybody off. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../errors.ts';
import type { App } from '../app.ts';

export type RunningServer = {
  /** Where it answers, such as `http://127.0.0.1:4000`. */
  url: string;
  /** Stops accepting, lets running requests finish for at most so many milliseconds, then closes every connection. */
  stop(timeoutMs: number): Promise<void>;
};

/**
 * Serves the app over HTTP and WebSocket.
 * @throws OperatorError when the address is in use or not the machine's
 */
export async function listen(app: App, { host, port }: { host: string; port: number }): Promise<RunningServer> {
  const server = createServer(app.handler);
  app.attachWebSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    stop: (timeoutMs) => stop(app, server, timeoutMs),
  };
}

async function stop(app: App, server: Server, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await app.stop();
  await closed;
  clearTimeout(cut);
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new OperatorError(`Port ${port} on ${host} is in use. Stop what listens there, or set PORT to another.`, {
      cause: error,
    });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new OperatorError(
      `This machine has no address ${host}. Set HOST to one that it has, or to 0.0.0.0 for all.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new OperatorError(`Port ${port} needs more rights than this user has. Set PORT to 1024 or above.`, {
      cause: error,
    });
  }
  return error;
}
