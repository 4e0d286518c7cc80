/** The matrix as Markdown, for a page that is committed. Laid out as prettier would, so that it leaves the page alone. */
import { markdownTable } from '../../print/markdown-table.ts';
import { isDifferent, legend, linesOf, method, type Line } from './lines.ts';
import type { Cell, Matrix } from './outcome.ts';

/** One table for each relation, and what the words mean. */
export function printMarkdown({ relations, actors }: Matrix): string {
  const tables = relations.map((relation) => {
    const head = ['Command', 'Columns', ...actors.map(({ name }) => name)];
    const rows = linesOf(relation).map((line) => [line.command, printColumns(line), ...line.cells.map(printCell)]);
    return `### ${escape(relation.name)}${relation.kind === 'table' ? '' : ` (${relation.kind})`}\n\n${markdownTable(head, rows)}`;
  });
  const words = legend.map(([word, meaning]) => `- ${word}: ${meaning}`).join('\n');
  return [...tables, `${method}\n\n${words}`].join('\n\n') + '\n';
}

function printColumns({ command, columns, span }: Line): string {
  if (columns === null) return command === 'delete' ? 'the row' : 'the whole';
  if (span === 'all') return 'all';
  return span === 'rest' ? 'all others' : columns.map((column) => `\`${column}\``).join(', ');
}

/** What opens rows stands out; a difference says what the catalog says. */
function printCell(cell: Cell): string {
  const word = cell.outcome === 'allowed' ? '**allowed**' : (cell.outcome ?? '–');
  return isDifferent(cell) ? `${word} (catalog: ${cell.expected[0]})` : word;
}

const escape = (text: string) => text.replaceAll(/[*`|<>\\]/g, (character) => `\\${character}`);
