/** How many tasks there are: by state, by priority, by tag. */
import fc from 'fast-check';
import { priorities, type Person } from '../model.ts';
import { tags } from '../fields.ts';
import type { Kind } from '../step.ts';

const document = `{
  me { taskCounts { total open completed overdue trashed } }
  tasks {
    totalCount
    aggregates { count }
    byPriority: groupedAggregates(groupBy: [PRIORITY]) { keys count }
    byTag: groupedAggregates(groupBy: [TAG]) { keys count }
  }
}`;

/** In the order of their names: in which one groups are answered is not said. */
const sorted = (groups: [string, number][]) => groups.sort(([one], [other]) => (one < other ? -1 : 1));
const fromGroups = (groups: { keys: [string]; count: number }[]) =>
  sorted(groups.map(({ keys, count }) => [keys[0].toLowerCase(), count]));

function count(person: Person) {
  const all = [...person.tasks.values()];
  const shown = all.filter(({ deletedAt }) => deletedAt === null);
  const groups = (names: readonly string[], has: (task: (typeof shown)[number], name: string) => boolean) =>
    sorted(
      names
        .map((name): [string, number] => [name.toLowerCase(), shown.filter((task) => has(task, name)).length])
        .filter(([, number]) => number > 0),
    );
  return {
    total: shown.length,
    open: shown.filter(({ completed }) => !completed).length,
    completed: shown.filter(({ completed }) => completed).length,
    overdue: shown.filter(({ overdue }) => overdue).length,
    trashed: all.length - shown.length,
    byPriority: groups(priorities, ({ priority }, name) => priority === name),
    byTag: groups(tags, (task, name) => task.tags.includes(name)),
  };
}

export const counts: Kind = {
  name: 'count',
  weight: 10,
  plans: fc.constant(() => ({
    graphql: {
      document,
      read({ me, tasks }) {
        const { total } = me.taskCounts;
        if (tasks.totalCount !== total || tasks.aggregates.count !== total)
          throw new Error(`Three counts of the same differ: ${JSON.stringify({ me, tasks })}`);
        return {
          value: { ...me.taskCounts, byPriority: fromGroups(tasks.byPriority), byTag: fromGroups(tasks.byTag) },
        };
      },
    },
    rest: {
      method: 'GET',
      path: '/tasks/stats',
      read({ data: { by_priority, by_tag, created_by_day: _day, completed_by_week: _week, ...states } }) {
        return {
          value: {
            ...states,
            byPriority: sorted(by_priority.map(({ priority, count }: any) => [priority, count])),
            byTag: sorted(by_tag.map(({ tag, count }: any) => [tag, count])),
          },
        };
      },
    },
    transition: (person) => [person, { value: count(person) }],
  })),
};
