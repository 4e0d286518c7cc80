/** An identity provider reduced to its JWKS URL: a real HTTP server on loopback that counts its requests and can go wrong. */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Issuer = {
  url: URL;
  /** Requests so far. */
  readonly requests: number;
  /** Answers with these keys from now on. */
  publish: (...jwks: object[]) => void;
  /** Answers in this way from now on. */
  answer: (listener: RequestListener) => void;
  /** Breaks every connection from now on, until it publishes or answers again. */
  fail: () => void;
  close: () => Promise<void>;
};

/** Starts an issuer that publishes these keys. */
export async function startIssuer(...jwks: object[]): Promise<Issuer> {
  let requests = 0;
  let listener: RequestListener;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  const issuer: Omit<Issuer, 'url' | 'requests'> = {
    publish: (...keys) => {
      issuer.answer((_request, response) => {
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
      });
    },
    answer: (next) => {
      listener = next;
    },
    fail: () => {
      issuer.answer((request) => request.socket.destroy());
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  issuer.publish(...jwks);
  // Started while a file is loaded, it may never be closed: no hook runs in a file of which no test was chosen.
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  return Object.defineProperty({ ...issuer, url, requests }, 'requests', { get: () => requests });
}
