/** The server as it runs in production, in a process of its own, and somebody who calls it. */
import { Agent, request as httpRequest } from 'node:http';
import { hedgerow, type ServerProcess, startServerProcess } from '../support/server-process.ts';

export type Request = { method: string; path: string; body?: string };

/** Starts `hedgerow serve` in production, without limits of rate, and waits until it is ready. */
export const startApi = (databaseUrl: string, secret: string): Promise<ServerProcess> =>
  startServerProcess(hedgerow(databaseUrl, secret));

/** Sends requests over connections that stay open; gives the body of the answer, or throws when it is not a success. */
export function callServer(url: string, token: string): (request: Request) => Promise<string> {
  const agent = new Agent({ keepAlive: true });
  return ({ method, path, body }) =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      };
      httpRequest(url + path, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode! >= 300 || text.startsWith('{"errors"')) reject(new Error(`${path}: ${text}`));
          else resolve(text);
        });
      })
        .on('error', reject)
        .end(body);
    });
}
