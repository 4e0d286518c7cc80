/** A server in a process of its own: started, awaited, stopped. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../src/database/embedded/port.ts';

const mainModule = join(import.meta.dirname, '../../src/main.ts');

export type ServerProcess = {
  url: string;
  pid: number;
  /** From the start of the process to the first answer that it is ready. */
  readyMs: number;
  stop(): Promise<void>;
};

export type Program = {
  /** Said when it ends too early. */
  name: string;
  args: (port: number) => string[];
  env: (port: number) => Record<string, string>;
  /** Answers with a success when the server is ready. */
  readyPath: string;
};

/** Starts a Node program that serves at a port, and waits until it is ready; throws when it ends before. */
export async function startServerProcess({ name, args, env, readyPath }: Program): Promise<ServerProcess> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const start = performance.now();
  const child = spawn(process.execPath, args(port), { env: env(port), stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  while (
    !(await fetch(url + readyPath).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended before it was ready.`);
    await sleep(10);
  }
  return {
    url,
    pid: child.pid!,
    readyMs: performance.now() - start,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** `hedgerow serve` as in production, without limits of rate, and silent about each request. */
export function hedgerow(databaseUrl: string, secret: string, more: Record<string, string> = {}): Program {
  return {
    name: 'hedgerow serve',
    args: () => [mainModule, 'serve'],
    env: (port) => ({
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      BETTER_AUTH_SECRET: secret,
      HEDGEROW_RATE_LIMIT: '0',
      HEDGEROW_LOG_LEVEL: 'warn',
      ...more,
    }),
    readyPath: '/readyz',
  };
}
