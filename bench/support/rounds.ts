/** Measuring many things fairly on a machine that has other work too: each once per round, and rounds until time is up. */

/**
 * Measures each cell once per round. A round begins elsewhere each time, so that no cell always comes first, or after the same other one.
 * @param before what to do before each round
 */
export async function inRounds<Cell, Figures>(
  { cells, rounds }: { cells: readonly Cell[]; rounds: number },
  measure: (cell: Cell) => Promise<Figures>,
  { before, progress }: { before: () => Promise<void>; progress: (line: string) => void },
): Promise<Map<Cell, Figures[]>> {
  const figures = new Map<Cell, Figures[]>(cells.map((cell) => [cell, []]));
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}, ${cells.length} cells`);
    await before();
    const start = (round * 37) % cells.length;
    for (const cell of [...cells.slice(start), ...cells.slice(0, start)]) figures.get(cell)!.push(await measure(cell));
  }
  return figures;
}
