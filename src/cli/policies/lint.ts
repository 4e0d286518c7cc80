/** `hedgerow policies lint`: what the catalog shows that opens rows, is about to, or makes it slow. */
import type { ProofFlags } from '../../proof/config.ts';
import { leakproofReport, type LeakproofRow } from '../../proof/lint/leakproof.ts';
import { lint as lintDatabase, readRules } from '../../proof/lint/lint.ts';
import type { Environment } from '../environment.ts';
import { judge, tell, type FindingFlags } from './findings.ts';
import { openSubject, withDatabase } from './subject.ts';

export type LintFlags = ProofFlags & FindingFlags & { leakproof: boolean };

export async function lint(env: Environment, flags: LintFlags): Promise<void> {
  const subject = await openSubject(flags, env);
  try {
    const { config } = subject;
    if (flags.leakproof) {
      const rows = await withDatabase(subject, (client) => leakproofReport(client, config));
      process.stdout.write(flags.json ? `${JSON.stringify(rows, undefined, 2)}\n` : printOperators(rows));
      return;
    }
    const findings = await withDatabase(subject, (client) => lintDatabase(client, config));
    tell(config, await judge(config, findings, /^\d{4}_/), flags, { rules: await readRules() });
  } finally {
    await subject.release();
  }
}

/** A line for each column: its operators by what a filter with them can use. */
function printOperators(rows: readonly LeakproofRow[]): string {
  const columns = Map.groupBy(rows, ({ table, column, type }) => `${table}.${column} (${type})`);
  const lines = [...columns].flatMap(([column, operators]) => [
    column,
    ...[...Map.groupBy(operators, ({ use }) => use)].map(
      ([use, those]) => `    ${use}: ${those.map(({ operator }) => operator).join(' ')}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
