/** Better Auth as a process of its own, which can be killed and comes back on the same port, and people who sign up with its own client. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthClient } from 'better-auth/client';
import { jwtClient } from 'better-auth/client/plugins';

const program = join(import.meta.dirname, 'better-auth-server.ts');

export type Person = {
  /** The user's id at the issuer. */
  id: string;
  /** A new JWT, from the plugin's /token. */
  token(): Promise<string>;
  /** The opaque session token, as the bearer plugin gives it. */
  sessionToken: string;
  /** The value of the cookie in which the session is cached. */
  cookieCache: string;
};

export type BetterAuthIssuer = {
  /** `iss` and `aud` of its tokens. */
  url: string;
  jwksUrl: string;
  start(): Promise<void>;
  /** SIGKILL: connections break, nobody listens any more. */
  kill(): Promise<void>;
  /** From now on, new tokens are signed by a new key; the old ones stay published. */
  rotate(): Promise<void>;
  /** Requests of the JWKS since the process was started. */
  jwksRequests(): Promise<number>;
  signUp(name: string): Promise<Person>;
  /** Kills it and forgets its people and keys. */
  remove(): Promise<void>;
};

/** Prepares an issuer that is not running yet. `published-key` is the strategy `jwt`, signed by the key that signs the tokens too. */
export async function createBetterAuthIssuer(
  cookieCache: 'compact' | 'jwt' | 'published-key' = 'compact',
): Promise<BetterAuthIssuer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-issuer-'));
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  const issuer: BetterAuthIssuer = {
    url,
    jwksUrl: `${url}/api/auth/jwks`,
    async start() {
      const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
        env: {
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          ISSUER_PORT: String(port),
          ISSUER_DATABASE: join(folder, 'issuer.sqlite'),
          ISSUER_SECRET: 'a secret of the issuer that is longer than 32 bytes',
          ISSUER_COOKIE_CACHE: cookieCache,
        },
        // It ends when its input does, that is, with the tests.
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child = started;
      await Promise.race([
        once(started.stdout, 'data'),
        once(started, 'exit').then(() => Promise.reject(new Error('The issuer ended before it listened.'))),
      ]);
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    async rotate() {
      await fetch(`${url}/control/rotate`);
    },
    async jwksRequests() {
      return Number(await (await fetch(`${url}/control/jwks-requests`)).text());
    },
    signUp: (name) => signUp(url, name),
    async remove() {
      await issuer.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return issuer;
}

/** Signs up as a program would that has no cookie jar: the bearer plugin takes the session token in place of the cookie. */
async function signUp(baseURL: string, name: string): Promise<Person> {
  let sessionToken = '';
  let cookieCache = '';
  const client = createAuthClient({
    baseURL,
    plugins: [jwtClient()],
    fetchOptions: {
      // As a browser sends it; without one, Better Auth takes Node's fetch for a forged request.
      headers: { origin: baseURL },
      auth: { type: 'Bearer', token: () => sessionToken },
      onSuccess({ response: { headers } }) {
        sessionToken = headers.get('set-auth-token') ?? sessionToken;
        for (const cookie of headers.getSetCookie()) {
          cookieCache = /^better-auth\.session_data=([^;]+)/.exec(cookie)?.[1] ?? cookieCache;
        }
      },
    },
  });
  const { data, error } = await client.signUp.email({ name, email: `${name}@example.com`, password: `${name} plants` });
  if (error) throw new Error(`${name} cannot sign up: ${error.message}`);
  return {
    id: data.user.id,
    async token() {
      const answer = await client.token();
      if (answer.error) throw new Error(`${name} gets no token: ${answer.error.message}`);
      return answer.data.token;
    },
    sessionToken,
    cookieCache,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
