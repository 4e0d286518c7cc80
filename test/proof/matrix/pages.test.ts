/** The matrix as Markdown and as HTML. */
import { printHtml } from '../../../src/proof/matrix/html.ts';
import { printMarkdown } from '../../../src/proof/matrix/markdown.ts';
import type { Cell, Command, Matrix, Outcome } from '../../../src/proof/matrix/outcome.ts';
import { intoPage } from '../../../src/proof/matrix/page.ts';

const identity = { role: 'visitor', settings: {} };
const actors: Matrix['actors'] = [
  { name: 'a user', kind: 'user', identity },
  { name: 'nobody', kind: 'nobody', identity },
];
const cells = (command: Command, column: string | null, outcomes: (Outcome | null)[], expected = outcomes): Cell[] =>
  actors.map(({ name }, index) => ({
    actor: name,
    command,
    column,
    outcome: outcomes[index]!,
    expected: expected[index] === null ? [] : [expected[index]!],
    probed: outcomes[index]!,
  }));

const matrix: Matrix = {
  actors,
  relations: [
    {
      name: 'app.notes',
      kind: 'table',
      cells: [
        ...cells('select', 'id', ['own rows', 'filtered']),
        ...cells('select', 'a|b', ['own rows', 'filtered']),
        ...cells('update', 'id', ['refused', 'refused']),
        ...cells('update', 'a|b', ['allowed', 'filtered'], ['own rows', 'filtered']),
        ...cells('update', 'owner', ['refused', 'refused']),
        ...cells('update', 'size', [null, null]),
        ...cells('delete', null, ['own rows', 'filtered']),
        ...cells('truncate', null, ['refused', 'refused']),
      ],
    },
    { name: 'app."<odd>"', kind: 'view', cells: cells('select', 'id', ['filtered', 'filtered']) },
  ],
  findings: [{ rule: 'matrix_difference', level: 'error', object: 'app.notes', problem: '<b> & "c".' }],
};

test('columns with the same cells share a line, and what nobody may comes last', () => {
  const [notes] = printMarkdown(matrix).split('\n\n### app."\\<odd\\>" (view)\n\n');

  expect(notes).toBe(`### app.notes

| Command  | Columns    | a user                          | nobody   |
| -------- | ---------- | ------------------------------- | -------- |
| select   | all        | own rows                        | filtered |
| update   | \`a\\|b\`     | **allowed** (catalog: own rows) | filtered |
| update   | \`size\`     | –                               | –        |
| update   | all others | refused                         | refused  |
| delete   | the row    | own rows                        | filtered |
| truncate | the whole  | refused                         | refused  |`);
});

test('the page keeps what stands round the markers, and can be written again', () => {
  const page = '# a\n\n<!-- matrix -->\nold\n<!-- /matrix -->\n\nend\n';

  const written = intoPage(page, 'new\n');

  expect(written).toBe('# a\n\n<!-- matrix -->\n\nnew\n\n<!-- /matrix -->\n\nend\n');
  expect(intoPage(written, 'new\n')).toBe(written);
});

test.each(['# a', '<!-- matrix -->', '<!-- /matrix --> <!-- matrix -->'])(
  'a page without a place is refused: %s',
  (page) => {
    expect(() => intoPage(page, 'new')).toThrow(/The page has no place for the matrix/);
  },
);

test('HTML asks for nothing else, and names its headers', () => {
  const html = printHtml(matrix);

  expect(html).not.toMatch(/<script|<link|<img|src=|url\(|@import|https?:/);
  expect(html.match(/<th scope="col">/g)).toHaveLength(6);
  expect(html.match(/<th scope="row">/g)).toHaveLength(7);
  expect(html.match(/<caption id="[^"]+">/g)).toHaveLength(2);
  expect(html).toContain(
    '<th scope="row">delete</th><td><span class="outcome own"><span aria-hidden="true">◐</span> own rows</span></td>',
  );
  expect(html).toContain('≠ catalog: own rows');
});

test('HTML escapes what comes from the database, and its links lead somewhere', () => {
  const html = printHtml(matrix);

  expect(html).toContain('<code>app.&quot;&lt;odd&gt;&quot;</code>');
  expect(html).toContain('<p>&lt;b&gt; &amp; &quot;c&quot;.</p>');
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets).toHaveLength(2);
  for (const target of targets) expect(html).toContain(`<caption id="${target}">`);
});
