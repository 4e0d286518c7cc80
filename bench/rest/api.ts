/** The server as it runs in production, in a process of its own, and somebody who calls it. */
import { spawn } from 'node:child_process';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { findFreePort } from '../../src/database/embedded/port.ts';

export type Request = { method: string; path: string; body?: string };

/** Starts `hedgerow serve` in production, without limits of rate, and waits until it is ready. */
export async function startApi(databaseUrl: string, secret: string) {
  const port = await findFreePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), 'serve'], {
    env: {
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      BETTER_AUTH_SECRET: secret,
      HEDGEROW_RATE_LIMIT: '0',
      HEDGEROW_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  while (
    child.exitCode === null &&
    !(await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

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
