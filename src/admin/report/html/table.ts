/** Tables of the report. A wide one is scrolled by itself; that it can be focused lets the keyboard do it. */
import { breakable, escape } from '../../../print/escape.ts';

/** What stands in a cell: a number at the end, a text of ours, one that others wrote (and whose direction is its own), or code. */
export type Cell = { number: string } | { text: string } | { others: string } | { code: string };

/** @param label what the table is, for those who do not see where it stands */
export function printTable(label: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumber = (column: number) => rows[0]?.[column] !== undefined && 'number' in rows[0][column];
  const titles = head.map(
    (title, column) => `<th scope="col"${isNumber(column) ? ' class="number"' : ''}>${escape(title)}</th>`,
  );
  return `<div class="scroll" role="region" aria-label="${escape(label)}" tabindex="0">
<table>
<thead>
<tr>${titles.join('')}</tr>
</thead>
<tbody>
${rows.map(printRow).join('\n')}
</tbody>
</table>
</div>`;
}

const printRow = ([first, ...others]: readonly Cell[]): string =>
  `<tr><th scope="row"${className(first!)}>${content(first!)}</th>${others.map((cell) => `<td${className(cell)}>${content(cell)}</td>`).join('')}</tr>`;

/** For the style: who may be broken where, and where it stands. */
const className = (cell: Cell): string => ('text' in cell ? '' : ` class="${Object.keys(cell)[0]}"`);

function content(cell: Cell): string {
  if ('code' in cell) return `<code><bdi>${escape(cell.code)}</bdi></code>`;
  if ('others' in cell) return `<bdi>${breakable(cell.others)}</bdi>`;
  return escape('number' in cell ? cell.number : cell.text);
}
