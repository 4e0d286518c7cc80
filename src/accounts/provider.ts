/** The embedded identity provider: accounts, sessions and tokens, for people who have no provider of their own. */
import { hkdfSync, createHash } from 'node:crypto';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { JSONWebKeySet } from 'jose';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { AccountsConfig } from '../config.ts';
import { createBetterAuth, type Passwords } from './better-auth.ts';
import { createMailer } from './mailer.ts';

export type IdentityProviderOptions = {
  config: AccountsConfig;
  /** Logs in as the owner of the schema `auth`; the caller's, like all pools. */
  pool: Pool;
  /** Everything that has to be secret is derived from it; likewise from the one before it, while there is one. */
  secret: string;
  previousSecret?: string;
  issuer: string;
  audience: string;
  frontendOrigins: string[];
  /** Better Auth's own when absent. */
  passwords?: Passwords;
  /** Called before an account is deleted, with the user's id. */
  onDelete: (userId: string) => Promise<void>;
  log: Logger;
};

export type IdentityProvider = {
  /** Answers a request to a path below /api/auth. */
  handle(request: Request): Promise<Response>;
  /** A token for the API, given the token of a session. */
  issueToken(sessionToken: string): Promise<string>;
  /** The public keys of its tokens. */
  fetchKeySet(): Promise<JSONWebKeySet>;
  /** `iss` and `aud` of its tokens. */
  issuer: string;
  audience: string;
  /** Waits for mails that are being sent. */
  release(): Promise<void>;
};

export function createIdentityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { config, secret, previousSecret, issuer, audience, log } = options;
  const mailer = createMailer(config.mail, log);
  const auth = createBetterAuth({
    passwords: { hash: hashPassword, verify: verifyPassword },
    ...options,
    mailer,
    secrets: [secret, ...(previousSecret === undefined ? [] : [previousSecret])].map(deriveSecret),
  });
  return {
    handle: auth.handler,
    async issueToken(sessionToken) {
      const { token } = await auth.api.getToken({ headers: new Headers({ authorization: `Bearer ${sessionToken}` }) });
      return token;
    },
    fetchKeySet: async () => await auth.api.getJwks(),
    issuer,
    audience,
    release: () => mailer.close(),
  };
}

/**
 * A secret for Better Auth alone. It signs cookies with it by HMAC-SHA256, as HS256 tokens are signed with the secret itself: nothing that
 * it signs may be taken for a token. The version is written beside what is encrypted; it has to be the same in every process.
 */
function deriveSecret(secret: string): { version: number; value: string } {
  const value = Buffer.from(hkdfSync('sha256', secret, '', 'hedgerow accounts', 32)).toString('base64url');
  return { version: createHash('sha256').update(value).digest().readUInt32BE(), value };
}
