/** The matrix as few lines as can be: for each command, the columns whose cells are the same for every actor share one. */
import { commands, type Cell, type Command, type MatrixRelation } from './outcome.ts';

export type Line = {
  command: Command;
  /** The columns that the line is about; null when it is about the whole. */
  columns: string[] | null;
  /** Whether it has all columns of the relation, or those that no other line of the command has and nobody may touch. */
  span: 'all' | 'rest' | 'some';
  /** One for each actor, in their order. */
  cells: Cell[];
};

/** The lines of a relation, in the order of its commands and columns. */
export function linesOf({ cells }: MatrixRelation): Line[] {
  return commands.flatMap((command) => {
    const groups = new Map<string, Line>();
    const byColumn = Map.groupBy(
      cells.filter((cell) => cell.command === command),
      ({ column }) => column,
    );
    for (const [column, ofColumn] of byColumn) {
      const key = JSON.stringify(
        ofColumn.map(({ outcome, expected, probed }) => [outcome, isDifferent({ expected, probed })]),
      );
      const line = groups.get(key) ?? { command, columns: column === null ? null : [], span: 'some', cells: ofColumn };
      line.columns?.push(column!);
      groups.set(key, line);
    }
    const lines = [...groups.values()];
    // What nobody may is what is left over, and comes last.
    const isRest = (line: Line) => line.columns !== null && line.cells.every(({ outcome }) => outcome === 'refused');
    const rest = lines.filter(isRest);
    const others = lines.filter((line) => !isRest(line));
    return [...others, ...rest].map((line) => ({
      ...line,
      span: line.columns === null || lines.length === 1 ? 'all' : isRest(line) ? 'rest' : 'some',
    }));
  });
}

/** Whether trying found what the catalog does not let expect. */
export const isDifferent = ({ expected, probed }: Pick<Cell, 'expected' | 'probed'>): boolean =>
  probed !== null && !expected.includes(probed);

/** What the words mean, for the foot of a page. */
export const legend: readonly (readonly [string, string])[] = [
  ['allowed', 'every row, also the other user’s; a row can be made, given away or taken over in another’s name'],
  ['own rows', 'some rows, not the other user’s; for who is no user: some, not all'],
  ['filtered', 'no row, and no error'],
  ['refused', 'an error: the privilege is absent, or the policies let no such row be written'],
  ['–', 'nobody can: the column is computed, or the view cannot be written to'],
];

/** How the tries were made. */
export const method =
  'Every command was tried as each role, with rows of two made-up users, and rolled back; what the catalog says agrees, unless a cell says otherwise. Update and delete are tried as blind as an attacker can: without “where” and “returning”, so that policies for select do not protect a row.';
