/** A page with a place for what is generated. */
import { OperatorError } from '../../errors.ts';

const opening = '<!-- matrix -->';
const closing = '<!-- /matrix -->';

/** A page with nothing but the place. */
export const emptyPage = `# Who may do what\n\n${opening}\n\n${closing}\n`;

/**
 * Puts the Markdown between the markers of the page.
 * @throws OperatorError when there are none
 */
export function intoPage(page: string, markdown: string): string {
  const from = page.indexOf(opening);
  const to = page.indexOf(closing, from);
  if (from === -1 || to === -1) {
    throw new OperatorError(`The page has no place for the matrix: write ${opening} and, below it, ${closing}.`);
  }
  return `${page.slice(0, from + opening.length)}\n\n${markdown.trim()}\n\n${page.slice(to)}`;
}
