/** Findings as text for a terminal, as JSON for a program, as SARIF 2.1.0 for a code host. Knows no command. */
import type { Finding, Level } from './finding.ts';

export type Report = {
  findings: readonly Finding[];
  /** Those that a baseline accepts. */
  accepted?: readonly (Finding & { reason: string })[];
  /** Entries of the baseline that match no finding any more. */
  stale?: readonly { rule: string; object: string; reason: string }[];
};

/** A kind of finding, as far as a reader of SARIF wants to know it. */
export type RuleText = { name: string; level: Level; title: string; help?: string };

const levels: readonly Level[] = ['error', 'warning', 'note'];

/** Whether there is something to mend: a new error or warning, or a stale entry. Notes are for reading. */
export const failsReport = ({ findings, stale = [] }: Report): boolean =>
  stale.length > 0 || findings.some(({ level }) => level !== 'note');

/**
 * One line for each finding, its remedy below it, and a count at the end.
 * @param pages the folder of the rules' pages, such as `docs/reference/lints`
 */
export function textReport({ findings, accepted = [], stale = [] }: Report, pages?: string): string {
  const lines = findings.flatMap(({ level, rule, object, problem, remedy }) => [
    `${level.padEnd(7)}  ${rule}  ${object}: ${problem}`,
    ...(remedy?.split('\n') ?? []).map((line) => `           ${line}`),
  ]);
  const gone = stale.map(
    ({ rule, object }) => `stale    ${rule}  ${object}: Not found any more; remove it from the baseline.`,
  );
  const counts = [
    ...levels.map((level) => counted(findings.filter((finding) => finding.level === level).length, level)),
    ...(accepted.length > 0 ? [`${accepted.length} accepted`] : []),
    ...(stale.length > 0 ? [`${stale.length} stale`] : []),
  ].join(', ');
  const more =
    findings.length > 0 && pages !== undefined
      ? ` More on each: ${pages}/${findings[0]!.rule}.md and its neighbours.`
      : '';
  return [...lines, ...gone, `${counts}.${more}`].join('\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `{ findings, accepted, stale }`, indented. */
export const jsonReport = ({ findings, accepted = [], stale = [] }: Report): string =>
  JSON.stringify({ findings, accepted, stale }, null, 2);

/**
 * A SARIF 2.1.0 log. Accepted findings are in it, suppressed with their reason; stale entries are results of the rule `stale_baseline`.
 * @param rules what each kind of finding is about; of a kind without an entry only the name is told
 * @param place the tool's version, and the file that the results are shown at, since objects of a database have none
 */
export function sarifReport(
  { findings, accepted = [], stale = [] }: Report,
  rules: readonly RuleText[],
  place: { version: string; uri: string },
): string {
  const gone: Finding[] = stale.map(({ rule, object }) => ({
    rule: 'stale_baseline',
    level: 'error',
    object,
    problem: `${rule} is accepted here, and not found any more.`,
    remedy: 'Remove it from the baseline.',
  }));
  const told = [...findings, ...gone, ...accepted];
  const names = [...new Set([...rules.map(({ name }) => name), ...told.map(({ rule }) => rule)])];
  const results = told.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: names.indexOf(finding.rule),
    level: finding.level,
    message: {
      text: [`${finding.object}: ${finding.problem}`, finding.remedy].filter((line) => line !== undefined).join('\n'),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: place.uri }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: finding.object, kind: 'object' }],
      },
    ],
    partialFingerprints: { 'ruleAndObject/v1': `${finding.rule} ${finding.object}` },
    ...('reason' in finding && { suppressions: [{ kind: 'external', justification: finding.reason }] }),
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'hedgerow', version: place.version, rules: names.map((name) => describe(name, rules)) },
        },
        results,
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function describe(name: string, rules: readonly RuleText[]) {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) return { id: name };
  return {
    id: name,
    shortDescription: { text: rule.title },
    defaultConfiguration: { level: rule.level },
    ...(rule.help !== undefined && { help: { text: rule.help, markdown: rule.help } }),
  };
}
