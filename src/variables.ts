/** Every variable of the environment that Hedgerow reads: its name, its default, and what it may be. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

/** What .env.example shows in place of a secret; never accepted. */
export const exampleSecret = 'replace-me-with-the-output-of-openssl-rand-base64-48';

/** HS256 keys shorter than the hash are refused by RFC 7518, section 3.2. */
const shortestSecret = 32;

const whole = (least: number, most: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`))
    .default(fallback);

/** A number, or `auto`: one for each core that this process may use. */
const processes = z
  .string()
  .regex(/^(\d+|auto)$/, 'must be a whole number, or auto')
  .transform((value) => (value === 'auto' ? availableParallelism() : Number(value)))
  .pipe(z.number().min(1, 'must be at least 1').max(256, 'must be at most 256'))
  .default(1);

const postgresUrl = z.string().refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), {
  error: 'must be a connection URL: postgres://role:password@host:5432/database',
});

const webUrl = z.url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' });

const origins = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim().replace(/\/$/, '')))
  .refine((list) => list.every((entry) => URL.canParse(entry) && new URL(entry).origin === entry), {
    error: 'must be origins without a path, separated by commas: https://app.example.com,http://localhost:3000',
  });

const secret = z
  .string()
  .refine((value) => value !== exampleSecret, 'is still the example value: make one with "openssl rand -base64 48"')
  .refine((value) => Buffer.byteLength(value) >= shortestSecret, {
    error: `must have at least ${shortestSecret} bytes: make one with "openssl rand -base64 48"`,
  });

const onOrOff = z.enum(['on', 'off'], { error: 'must be on or off' });

const origin = z.string().refine((value) => URL.canParse(value) && new URL(value).origin === value, {
  error: 'must be an origin without a path: https://api.example.com',
});

/** Every variable that Hedgerow reads. .env.example documents the same list. */
const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'must be development, test or production' })
    .default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535, 4000),
  HEDGEROW_WORKERS: processes,
  DATABASE_URL: postgresUrl.optional(),
  HEDGEROW_LISTEN_URL: postgresUrl.optional(),
  HEDGEROW_OWNER_URL: postgresUrl.optional(),
  HEDGEROW_ADMIN_URL: postgresUrl.optional(),
  HEDGEROW_AUTH_DATABASE_URL: postgresUrl.optional(),
  HEDGEROW_INSPECTOR_URL: postgresUrl.optional(),
  HEDGEROW_DATA_DIR: z.string().default('.hedgerow'),
  BETTER_AUTH_SECRET: secret.optional(),
  HEDGEROW_PREVIOUS_SECRET: secret.optional(),
  HEDGEROW_JWKS_URL: webUrl.optional(),
  HEDGEROW_ISSUER: z.string().optional(),
  HEDGEROW_AUDIENCE: z.string().optional(),
  HEDGEROW_CLOCK_SKEW: whole(0, 600, 60),
  HEDGEROW_AUTH: z.enum(['embedded', 'off'], { error: 'must be embedded or off' }).optional(),
  HEDGEROW_PUBLIC_URL: origin.optional(),
  HEDGEROW_VERIFY_EMAIL: onOrOff.optional(),
  HEDGEROW_SMTP_URL: z
    .string()
    .refine((value) => /^smtps?:\/\//.test(value) && URL.canParse(value), {
      error: 'must be a URL such as smtps://user:password@smtp.example.com:465',
    })
    .optional(),
  HEDGEROW_MAIL_FROM: z.string().optional(),
  FRONTEND_URL: origins.default([]),
  HEDGEROW_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be trace, debug, info, warn, error or silent',
    })
    .default('info'),
  HEDGEROW_INTROSPECTION: onOrOff.optional(),
  HEDGEROW_SESSION_SUBJECTS: onOrOff.optional(),
  HEDGEROW_TRUSTED_DOCUMENTS: z.string().optional(),
  HEDGEROW_RATE_LIMIT: whole(0, 1_000_000, 600),
  HEDGEROW_SIGN_IN_LIMIT: whole(0, 1_000_000, 10),
  HEDGEROW_RATE_LIMIT_STORE: z.enum(['memory', 'postgres'], { error: 'must be memory or postgres' }).default('memory'),
  HEDGEROW_TRUSTED_PROXIES: whole(0, 16, 0),
  HEDGEROW_POOL_SIZE: whole(1, 1000, 10),
  HEDGEROW_POOL_TIMEOUT: whole(1, 600_000, 5_000),
  HEDGEROW_PREPARED_STATEMENTS: onOrOff.default('on'),
  HEDGEROW_STATEMENT_TIMEOUT: whole(0, 3_600_000, 10_000),
  HEDGEROW_LOCK_TIMEOUT: whole(0, 3_600_000, 5_000),
  HEDGEROW_IDLE_TIMEOUT: whole(0, 3_600_000, 10_000),
  HEDGEROW_BODY_LIMIT: whole(1_024, 100_000_000, 262_144),
  HEDGEROW_HISTORY_MONTHS: whole(1, 1_200, 12),
  HEDGEROW_START_TIMEOUT: whole(0, 3_600_000, 30_000),
  HEDGEROW_STOP_TIMEOUT: whole(0, 3_600_000, 10_000),
});

export type Variables = z.infer<typeof variables>;

export const variableNames: string[] = Object.keys(variables.shape);

/** Reads the variables, with their defaults; without data, each fault is a sentence that begins with the variable's name. */
export function readVariables(given: object): { data?: Variables; faults: string[] } {
  const { data, error } = variables.safeParse(given);
  return { data, faults: error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [] };
}
