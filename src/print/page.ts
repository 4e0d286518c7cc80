/** The frame of a page that needs nothing else: one file, no script, no font, no request. */
import { createHash } from 'node:crypto';
import { escape } from './escape.ts';
import { baseStyle } from './style.ts';

/**
 * The whole page. Its own rules keep it from loading or running anything, whatever a text in it should contain: only the one style sheet has
 * its hash in them, so there are no style attributes either.
 * @param main HTML
 * @param style CSS, after what all pages share
 */
export function printPage({ title, main, style }: { title: string; main: string; style: string }): string {
  const css = `${baseStyle}${style}`;
  const hash = createHash('sha256').update(css).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
