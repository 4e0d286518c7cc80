/** Findings of a command on standard output, in the form that was asked for; the exit code says whether there is something to mend. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyBaseline, readBaseline } from '../../proof/baseline.ts';
import type { ProofConfig } from '../../proof/config.ts';
import type { Finding } from '../../proof/finding.ts';
import { failsReport, jsonReport, sarifReport, textReport, type Report, type RuleText } from '../../proof/report.ts';
import { version } from '../../version.ts';

/** The pages of the rules, as seen from the current folder: in a checkout, or in an installed package. */
const pages = relative('', fileURLToPath(new URL('../../../docs/reference/lints', import.meta.url)));

export type FindingFlags = { json: boolean; sarif: boolean };

/**
 * Takes from the findings what the baseline accepts.
 * @param rules the names of the rules of this command
 */
export async function judge(config: ProofConfig, findings: readonly Finding[], rules: RegExp): Promise<Report> {
  return applyBaseline(findings, await readBaseline(config.baseline), rules);
}

/**
 * Prints a report and sets the exit code: 1 for a new error or warning, and for a stale entry of the baseline.
 * @param about the rules, for SARIF
 * @param text instead of the plain list of findings
 */
export function tell(
  config: ProofConfig,
  report: Report,
  { json, sarif }: FindingFlags,
  { rules = [], text, data }: { rules?: readonly RuleText[]; text?: string; data?: unknown } = {},
): void {
  const place = { version, uri: relative('', config.baseline) };
  const printed = sarif
    ? sarifReport(report, rules, place)
    : json
      ? data === undefined
        ? jsonReport(report)
        : JSON.stringify(data, undefined, 2)
      : (text ?? textReport(report, pages));
  process.stdout.write(`${printed.trimEnd()}\n`);
  process.exitCode = failsReport(report) ? 1 : 0;
}
