/** What the report of administrators tells: the figures, read at one moment. Sizes are in bytes, times in milliseconds. */
import type { KeptScore } from '../../proof/mutate/kept.ts';
import type { IdleSession, Migrations, Place, Statement, WaitingLock } from './read/server.ts';
import type { IndexRemark, TableSize } from './read/tables.ts';
import type { Arrivals, TaskDay, Totals, UserLine } from './read/users.ts';

export type Figures = {
  place: Place;
  totals: Totals;
  /** Those with the most tasks. */
  topUsers: UserLine[];
  /** Days on which somebody came, in order. */
  arrivals: Arrivals[];
  /** Days on which something happened to the tasks that are there, in order. */
  taskDays: TaskDay[];
  /** The largest first. */
  tables: TableSize[];
  /** The most expensive first; null where nothing counts them. */
  statements: Statement[] | null;
  indexes: IndexRemark[];
  waitingLocks: WaitingLock[];
  idleSessions: IdleSession[];
  migrations: Migrations;
};

export type Report = Figures & {
  /** Hedgerow itself: the number of the migration that it was written for, and how its policies scored. */
  release: { version: string; newestMigration: number; score: KeptScore | null };
};
