/** How many tasks there are: in all, and by priority, tag, day and week. */
import { z } from 'zod';
import { priorities } from './task.ts';

export const statsQuery = z.strictObject({ time_zone: z.string().optional() });

const count = z.int().min(0);

/** The numbers in an answer. */
export const stats = z.strictObject({
  total: count,
  open: count,
  completed: count,
  overdue: count,
  trashed: count,
  by_priority: z.array(z.strictObject({ priority: z.enum(priorities), count })),
  by_tag: z.array(z.strictObject({ tag: z.string(), count })),
  created_by_day: z.array(z.strictObject({ day: z.string(), count })),
  completed_by_week: z.array(z.strictObject({ week: z.string(), count })),
});

export const statsDocument = `query RestStats($timeZone: String!) {
  me { taskCounts { total open completed overdue trashed } }
  tasks {
    byPriority: groupedAggregates(groupBy: [PRIORITY]) { keys count }
    byTag: groupedAggregates(groupBy: [TAG]) { keys count }
    createdByDay: groupedAggregates(groupBy: [CREATED_AT_DAY], timeZone: $timeZone) { keys count }
    completedByWeek: groupedAggregates(groupBy: [COMPLETED_AT_WEEK], timeZone: $timeZone) { keys count }
  }
}`;

type Group = { keys: [string | null]; count: number };

export type StatsData = {
  me: { taskCounts: Record<'total' | 'open' | 'completed' | 'overdue' | 'trashed', number> };
  tasks: Record<'byPriority' | 'byTag' | 'createdByDay' | 'completedByWeek', Group[]>;
};

/** Tasks that lack what a group goes by (not completed, no tag) are in none. */
const groups = (name: string, rows: Group[]) =>
  rows.filter(({ keys }) => keys[0] !== null).map(({ keys, count }) => ({ [name]: keys[0], count }));

export const toStats = ({ me, tasks }: StatsData) => ({
  ...me.taskCounts,
  by_priority: groups('priority', tasks.byPriority),
  by_tag: groups('tag', tasks.byTag),
  created_by_day: groups('day', tasks.createdByDay),
  completed_by_week: groups('week', tasks.completedByWeek),
});
