/** A chart with all that goes with it: a title, a legend, a description for those who do not see it, and its figures as a table. */
import { escape } from '../../../print/escape.ts';
import { printTable, type Cell } from './table.ts';

export type Figure = {
  /** Unique in the page. */
  id: string;
  title: string;
  /** What is counted, since when: a sentence below the title. */
  note: string;
  /** What the colours stand for, in their order; a chart of one colour has none. */
  legend?: readonly string[];
  /** What the chart shows, in words. */
  description: string;
  /** Undefined when there is nothing to show. */
  drawing: Drawing | undefined;
  /** What to say then. */
  empty: string;
  /** Whether the table is shown at once, over the whole width. */
  tableOpen?: boolean;
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
};

/** A drawing is as wide as there is room, and so many pixels high. */
export type Drawing = { height: number; content: string; margin?: boolean };

/** The HTML. */
export function printFigure(figure: Figure): string {
  const { id, title, note, legend = [], drawing, empty } = figure;
  return `<figure id="${id}"${figure.tableOpen ? ' class="wide"' : ''}>
<figcaption><h2>${escape(title)}</h2><p>${escape(note)}</p></figcaption>
${
  drawing === undefined
    ? `<p class="empty">${escape(empty)}</p>`
    : `${printLegend(legend)}${printDrawing(figure, drawing)}
${table(figure)}`
}
</figure>`;
}

function table({ title, head, rows, tableOpen }: Figure): string {
  const printed = printTable(title, head, rows);
  return tableOpen ? printed : `<details>\n<summary>As a table</summary>\n${printed}\n</details>`;
}

const printLegend = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `<ul class="legend">${names.map((name, index) => `<li class="colour-${index + 1}">${escape(name)}</li>`).join('')}</ul>\n`;

/** Without a view box: what is in it is placed in per cent across and in pixels down, and letters keep their size. */
const printDrawing = ({ id, title, description }: Figure, { height, content, margin }: Drawing): string =>
  `<svg class="chart${margin ? ' with-margin' : ''}" height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-description">
<title id="${id}-title">${escape(title)}</title>
<desc id="${id}-description">${escape(description)}</desc>
${content}
</svg>`;
