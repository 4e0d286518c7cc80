/**
 * What there is to prove, from a file (`policies/config.json` unless another is named) and flags over it: where the schema comes from, which
 * tables are meant, and how a user is impersonated. All faults are told at once.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';

/** Who runs a request: a database role and the settings of its transaction. */
export type Identity = { role: string; settings: Readonly<Record<string, string>> };

export type ProofConfig = {
  /** The folder that the paths of the file start from, and where `build` runs. */
  folder: string;
  /** A superuser's URL: of the database to look at and to copy; with `build`, of the server on which to build one. */
  database?: string;
  /** A shell command that makes the schema in the empty database whose URL it finds in DATABASE_URL. */
  build?: string;
  /** The schemas whose tables hold users' data, and whose functions serve them. */
  schemas: readonly string[];
  /** Those of them that the API shows. */
  api: readonly string[];
  /** The roles that requests run as; the first is that of a user who is signed in. */
  visitors: readonly string[];
  /** The roles that look across users, and as which no request runs: administrators, reports. */
  inspectors: readonly string[];
  /** The roles that the API logs in as. */
  logins: readonly string[];
  /** The role and settings of a request by the user with this subject; without one, of a request by nobody. */
  impersonate(sub?: string): Identity;
  /** The subjects of two users who do not exist: the prober plays both. */
  users: readonly [string, string];
  /** SQL that makes rows of both users, for the prober; without it, it makes them up. */
  rows?: string;
  /** Patterns of SQL files that are run on every throw-away database after it is built: policies that are still being written. */
  apply: readonly string[];
  /** Patterns of the pgTAP files. */
  tests: readonly string[];
  /** The file of accepted findings. */
  baseline: string;
  /** Functions whose body depends on the version of PostgreSQL: the snapshot leaves it out. */
  varying?: readonly string[];
};

/** What the command line says; it goes before the file. */
export type ProofFlags = {
  config?: string;
  database?: string;
  build?: string;
  schema?: string[];
  visitor?: string[];
  /** `name=value`, in which `$sub` stands for the subject. */
  setting?: string[];
};

const name = z.string().min(1);
const settings = z.record(name, z.union([z.string(), z.record(z.string(), z.unknown())]));

const fileShape = z.strictObject({
  $schema: z.string().optional(),
  database: z
    .string()
    .refine(
      (url) => url.startsWith('$') || /^postgres(ql)?:\/\//.test(url),
      'It has to be a URL: postgres://role:password@host:5432/database',
    )
    .optional(),
  build: z.string().min(1).optional(),
  schemas: z.array(name).min(1),
  api: z.array(name).optional(),
  visitors: z.array(name).min(1),
  inspectors: z.array(name).default([]),
  logins: z.array(name).default([]),
  impersonate: z.strictObject({
    settings,
    nobody: z.strictObject({ role: name.optional(), settings }).optional(),
  }),
  users: z.tuple([name, name]).default(['alice', 'bob']),
  rows: z.string().optional(),
  apply: z.array(z.string()).default([]),
  tests: z.array(z.string()).default(['*.test.sql']),
  baseline: z.string().default('baseline.json'),
  varying: z.array(name).optional(),
});

/** The roles whose access is proved: those of requests, and those that look. */
export const provedRoles = ({ visitors, inspectors }: Pick<ProofConfig, 'visitors' | 'inspectors'>): string[] => [
  ...visitors,
  ...inspectors,
];

/** Where the file is when no flag names one. */
export const defaultConfigFile = 'policies/config.json';

/**
 * Reads the file, lays the flags over it and checks the whole.
 * @param env where `"database": "$NAME"` finds the URL, so that no password is in the file
 * @throws OperatorError with every fault
 */
export async function readProofConfig(
  flags: ProofFlags,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ProofConfig> {
  const file = resolve(flags.config ?? defaultConfigFile);
  const written = await readJson(file, flags);
  const given = fileShape.safeParse(withFlags(written ?? {}, flags));
  if (!given.success) {
    const faults = given.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the whole'}: ${message}`);
    throw new OperatorError(
      `What ${file} and the flags say does not do:\n${faults.join('\n')}\nSee docs/how-to/prove-your-own-policies.md.`,
    );
  }
  const folder = written === undefined ? process.cwd() : dirname(file);
  const { impersonate, database, rows, baseline, api, ...rest } = given.data;
  return {
    ...rest,
    folder,
    api: api ?? rest.schemas,
    database: database === undefined ? undefined : expandVariable(database, env),
    rows: rows === undefined ? undefined : resolve(folder, rows),
    baseline: resolve(folder, baseline),
    apply: rest.apply.map((pattern) => resolve(folder, pattern)),
    tests: rest.tests.map((pattern) => resolve(folder, pattern)),
    impersonate: (sub) => identityOf(sub, rest.visitors[0]!, impersonate),
  };
}

/** The content of the file; undefined where there is none and the flags may do. */
async function readJson(file: string, flags: ProofFlags): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && flags.config === undefined && flags.schema !== undefined) return undefined;
    if (code === 'ENOENT') {
      throw new OperatorError(
        `There is no ${file}. It says which schemas and roles are meant; name another with --config, or say it with --schema, --visitor and --setting.`,
      );
    }
    throw new OperatorError(`${file} cannot be read: ${message}`);
  }
}

function withFlags(given: Record<string, unknown>, flags: ProofFlags): Record<string, unknown> {
  const settings = flags.setting?.map((setting) => {
    const at = setting.indexOf('=');
    if (at < 1) throw new OperatorError(`--setting ${setting}: write name=value, such as jwt.claims.sub=$sub.`);
    return [setting.slice(0, at), setting.slice(at + 1)] as const;
  });
  return {
    ...given,
    ...(flags.database !== undefined && { database: flags.database }),
    ...(flags.build !== undefined && { build: flags.build }),
    // A database named by hand is the one to look at, whatever the file would build.
    ...(flags.database !== undefined && flags.build === undefined && { build: undefined }),
    ...(flags.schema !== undefined && { schemas: flags.schema }),
    ...(flags.visitor !== undefined && { visitors: flags.visitor }),
    ...(settings !== undefined && { impersonate: { settings: Object.fromEntries(settings) } }),
  };
}

function expandVariable(value: string, env: Readonly<Record<string, string | undefined>>): string {
  if (!value.startsWith('$')) return value;
  const found = env[value.slice(1)];
  if (!found) throw new OperatorError(`The configuration takes the database from ${value.slice(1)}, which is not set.`);
  return found;
}

type Impersonation = z.infer<typeof fileShape>['impersonate'];

/** A setting that is an object becomes JSON; `$sub` becomes the subject in whatever text it stands. Nobody's settings are empty unless given. */
function identityOf(sub: string | undefined, visitor: string, impersonate: Impersonation): Identity {
  const text = (value: string | Record<string, unknown>) =>
    typeof value === 'string'
      ? value.replaceAll('$sub', () => sub ?? '')
      : JSON.stringify(value, (_key, part: unknown) =>
          typeof part === 'string' ? part.replaceAll('$sub', () => sub ?? '') : part,
        );
  if (sub === undefined && impersonate.nobody === undefined) {
    return { role: visitor, settings: Object.fromEntries(Object.keys(impersonate.settings).map((key) => [key, ''])) };
  }
  const { role = visitor, settings } = sub === undefined ? impersonate.nobody! : { ...impersonate, role: visitor };
  return { role, settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, text(value)])) };
}
