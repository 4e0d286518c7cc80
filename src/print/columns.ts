/** Rows of text in columns, for a terminal. */

/**
 * Pads the cells of each column to the same width.
 * @param sides where a column's text stands; numbers belong at the end. Without it the first is at the start, all others at the end.
 */
export function inColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ('start' | 'end')[] = ['start'],
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) =>
        (sides[column] ?? 'end') === 'start' ? text.padEnd(widths[column]!) : text.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
