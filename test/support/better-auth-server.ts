/**
 * An issuer as a front end's team would run it: Better Auth with its jwt plugin, as a program of its own, started by better-auth-issuer.ts.
 * Beside Better Auth's routes it has two of its own, to turn its keys over and to count who asks for them.
 */
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { bearer, jwt } from 'better-auth/plugins';

const { ISSUER_PORT, ISSUER_DATABASE, ISSUER_SECRET, ISSUER_COOKIE_CACHE } = process.env as Record<string, string>;
const baseURL = `http://127.0.0.1:${ISSUER_PORT}`;
const strategy = ISSUER_COOKIE_CACHE === 'compact' ? 'compact' : 'jwt';

const auth = betterAuth({
  baseURL,
  secret: ISSUER_SECRET,
  // On disk, so that the issuer has the same people and keys when it comes back.
  database: new DatabaseSync(ISSUER_DATABASE!),
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: true, strategy } },
  plugins: [
    bearer(),
    jwt({
      jwt: { definePayload: ({ user }) => ({ email: user.email, name: user.name }) },
      sessionCookieCache: ISSUER_COOKIE_CACHE === 'published-key',
    }),
  ],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});
await (await getMigrations(auth.options)).runMigrations();
const { adapter } = await auth.$context;

let jwksRequests = 0;
const answer = toNodeHandler(auth);

createServer((request, response) => {
  if (request.url === '/control/jwks-requests') return void response.end(String(jwksRequests));
  if (request.url === '/control/rotate') return void rotate().then(() => response.end());
  if (request.url === '/api/auth/jwks') jwksRequests += 1;
  void answer(request, response);
}).listen(Number(ISSUER_PORT), '127.0.0.1', () => console.log('listening'));

// Nobody is left behind when the tests end before they could kill it.
process.stdin.resume().on('close', () => process.exit());

/**
 * What the passing of `jwks.rotationInterval` does: the keys have expired, so the next token makes a new one and is signed by it, and the
 * old ones stay published for `jwks.gracePeriod`.
 */
async function rotate(): Promise<void> {
  await adapter.updateMany({ model: 'jwks', where: [], update: { expiresAt: new Date() } });
}
