/** The account of one user, past the API: for a request to see all that is kept, or to have it erased. */
import { randomBytes } from 'node:crypto';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import pg from 'pg';
import { connect } from '../database/connect.ts';
import { tableOptions } from './better-auth.ts';

/** What is kept of it, but for what proves who one is: no password, no token of a session. */
export type Account = {
  user: object;
  /** How they sign in. */
  signIns: { provider: string; createdAt: Date }[];
  sessions: { createdAt: Date; expiresAt: Date; userAgent?: string | null; address?: string | null }[];
};

/** The account, or null when there is none: they sign in elsewhere, or it is gone. @param authUrl logs in as the owner of the schema */
export async function readAccount(authUrl: string, userId: string): Promise<Account | null> {
  return withAccounts(authUrl, async ({ internalAdapter: accounts }) => {
    const user = await accounts.findUserById(userId);
    if (user === null) return null;
    const signIns = await accounts.findAccounts(userId);
    const sessions = await accounts.listSessions(userId);
    return {
      user,
      signIns: signIns.map(({ providerId, createdAt }) => ({ provider: providerId, createdAt })),
      sessions: sessions.map(({ createdAt, expiresAt, userAgent, ipAddress }) => ({
        createdAt,
        expiresAt,
        userAgent,
        address: ipAddress,
      })),
    };
  });
}

/** Deletes the account, its sessions, and what was sent to verify it. @returns whether there was one */
export async function deleteAccount(authUrl: string, userId: string): Promise<boolean> {
  return withAccounts(authUrl, async ({ internalAdapter: accounts, adapter }) => {
    const user = await accounts.findUserById(userId);
    if (user === null) return false;
    await accounts.deleteUser(userId);
    // A link to reset a password names the user; Better Auth leaves it until it expires.
    await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: userId }] });
    return true;
  });
}

async function withAccounts<Result>(authUrl: string, work: (context: AuthContext) => Promise<Result>): Promise<Result> {
  // Says what is wrong, if the URL does not do.
  await (await connect(authUrl, 'HEDGEROW_AUTH_DATABASE_URL')).end();
  const pool = new pg.Pool({ connectionString: authUrl, max: 1 });
  try {
    // Nothing is signed here: any secret will do.
    const options: BetterAuthOptions = { ...tableOptions(pool), secret: randomBytes(32).toString('base64') };
    return await work(await betterAuth(options).$context);
  } finally {
    await pool.end();
  }
}

type AuthContext = Awaited<ReturnType<typeof betterAuth>['$context']>;
