/** Every rule has its page, and each page the same shape. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '../../../src/proof/lint/lint.ts';

const folder = join(import.meta.dirname, '../../../docs/reference/lints');
const rules = await readRules();
const page = (name: string) => readFileSync(join(folder, `${name}.md`), 'utf8');

test('every rule has its page, and every page its rule', () => {
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');

  expect(pages.sort()).toEqual(rules.map(({ name }) => `${name}.md`));
});

test.each(rules)('the page of $name has the shape of all', ({ name, level, title }) => {
  const text = page(name);

  expect(text.split('\n\n', 2)).toEqual([`# ${name}`, `**${level}**: ${title}`]);
  expect(text.match(/^#.*/gm)).toEqual([
    `# ${name}`,
    '## What it finds',
    '## Why it matters',
    '## How to mend it',
    '## When to accept it',
  ]);
  expect(text.match(/^```\w+/gm)).toEqual(['```sql', '```sql', '```json']);
  const [, example] = /```json\n(.*)```/s.exec(text)!;
  expect(JSON.parse(example!)).toEqual({
    rule: name,
    object: expect.stringMatching(/./),
    reason: expect.stringMatching(/./),
  });
});

test('the table of rules is the rules', () => {
  const rows = page('README')
    .split('\n')
    .filter((line) => line.startsWith('| ['))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    );

  expect(rows).toEqual(rules.map(({ name, level, title }) => [`[\`${name}\`](${name}.md)`, level, title]));
});
