/** docs/explanation/threat-model.md and the tests of attacks name each other. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/explanation/threat-model.md'), 'utf8');

const threats = [...page.matchAll(/^\| (T-\d\d) +\|[^|]*\|[^|]*\|([^|]*)\|$/gm)].map(([, id, tests]) => ({
  id: id!,
  tests: [...tests!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!),
}));

const filesUnder = (path: string): string[] =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path)).flatMap((entry) => filesUnder(join(path, entry)))
    : [path];
const textOf = (path: string) =>
  filesUnder(path)
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');

/** The tests that are attacks. */
const attacks = ['test/security', 'test/noninterference', 'policies']
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap(filesUnder)
  .filter((file) => /\.test\.(ts|sql)$/.test(file));

test('every threat has an id of its own, and tests', () => {
  const ids = threats.map(({ id }) => id);

  expect(ids.length).toBeGreaterThan(10);
  expect(new Set(ids).size).toBe(ids.length);
  expect(threats.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test.each(threats)('$id: its tests are there and name it', ({ id, tests }) => {
  for (const path of tests)
    expect([path, existsSync(join(root, path)) && textOf(path).includes(id)]).toEqual([path, true]);
});

test.each(attacks)('%s names the threat that it is about, in the table', (file) => {
  const named = [...textOf(file).matchAll(/\bT-\d\d\b/g)].map(([id]) => id);
  const known = named.filter((id) =>
    threats.some((threat) => threat.id === id && threat.tests.some((path) => file === path || file.startsWith(path))),
  );

  expect(named.length).toBeGreaterThan(0);
  expect(known).toEqual(named);
});

test('what is not defended is said: timing, the owner role, a stolen token', () => {
  const limits = page.slice(page.indexOf('## What is not defended'));

  expect(limits).toMatch(/^\| N-\d\d \| differences in timing/m);
  expect(limits).toMatch(/^\| N-\d\d \| a compromised owner role/m);
  expect(limits).toMatch(/^\| N-\d\d \| a stolen token/m);
});
