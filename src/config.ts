/** The environment, read once, as a configuration: what goes together, and what each command needs. All faults are told together. */
import { resolve } from 'node:path';
import type { TokenKeys, TokenRules } from './auth/verify-token.ts';
import type { Timeouts } from './database/settings.ts';
import { OperatorError } from './errors.ts';
import { type Variables, readVariables, variableNames } from './variables.ts';

export type DatabaseConfig =
  /** PostgreSQL from the npm packages, started and stopped with Hedgerow; its data lies in the data folder. */
  | { kind: 'embedded' }
  /** A PostgreSQL of your own. Which URLs are there depends on what the command needs. */
  | {
      kind: 'external';
      apiUrl?: string;
      listenUrl?: string;
      ownerUrl?: string;
      adminUrl?: string;
      authUrl?: string;
      inspectorUrl?: string;
    };

/** Sign-up and sign-in, served by Hedgerow itself. */
export type AccountsConfig = {
  /** The origin that people reach the server at. Without it, in development, it is whatever local address a request names. */
  publicUrl?: string;
  /** Whether nobody gets a token before the link in a mail was opened. */
  verifyEmail: boolean;
  /** Without an SMTP server, in development, mails are written to the log. */
  mail?: { smtpUrl: string; from: string };
};

export type RateLimits = {
  /** Requests of one user in a minute; 0 is any number. */
  perUser: number;
  /** Sign-ins, sign-ups and resets, each, from one address in a minute; 0 is any number. */
  perAddress: number;
  /** Where they are counted: in this process, or in PostgreSQL for all processes together. */
  store: 'memory' | 'postgres';
};

export type Config = {
  environment: 'development' | 'test' | 'production';
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** How many processes serve; 1 is the one that was started. */
  workers: number;
  database: DatabaseConfig;
  /** Absolute path of the folder for the embedded database and the generated secret. */
  dataDir: string;
  /** `generated`: a secret that is made once and kept in the data folder, in development only. */
  tokenKeys: TokenKeys | { kind: 'generated' };
  tokenRules: TokenRules;
  /** Undefined when people sign in elsewhere. */
  accounts?: AccountsConfig;
  rateLimits: RateLimits;
  /** Whether something is kept in the schema of accounts: they themselves, or the counts of rate limits. */
  usesAuthSchema: boolean;
  /** How many proxies in front write the address of the client into X-Forwarded-For. */
  trustedProxies: number;
  /** Origins, such as `https://app.example.com`, that browsers may call from. */
  frontendOrigins: string[];
  logLevel: string;
  /** Whether the API describes itself to who asks. */
  introspection: boolean;
  /** Whether each transaction says for whom it is, to whoever may look at the connections of the server. */
  sessionSubjects: boolean;
  /** Absolute path of the file of the documents that are executed; without it, every document is. */
  trustedDocuments?: string;
  pool: { size: number; acquireTimeoutMs: number };
  /** Whether connections keep statements that come again. */
  preparedStatements: boolean;
  timeouts: Timeouts;
  /** The largest request body, in bytes. */
  bodyLimit: number;
  /** How many months the history of tasks is kept, at the least; `admin prune` drops what is older. */
  historyMonths: number;
  /** How long start waits for the database, in milliseconds. */
  startTimeoutMs: number;
  /** How long running requests may go on after a stop signal, in milliseconds. */
  stopTimeoutMs: number;
};

/** What a command is about to do; decides which variables must be there. */
export type Purpose =
  | 'serve'
  | 'bootstrap'
  | 'migrate'
  | 'migration'
  | 'seed'
  | 'token'
  | 'psql'
  | 'psqlAs'
  | 'schema'
  | 'admin'
  | 'erase'
  | 'prune'
  | 'policies';

/**
 * Reads and checks the whole environment.
 * @param env such as process.env; an empty value counts as absent
 * @throws OperatorError that names every fault, each with its variable
 */
export function parseConfig(env: Record<string, string | undefined>, purpose: Purpose): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const { data, faults: badValues } = readVariables(given);
  const faults = [
    ...Object.keys(given)
      .filter(isUnknown)
      .map((name) => `${name} is not known. ${suggestion(name)}`),
    ...badValues,
    ...(data ? contradictions(data, purpose) : []),
  ];
  if (!data || faults.length > 0) {
    throw new OperatorError(
      `The configuration has ${count(faults.length)}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
  }
  return {
    environment: data.NODE_ENV,
    host: data.HOST,
    port: data.PORT,
    workers: data.HEDGEROW_WORKERS,
    database: isEmbedded(data)
      ? { kind: 'embedded' }
      : {
          kind: 'external',
          apiUrl: data.DATABASE_URL,
          listenUrl: data.HEDGEROW_LISTEN_URL,
          ownerUrl: data.HEDGEROW_OWNER_URL,
          adminUrl: data.HEDGEROW_ADMIN_URL,
          authUrl: data.HEDGEROW_AUTH_DATABASE_URL,
          inspectorUrl: data.HEDGEROW_INSPECTOR_URL,
        },
    dataDir: resolve(data.HEDGEROW_DATA_DIR),
    tokenKeys: tokenKeys(data),
    tokenRules: {
      issuer: data.HEDGEROW_ISSUER,
      audience: data.HEDGEROW_AUDIENCE,
      clockSkewSeconds: data.HEDGEROW_CLOCK_SKEW,
    },
    accounts: hasAccounts(data) ? accounts(data) : undefined,
    rateLimits: {
      perUser: data.HEDGEROW_RATE_LIMIT,
      perAddress: data.HEDGEROW_SIGN_IN_LIMIT,
      store: data.HEDGEROW_RATE_LIMIT_STORE,
    },
    usesAuthSchema: usesAuthSchema(data),
    trustedProxies: data.HEDGEROW_TRUSTED_PROXIES,
    frontendOrigins: data.FRONTEND_URL,
    logLevel: data.HEDGEROW_LOG_LEVEL,
    introspection: (data.HEDGEROW_INTROSPECTION ?? (data.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    sessionSubjects: (data.HEDGEROW_SESSION_SUBJECTS ?? (data.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
    trustedDocuments: data.HEDGEROW_TRUSTED_DOCUMENTS && resolve(data.HEDGEROW_TRUSTED_DOCUMENTS),
    pool: { size: data.HEDGEROW_POOL_SIZE, acquireTimeoutMs: data.HEDGEROW_POOL_TIMEOUT },
    preparedStatements: data.HEDGEROW_PREPARED_STATEMENTS === 'on',
    timeouts: {
      statementMs: data.HEDGEROW_STATEMENT_TIMEOUT,
      lockMs: data.HEDGEROW_LOCK_TIMEOUT,
      idleInTransactionMs: data.HEDGEROW_IDLE_TIMEOUT,
    },
    bodyLimit: data.HEDGEROW_BODY_LIMIT,
    historyMonths: data.HEDGEROW_HISTORY_MONTHS,
    startTimeoutMs: data.HEDGEROW_START_TIMEOUT,
    stopTimeoutMs: data.HEDGEROW_STOP_TIMEOUT,
  };
}

/** Production never falls back to a database of its own making. */
const isEmbedded = (data: Variables) =>
  data.NODE_ENV !== 'production' &&
  !data.DATABASE_URL &&
  !data.HEDGEROW_OWNER_URL &&
  !data.HEDGEROW_ADMIN_URL &&
  !data.HEDGEROW_AUTH_DATABASE_URL &&
  !data.HEDGEROW_INSPECTOR_URL;

/** In development people can sign up unless tokens come from an issuer, or there is no database to keep accounts in. */
const hasAccounts = (data: Variables) =>
  (data.HEDGEROW_AUTH ??
    (data.NODE_ENV === 'development' &&
    !data.HEDGEROW_JWKS_URL &&
    !data.HEDGEROW_ISSUER &&
    (isEmbedded(data) || data.HEDGEROW_AUTH_DATABASE_URL)
      ? 'embedded'
      : 'off')) === 'embedded';

const usesAuthSchema = (data: Variables) => hasAccounts(data) || data.HEDGEROW_RATE_LIMIT_STORE === 'postgres';

const accounts = (data: Variables): AccountsConfig => ({
  publicUrl: data.HEDGEROW_PUBLIC_URL,
  verifyEmail: (data.HEDGEROW_VERIFY_EMAIL ?? (data.NODE_ENV === 'production' ? 'on' : 'off')) === 'on',
  mail: data.HEDGEROW_SMTP_URL ? { smtpUrl: data.HEDGEROW_SMTP_URL, from: data.HEDGEROW_MAIL_FROM! } : undefined,
});

function tokenKeys(data: Variables): Config['tokenKeys'] {
  if (data.HEDGEROW_JWKS_URL) return { kind: 'jwks', url: new URL(data.HEDGEROW_JWKS_URL) };
  if (data.BETTER_AUTH_SECRET) {
    return { kind: 'secret', secret: data.BETTER_AUTH_SECRET, previousSecret: data.HEDGEROW_PREVIOUS_SECRET };
  }
  return { kind: 'generated' };
}

/** What is missing or does not go together, given what the command is about to do. */
function contradictions(data: Variables, purpose: Purpose): string[] {
  const faults: string[] = [];
  if (data.BETTER_AUTH_SECRET && data.HEDGEROW_JWKS_URL) {
    faults.push(
      'BETTER_AUTH_SECRET and HEDGEROW_JWKS_URL are both set: tokens are verified with one or the other, so unset one',
    );
  }
  if (purpose === 'serve' && data.NODE_ENV === 'production' && !data.BETTER_AUTH_SECRET && !data.HEDGEROW_JWKS_URL) {
    faults.push(
      'BETTER_AUTH_SECRET is missing: in production, set it (at least 32 bytes) or set HEDGEROW_JWKS_URL to verify the tokens of an issuer',
    );
  }
  if (data.HEDGEROW_PREVIOUS_SECRET && !data.BETTER_AUTH_SECRET) {
    faults.push('HEDGEROW_PREVIOUS_SECRET is set without BETTER_AUTH_SECRET, the one that follows it');
  }
  if (data.HEDGEROW_SMTP_URL && !data.HEDGEROW_MAIL_FROM) {
    faults.push('HEDGEROW_MAIL_FROM is missing: mails by HEDGEROW_SMTP_URL need a sender, such as tasks@example.com');
  }
  if (hasAccounts(data)) faults.push(...accountFaults(data, purpose));
  if (isEmbedded(data)) return faults;

  const needed: Record<Purpose, (keyof Variables)[]> = {
    serve: usesAuthSchema(data) ? ['DATABASE_URL', 'HEDGEROW_AUTH_DATABASE_URL'] : ['DATABASE_URL'],
    migrate: ['HEDGEROW_OWNER_URL'],
    prune: ['HEDGEROW_OWNER_URL'],
    migration: ['HEDGEROW_ADMIN_URL', 'HEDGEROW_OWNER_URL'],
    bootstrap: ['HEDGEROW_ADMIN_URL', 'HEDGEROW_OWNER_URL', 'DATABASE_URL'],
    policies: ['HEDGEROW_ADMIN_URL', 'HEDGEROW_OWNER_URL', 'DATABASE_URL'],
    seed: ['DATABASE_URL'],
    schema: ['DATABASE_URL'],
    token: [],
    psql: ['HEDGEROW_OWNER_URL'],
    psqlAs: ['DATABASE_URL'],
    admin: ['HEDGEROW_INSPECTOR_URL'],
    erase: ['HEDGEROW_OWNER_URL', 'DATABASE_URL'],
  };
  const because =
    data.NODE_ENV === 'production'
      ? 'in production the database is yours to name'
      : 'a database of your own is configured';
  for (const name of needed[purpose]) if (!data[name]) faults.push(`${name} is missing: ${because}`);
  return faults;
}

/** What the embedded identity provider lacks. */
function accountFaults(data: Variables, purpose: Purpose): string[] {
  const faults: string[] = [];
  if (data.HEDGEROW_JWKS_URL) {
    faults.push(
      'HEDGEROW_AUTH is embedded and HEDGEROW_JWKS_URL is set: tokens come from Hedgerow or from an issuer, so unset one',
    );
  }
  if (purpose !== 'serve' || data.NODE_ENV !== 'production') return faults;
  const missing = (name: keyof Variables, why: string) => {
    if (!data[name]) faults.push(`${name} is missing: HEDGEROW_AUTH is embedded, and ${why}`);
  };
  missing('HEDGEROW_PUBLIC_URL', 'links in mails need the address of the server');
  missing('HEDGEROW_SMTP_URL', 'mails to verify addresses and to reset passwords are sent by it');
  return faults;
}

const isUnknown = (name: string) => name.startsWith('HEDGEROW_') && !variableNames.includes(name);

/** Names the known variable that shares the longest beginning with the unknown one. */
function suggestion(name: string): string {
  const sharedLength = (other: string) => {
    let length = 0;
    while (length < other.length && other[length] === name[length]) length++;
    return length;
  };
  const known = variableNames.filter((other) => other.startsWith('HEDGEROW_'));
  const closest = known.toSorted((a, b) => sharedLength(b) - sharedLength(a))[0]!;
  return sharedLength(closest) > 'HEDGEROW_'.length ? `Did you mean ${closest}?` : `Known are ${known.join(', ')}.`;
}

const count = (faults: number) => (faults === 1 ? 'a fault' : `${faults} faults`);
