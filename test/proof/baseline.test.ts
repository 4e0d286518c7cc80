/** What is accepted, with a reason, is not told again; what is accepted and gone is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/proof/finding.ts';
import { applyBaseline, readBaseline } from '../../src/proof/baseline.ts';

const finding = (rule: string, object: string): Finding => ({ rule, level: 'error', object, problem: 'It is open.' });
let file: string;

beforeAll(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'hedgerow-baseline-')), 'baseline.json');
});
afterAll(() => rm(join(file, '..'), { recursive: true }));

test('findings are taken apart by rule and object', () => {
  const accepted = { rule: '0001_a', object: 'app.notes', reason: 'It is empty.' };
  const stale = { rule: '0002_b', object: 'app.notes', reason: 'It was.' };
  const ofAnother = { rule: 'mutant_survived', object: 'app.notes: row security off', reason: 'Nobody minds.' };
  const [known, sameRule, sameObject] = [
    finding('0001_a', 'app.notes'),
    finding('0001_a', 'app.lines'),
    finding('0003_c', 'app.notes'),
  ];

  const split = applyBaseline([known, sameRule, sameObject], [accepted, stale, ofAnother], /^\d/);

  expect(split).toEqual({
    findings: [sameRule, sameObject],
    accepted: [{ ...known, reason: 'It is empty.' }],
    stale: [stale],
  });
});

test('without a file nothing is accepted', async () => {
  expect(await readBaseline(`${file}.none`)).toEqual([]);
});

test('a file is read', async () => {
  const entries = [{ rule: '0001_a', object: 'app.notes', reason: 'It is empty.' }];
  await writeFile(file, JSON.stringify(entries));

  expect(await readBaseline(file)).toEqual(entries);
});

test.each([
  ['no JSON', '[{]', /is not JSON/],
  ['no list', '{}', /has to be a list/],
  ['no reason', '[{ "rule": "0001_a", "object": "app.notes" }]', /0\.reason/],
  ['a reason that says nothing', '[{ "rule": "0001_a", "object": "app.notes", "reason": "  " }]', /0\.reason/],
  ['a key that means nothing', '[{ "rule": "a", "object": "b", "reason": "c", "until": "2030" }]', /until/],
  [
    'one finding twice',
    '[{ "rule": "a", "object": "b", "reason": "c" }, { "rule": "a", "object": "b", "reason": "d" }]',
    /accepts twice:\n {2}a b\n/,
  ],
])('%s is refused', async (_what, content, message) => {
  await writeFile(file, content);

  await expect(readBaseline(file)).rejects.toThrow(message);
});
