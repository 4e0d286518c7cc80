/** Findings, told three ways. */
import type { Finding } from '../../src/proof/finding.ts';
import { failsReport, jsonReport, sarifReport, textReport } from '../../src/proof/report.ts';

const open: Finding = {
  rule: '0001_open',
  level: 'error',
  object: 'app.notes',
  problem: 'It is open.',
  remedy: 'alter table app.notes close;\nOr drop it.',
};
const slow: Finding = { rule: '0002_slow', level: 'warning', object: 'app.f(text)', problem: 'It is slow.' };
const odd: Finding = { rule: '0003_odd', level: 'note', object: 'app.lines', problem: 'It is odd.' };
const accepted = [{ ...slow, object: 'app.g()', reason: 'It is small.' }];
const stale = [{ rule: '0002_slow', object: 'app.h()', reason: 'It was.' }];

test('as text, each finding is a line, its remedy is below, and a count is at the end', () => {
  expect(textReport({ findings: [open, slow, odd], accepted, stale }, 'docs/lints'))
    .toBe(`error    0001_open  app.notes: It is open.
           alter table app.notes close;
           Or drop it.
warning  0002_slow  app.f(text): It is slow.
note     0003_odd  app.lines: It is odd.
stale    0002_slow  app.h(): Not found any more; remove it from the baseline.
1 error, 1 warning, 1 note, 1 accepted, 1 stale. More on each: docs/lints/0001_open.md and its neighbours.`);
});

test('as text, nothing is a count of nothing', () => {
  expect(textReport({ findings: [] }, 'docs/lints')).toBe('0 errors, 0 warnings, 0 notes.');
});

test('as JSON, it is all there', () => {
  expect(JSON.parse(jsonReport({ findings: [open], accepted, stale }))).toEqual({ findings: [open], accepted, stale });
  expect(JSON.parse(jsonReport({ findings: [] }))).toEqual({ findings: [], accepted: [], stale: [] });
});

test.each([
  ['an error', { findings: [open] }, true],
  ['a warning', { findings: [slow] }, true],
  ['a stale entry', { findings: [], stale }, true],
  ['a note', { findings: [odd] }, false],
  ['what is accepted', { findings: [], accepted }, false],
])('%s: whether it fails is clear', (_what, report, fails) => {
  expect(failsReport(report)).toBe(fails);
});

test('as SARIF, results point at rules, at a file, and at the object', () => {
  const rules = [
    { name: '0001_open', level: 'error', title: 'Open.', help: '# Open' },
    { name: '0004_other', level: 'note', title: 'Other.' },
  ] as const;

  const log = JSON.parse(sarifReport({ findings: [open] }, rules, { version: '1.2.3', uri: 'policies/config.json' }));

  expect(log).toEqual({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'hedgerow',
            version: '1.2.3',
            rules: [
              {
                id: '0001_open',
                shortDescription: { text: 'Open.' },
                defaultConfiguration: { level: 'error' },
                help: { text: '# Open', markdown: '# Open' },
              },
              { id: '0004_other', shortDescription: { text: 'Other.' }, defaultConfiguration: { level: 'note' } },
            ],
          },
        },
        results: [
          {
            ruleId: '0001_open',
            ruleIndex: 0,
            level: 'error',
            message: { text: 'app.notes: It is open.\nalter table app.notes close;\nOr drop it.' },
            locations: [
              {
                physicalLocation: { artifactLocation: { uri: 'policies/config.json' }, region: { startLine: 1 } },
                logicalLocations: [{ fullyQualifiedName: 'app.notes', kind: 'object' }],
              },
            ],
            partialFingerprints: { 'ruleAndObject/v1': '0001_open app.notes' },
          },
        ],
      },
    ],
  });
});

test('as SARIF, what is accepted is suppressed with its reason, what is stale is a result, and an unknown rule has its name', () => {
  const [run] = JSON.parse(sarifReport({ findings: [], accepted, stale }, [], { version: '1.2.3', uri: 'x' })).runs;

  expect(run.tool.driver.rules).toEqual([{ id: 'stale_baseline' }, { id: '0002_slow' }]);
  expect(run.results.map(({ ruleId, ruleIndex, suppressions }: any) => ({ ruleId, ruleIndex, suppressions }))).toEqual([
    { ruleId: 'stale_baseline', ruleIndex: 0, suppressions: undefined },
    { ruleId: '0002_slow', ruleIndex: 1, suppressions: [{ kind: 'external', justification: 'It is small.' }] },
  ]);
});
