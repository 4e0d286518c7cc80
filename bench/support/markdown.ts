/** Figures as Markdown, ready to be pasted beside the bench. */

/** A table; columns after the first `texts` are numbers, and aligned to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], texts: number): string {
  const width = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column < texts ? cell.padEnd(width[column]!) : cell.padStart(width[column]!))).join(' | ')} |`;
  const rule = width.map((size, column) => (column < texts ? '-'.repeat(size) : `${'-'.repeat(size - 1)}:`));
  return [line(header), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** A number for people: three digits that count; a dash for what was not measured. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** A share, such as 0.12, as 12 %. */
export const percent = (share: number): string => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–');
