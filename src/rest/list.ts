/** The parameters of a list of tasks: filters, order, page. */
import { z } from 'zod';
import { pageQuery, pageVariables } from './paging.ts';
import { datetime, priorities, taskFragment } from './task.ts';

/** What a list can be sorted by; a `-` before it turns the order round. */
const sortable = ['created_at', 'updated_at', 'due_at', 'completed_at', 'deleted_at', 'priority', 'title', 'completed'];

const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true');

const sort = z
  .string()
  .transform((value) => value.split(',').map((key) => key.trim()))
  .refine((keys) => keys.every((key) => sortable.includes(key.replace(/^-/, ''))), {
    error: `This has to be a list of ${sortable.join(', ')}, separated by commas, each with a - before it for the other order.`,
  });

/** Everything that a list can be asked with. */
export const listQuery = z
  .strictObject({
    completed: yesOrNo.describe('Only those that are done, or only those that are not.'),
    q: z
      .string()
      .describe('Words of title and description, as in a web search: `hedge or fence`, `"in this order"`, `-without`.'),
    priority: z.enum(priorities).describe('Only those of this priority.'),
    tag: z.string().describe('Only those with this tag.'),
    due_before: datetime.describe('Only those that are due before this point in time.'),
    due_after: datetime.describe('Only those that are due at this point in time or later.'),
    deleted: z
      .enum(['exclude', 'include', 'only'])
      .describe('Whether to list what is in the trash: `exclude` unless given.'),
    sort: sort.describe(
      'What to sort by, separated by commas; a `-` before a name turns its order round. Newest first unless given.',
    ),
    ...pageQuery('tasks'),
    total: yesOrNo.describe('Whether to count them all: `true` unless given.'),
  })
  .partial();

export const listDocument = `query RestList(
  $filter: TaskFilter, $search: String, $trash: Trash! = EXCLUDE, $orderBy: [TaskOrderBy!], $first: Int, $after: Cursor, $total: Boolean!
) {
  tasks(filter: $filter, search: $search, trash: $trash, orderBy: $orderBy, first: $first, after: $after) {
    totalCount @include(if: $total)
    nodes { ...Wire }
    pageInfo { hasNextPage endCursor }
  }
} ${taskFragment}`;

export type ListQuery = z.infer<typeof listQuery>;

/** The parameters as variables of the operation. What is not asked for is left out, so that GraphQL's defaults hold. */
export function listVariables(query: ListQuery): Record<string, unknown> {
  const { completed, priority, tag, due_before: before, due_after: after } = query;
  const dueAt = {
    ...(before !== undefined && { lessThan: before }),
    ...(after !== undefined && { greaterThanOrEqualTo: after }),
  };
  return {
    filter: {
      ...(completed !== undefined && { completed: { equalTo: completed } }),
      ...(priority !== undefined && { priority: { equalTo: priority.toUpperCase() } }),
      ...(tag !== undefined && { tags: { contains: [tag] } }),
      ...(Object.keys(dueAt).length > 0 && { dueAt }),
    },
    ...(query.q !== undefined && { search: query.q }),
    ...(query.deleted !== undefined && { trash: query.deleted.toUpperCase() }),
    ...(query.sort && { orderBy: query.sort.map(toOrder) }),
    ...pageVariables(query),
    total: query.total ?? true,
  };
}

const toOrder = (key: string): string =>
  key.startsWith('-') ? `${key.slice(1).toUpperCase()}_DESC` : `${key.toUpperCase()}_ASC`;
