/** The baseline: findings that were looked at and accepted, each with its reason. What it names and is not found any more is stale. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import type { Finding } from './finding.ts';

export type Accepted = { rule: string; object: string; reason: string };

const text = z.string().trim().min(1);
const shape = z.array(z.strictObject({ rule: text, object: text, reason: text }));

/**
 * Reads the file; where there is none, nothing is accepted.
 * @throws OperatorError when it is no JSON, an entry lacks its reason, or one finding is accepted twice
 */
export async function readBaseline(file: string): Promise<Accepted[]> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  const entries = shape.safeParse(parseJson(content, file));
  if (!entries.success) {
    const faults = entries.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the whole'}: ${message}`);
    throw new OperatorError(
      `The baseline ${file} has to be a list of { "rule", "object", "reason" }, none of them empty:\n${faults.join('\n')}`,
    );
  }
  const keys = entries.data.map(keyOf);
  const doubled = entries.data.filter((entry, index) => keys.indexOf(keyOf(entry)) < index);
  if (doubled.length > 0) {
    throw new OperatorError(
      `The baseline ${file} accepts twice:\n${doubled.map((entry) => `  ${keyOf(entry)}`).join('\n')}\nKeep one reason for each.`,
    );
  }
  return entries.data;
}

/**
 * Takes the findings apart: those to be told, those that were accepted, and the entries that match none.
 * @param rules which entries are about these findings; the others belong to another command
 */
export function applyBaseline(
  findings: readonly Finding[],
  entries: readonly Accepted[],
  rules: RegExp,
): { findings: Finding[]; accepted: (Finding & { reason: string })[]; stale: Accepted[] } {
  const baseline = entries.filter(({ rule }) => rules.test(rule));
  const reasons = new Map(baseline.map((entry) => [keyOf(entry), entry.reason]));
  const found = new Set(findings.map(keyOf));
  return {
    findings: findings.filter((finding) => !reasons.has(keyOf(finding))),
    accepted: findings.flatMap((finding) => {
      const reason = reasons.get(keyOf(finding));
      return reason === undefined ? [] : [{ ...finding, reason }];
    }),
    stale: baseline.filter((entry) => !found.has(keyOf(entry))),
  };
}

const keyOf = ({ rule, object }: { rule: string; object: string }): string => `${rule} ${object}`;

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new OperatorError(`The baseline ${file} is not JSON: ${(error as Error).message}`);
  }
}
