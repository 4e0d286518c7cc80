/** The tables that are written to the most. */
import type { TableSize } from './read/tables.ts';
import { printMoment } from './units.ts';

const written = ({ inserted, updated, deleted }: TableSize) => inserted + updated + deleted;

/** The busiest first, at most so many; those that nothing was written to are left out. */
export const busiestTables = (tables: readonly TableSize[], most: number): TableSize[] =>
  tables
    .filter((table) => written(table) > 0)
    .toSorted((one, other) => written(other) - written(one))
    .slice(0, most);

/** Since when is counted, in words: it is the same for all tables of a database. */
export function countedSince([table]: readonly TableSize[]): string {
  const moment = table?.countedSince ?? null;
  return moment === null ? 'since the database was made' : `since ${printMoment(moment)}`;
}
