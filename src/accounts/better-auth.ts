/** How Better Auth is set up: accounts with e-mail and password, sessions in cookies, and tokens of fifteen minutes made from them. */
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { APIError, isAPIError } from 'better-auth/api';
import { bearer } from 'better-auth/plugins/bearer';
import { jwt } from 'better-auth/plugins/jwt';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { isEmailClaim, isNameClaim } from '../auth/identity.ts';
import type { AccountsConfig } from '../config.ts';
import { type Mailer, mailsFor } from './mailer.ts';
import { accountsPath } from './path.ts';

export type AccountsOptions = {
  /** Logs in as the owner of the schema `auth`. */
  pool: Pool;
  /** What cookies are signed and private keys are encrypted with; the first makes new ones, the others are still read. */
  secrets: { version: number; value: string }[];
  /** `iss` and `aud` of the tokens. */
  issuer: string;
  audience: string;
  config: AccountsConfig;
  /** Origins of front ends, which may send cookies and be named in links. */
  frontendOrigins: string[];
  mailer: Mailer;
  passwords: Passwords;
  /** Called before an account is deleted, with the user's id: what the user owns goes first. */
  onDelete: (userId: string) => Promise<void>;
  log: Logger;
};

/** Hashes a password, and compares one with a hash: scrypt, the same work for both. */
export type Passwords = {
  hash(password: string): Promise<string>;
  verify(comparison: { hash: string; password: string }): Promise<boolean>;
};

/** A month: a new signing key, while tokens of the last one are good for 15 minutes more. */
const keyRotationSeconds = 30 * 86_400;

/** How long a key that signs no more is published. */
const keyGraceSeconds = 3_600;

/** All that decides what tables and columns there are. */
const tables = {
  user: { modelName: 'users' },
  session: { modelName: 'sessions' },
  account: { modelName: 'accounts' },
  verification: { modelName: 'verifications' },
} satisfies BetterAuthOptions;

const keys = { schema: { jwks: { modelName: 'keys' } } };

/** As much of the set-up as it takes to make the tables. */
export const tableOptions = (pool: Pool): BetterAuthOptions => ({
  database: pool,
  ...tables,
  plugins: [jwt(keys), bearer()],
  logger: { disabled: true },
});

// The type of what it gives tells which endpoints there are; it cannot be written down.
export function createBetterAuth(options: AccountsOptions) {
  const { config, mailer, log } = options;
  const mails = mailsFor(mailer, config.publicUrl);
  return betterAuth({
    database: options.pool,
    ...tables,
    basePath: accountsPath,
    baseURL: config.publicUrl ?? localAddresses,
    secrets: options.secrets,
    trustedOrigins: options.frontendOrigins,
    telemetry: { enabled: false },
    // rate-limit.ts counts, ahead of it.
    rateLimit: { enabled: false },
    logger: { level: 'warn', log: (level, message) => log[level]({ from: 'better-auth' }, message) },
    emailAndPassword: {
      enabled: true,
      password: options.passwords,
      requireEmailVerification: config.verifyEmail,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: mails.resetPassword,
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: config.verifyEmail,
      autoSignInAfterVerification: true,
      sendVerificationEmail: mails.verifyEmail,
    },
    user: {
      ...tables.user,
      deleteUser: { enabled: true, beforeDelete: ({ id }) => options.onDelete(id) },
    },
    databaseHooks: {
      user: {
        create: { before: refuseUnfitClaims },
        update: { before: refuseUnfitClaims },
      },
    },
    plugins: [
      jwt({
        ...keys,
        jwks: { rotationInterval: keyRotationSeconds, gracePeriod: keyGraceSeconds },
        jwt: {
          issuer: options.issuer,
          audience: options.audience,
          expirationTime: '15m',
          // Without it the whole user record would be in the token.
          definePayload: ({ user: { email, name } }) => ({ email, name }),
        },
      }),
      bearer(),
    ],
    onAPIError: {
      // What is not meant for the client is thrown on to our own error handling; it would be an empty answer otherwise.
      onError(error) {
        if (!isAPIError(error)) throw error;
      },
    },
    disabledPaths: unused,
    advanced: {
      cookiePrefix: 'hedgerow',
      // The address is of no use to anybody here, and a header could forge it.
      ipAddress: { disableIpTracking: true },
      // Their defaults are off when NODE_ENV is test.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      // An answer does not wait for a mail: its time would tell who has an account.
      backgroundTasks: { handler: (task) => mailer.track(task) },
    },
  });
}

/** In development, whatever address of the machine itself a request names: another host name gets the fallback. */
const localAddresses = {
  allowedHosts: ['localhost', 'localhost:*', '127.0.0.1', '127.0.0.1:*', '[::1]', '[::1]:*'],
  protocol: 'http' as const,
  fallback: 'http://localhost',
};

/** Sign-in by other sites, which is not offered. */
const unused = [
  '/sign-in/social',
  '/callback/:id',
  '/link-social',
  '/unlink-account',
  '/refresh-token',
  '/get-access-token',
  '/account-info',
  '/error',
];

/** What would not fit into a token, or not into PostgreSQL. */
function refuseUnfitClaims({ email, name }: { email?: string; name?: string }): Promise<void> {
  const refuse = (message: string) => {
    throw new APIError('UNPROCESSABLE_ENTITY', { code: 'VALIDATION_FAILED', message });
  };
  if (email !== undefined && !isEmailClaim(email)) refuse('An e-mail address has 1 to 320 characters.');
  if (name !== undefined && name !== '' && !isNameClaim(name)) refuse('A name has at most 200 characters.');
  return Promise.resolve();
}
