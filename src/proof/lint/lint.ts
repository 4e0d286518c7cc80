/**
 * Lints a database's catalog: each rule is one query (rules/NNNN_name.sql) over what catalog.sql makes. All in one transaction, of which
 * nothing stays. Knows nothing of tasks.
 */
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { OperatorError } from '../../errors.ts';
import type { ProofConfig } from '../config.ts';
import type { Finding, Level } from '../finding.ts';
import { assertFits } from '../fit.ts';
import { readPredicates } from './predicates.ts';
import { readPrograms } from './programs.ts';

export type Rule = {
  /** Such as `0001_row_security_off`. */
  name: string;
  level: Level;
  /** What is wrong where it finds something: one sentence. */
  title: string;
  sql: string;
};

/** What a rule looks at, of the configuration. */
export type LintConfig = Pick<
  ProofConfig,
  'schemas' | 'api' | 'visitors' | 'inspectors' | 'logins' | 'impersonate' | 'users'
>;

const folder = new URL('rules/', import.meta.url);

/** All rules, in the order of their numbers. */
export async function readRules(): Promise<Rule[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(files.map(async (file) => parseRule(file, await readFile(new URL(file, folder), 'utf8'))));
}

function parseRule(file: string, sql: string): Rule {
  const [, level, title] = /^\/\*\s*(?:\* )?(error|warning|note): ([^\n]+?\.)(?: \*\/)?\n/.exec(sql) ?? [];
  if (level === undefined || title === undefined) {
    throw new OperatorError(`${file} has to begin with its level and title: "/* warning: What is wrong. */".`);
  }
  return { name: file.replace(/\.sql$/, ''), level: level as Level, title, sql };
}

/**
 * What is wrong in the database, sorted by rule and object.
 * @param client not in a transaction; a superuser, or a role that owns the tables and functions, may create temporary tables and is a
 * member of the visitors
 * @throws OperatorError when the configuration names what is not there, or a role that the client may not become
 */
export async function lint(client: pg.ClientBase, config: LintConfig): Promise<Finding[]> {
  const rules = await readRules();
  return withoutTrace(client, () => inspect(client, config, rules));
}

/** Runs `work` in a transaction that is rolled back, whatever comes of it. */
export async function withoutTrace<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    return await work();
  } finally {
    await client.query('rollback');
  }
}

/** As `lint`, in the caller's transaction, which is to be rolled back, by these rules. */
export async function inspect(client: pg.ClientBase, config: LintConfig, rules: Rule[]): Promise<Finding[]> {
  await prepareCatalog(client, config);
  const findings: Finding[] = [];
  for (const { name, level, sql } of rules) {
    const { rows } = await client.query<Omit<Finding, 'rule' | 'level'>>(sql);
    const sorted = rows.sort((one, other) => (one.object < other.object ? -1 : 1));
    findings.push(...sorted.map(({ object, problem, remedy }) => ({ rule: name, level, object, problem, remedy })));
  }
  return findings;
}

/** Runs catalog.sql and fills the tables that it leaves empty. */
export async function prepareCatalog(client: pg.ClientBase, config: LintConfig): Promise<void> {
  // Without statistics of the catalog PostgreSQL would compile queries that are run once.
  await client.query(
    'set local search_path = pg_catalog, pg_temp; set local client_min_messages = warning; set local jit = off',
  );
  await assertFits(client, config);
  const { settings } = config.impersonate(config.users[0]);
  await client.query(
    `select set_config('proof.schemas', $1::text[]::text, true), set_config('proof.api', $2::text[]::text, true),
       set_config('proof.visitors', $3::text[]::text, true), set_config('proof.logins', $4::text[]::text, true),
       set_config('proof.settings', $5, true)`,
    [config.schemas, config.api, config.visitors, config.logins, JSON.stringify(settings)],
  );
  await client.query(await readFile(new URL('catalog.sql', import.meta.url), 'utf8'));
  await readPredicates(client);
  await readPrograms(client);
}
