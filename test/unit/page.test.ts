/** The frame of pages that need no server. */
import { createHash } from 'node:crypto';
import { printPage } from '../../src/print/page.ts';

test('the page allows its own style sheet and nothing else', () => {
  const html = printPage({ title: 'A', main: '<p>b</p>', style: 'p { color: red; }' });

  const [, css] = /<style>([\s\S]*)<\/style>/.exec(html)!;
  const hash = createHash('sha256').update(css!).digest('base64');
  expect(css).toMatch(/p \{ color: red; \}$/);
  expect(html).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
  );
  expect(html).toContain('<main>\n<p>b</p>\n</main>');
});

test('a title is text', () => {
  const html = printPage({ title: '</title><script>&"', main: '', style: '' });

  expect(html).toContain('<title>&lt;/title&gt;&lt;script&gt;&amp;&quot;</title>');
});
