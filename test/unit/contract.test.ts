/** docs/reference/contract.md says the truth: the files are there, and the tests that it names say which promises they prove. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/reference/contract.md'), 'utf8');

type Row = { id: string; lives: string[]; proofs: string[]; state: string };

const pathsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
const rows: Row[] = [...page.matchAll(/^\| (C-\d\d) +\|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(
  ([, id, lives, proofs, state]) => ({
    id: id!,
    lives: pathsIn(lives!),
    proofs: pathsIn(proofs!),
    state: state!.trim(),
  }),
);

/** The text of a file, or of all files of a folder. */
const textOf = (path: string): string =>
  statSync(join(root, path)).isDirectory()
    ? readdirSync(join(root, path))
        .map((entry) => textOf(join(path, entry)))
        .join('\n')
    : readFileSync(join(root, path), 'utf8');

/** `C-20 to C-22` counts for C-21 too. */
function names(text: string, id: string): boolean {
  const number = Number(id.slice(2));
  const ranges = [...text.matchAll(/C-(\d\d) to C-(\d\d)/g)];
  return text.includes(id) || ranges.some(([, from, to]) => Number(from) <= number && number <= Number(to));
}

test('every promise has one row', () => {
  const ids = rows.map(({ id }) => id);

  expect(ids).toHaveLength(45);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(rows.filter(({ state }) => state !== 'to come'))(
  '$id: its files exist, and its tests name it',
  ({ id, lives, proofs }) => {
    for (const path of lives) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    for (const path of proofs) expect([path, names(textOf(path), id)]).toEqual([path, true]);
  },
);

test('what stands is proved', () => {
  expect(rows.filter(({ state, proofs }) => state.startsWith('stands') && proofs.length === 0)).toEqual([]);
});

test('what is to come is not claimed by any test', () => {
  const tests = ['test/integration', 'test/security', 'test/e2e', 'policies'].map(textOf).join('\n');

  expect(rows.filter(({ id, state }) => state === 'to come' && names(tests, id)).map(({ id }) => id)).toEqual([]);
});
