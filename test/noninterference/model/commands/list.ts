/** Lists: filter, search, trash, order, and all pages of some size, one after the other. */
import fc from 'fast-check';
import { fromGraphQL, fromRest, type GraphQLCall, type RestCall, wire } from '../client.ts';
import { moments, tags, words } from '../fields.ts';
import { compare, microseconds, newestFirst, priorities, type Person, type Task } from '../model.ts';
import type { Kind, Step } from '../step.ts';

/** What is asked for, in the words of REST, which GraphQL's are richer than. */
type Asked = {
  completed?: boolean;
  priority?: string;
  tag?: string;
  due_before?: string;
  due_after?: string;
  q?: string;
  deleted?: 'exclude' | 'include' | 'only';
  sort?: string;
  limit?: number;
};

const sortable = ['created_at', 'updated_at', 'due_at', 'completed_at', 'deleted_at', 'priority', 'title', 'completed'];
const word = fc.constantFrom(...words);
const key = fc.tuple(fc.constantFrom('', '-'), fc.constantFrom(...sortable)).map((parts) => parts.join(''));

const asked: fc.Arbitrary<Asked> = fc.record(
  {
    completed: fc.boolean(),
    priority: fc.constantFrom(...priorities),
    tag: fc.constantFrom(...tags),
    due_before: fc.constantFrom(...moments),
    due_after: fc.constantFrom(...moments),
    q: fc.oneof(
      word,
      fc.tuple(word, word).map((two) => two.join(' ')),
      fc.tuple(word, word).map((two) => two.join(' or ')),
      fc.tuple(word, word).map((two) => two.join(' -')),
      fc.tuple(word, word).map((two) => `"${two.join(' ')}"`),
    ),
    deleted: fc.constantFrom('exclude', 'include', 'only'),
    sort: fc.uniqueArray(key, { minLength: 1, maxLength: 2, selector: (name) => name.replace('-', '') }).map(String),
    limit: fc.integer({ min: 2, max: 30 }),
  },
  { requiredKeys: [] },
);

/** Most lists ask for little. */
const sparse = fc
  .tuple(asked, fc.subarray(['completed', 'q', 'deleted', 'sort', 'limit', 'tag'] as const))
  .map(([all, kept]): Asked =>
    Object.fromEntries(Object.entries(all).filter(([name]) => (kept as string[]).includes(name))),
  );

export const list: Kind = {
  name: 'list',
  weight: 12,
  plans: fc.oneof(asked, sparse, sparse).map((asked) => () => listOf(asked)),
};

/** A list, from its first page to its last. */
export const listOf = (asked: Asked): Step => ({
  graphql: graphqlPage(asked),
  rest: restPage(asked),
  transition(person) {
    const tasks = expected(person, asked);
    return [person, { tasks, value: { total: tasks.length } }];
  },
});

function graphqlPage(asked: Asked, after?: string): GraphQLCall {
  const { completed, priority, tag, due_before: before, due_after: notBefore, q, deleted, sort, limit } = asked;
  return {
    document: `query ($filter: TaskFilter, $search: String, $trash: Trash!, $orderBy: [TaskOrderBy!], $first: Int, $after: Cursor) {
      tasks(filter: $filter, search: $search, trash: $trash, orderBy: $orderBy, first: $first, after: $after) {
        totalCount nodes { ...Wire } pageInfo { hasNextPage endCursor }
      }
    } ${wire}`,
    variables: {
      filter: {
        and: [
          ...(completed === undefined ? [] : [{ completed: { equalTo: completed } }]),
          ...(priority === undefined ? [] : [{ priority: { in: [priority] } }]),
          ...(tag === undefined ? [] : [{ tags: { anyEqualTo: tag } }]),
          ...(before === undefined ? [] : [{ not: { dueAt: { greaterThanOrEqualTo: before } } }]),
          ...(before === undefined ? [] : [{ dueAt: { isNull: false } }]),
          ...(notBefore === undefined ? [] : [{ dueAt: { greaterThanOrEqualTo: notBefore } }]),
        ],
      },
      search: q,
      trash: (deleted ?? 'exclude').toUpperCase(),
      orderBy: sort
        ?.split(',')
        .map((key) => (key.startsWith('-') ? `${key.slice(1)}_desc` : `${key}_asc`).toUpperCase()),
      first: limit,
      after,
    },
    read: ({ tasks }) => ({ tasks: tasks.nodes.map(fromGraphQL), value: { total: tasks.totalCount } }),
    next: ({ tasks }) =>
      tasks.pageInfo.hasNextPage ? graphqlPage(asked, tasks.pageInfo.endCursor as string) : undefined,
  };
}

function restPage(asked: Asked, cursor?: string): RestCall {
  const parameters = Object.entries({ ...asked, cursor }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, name === 'priority' ? String(value).toLowerCase() : String(value)]],
  );
  return {
    method: 'GET',
    path: `/tasks?${new URLSearchParams(parameters as [string, string][]).toString()}`,
    read: ({ data, meta }) => ({ tasks: data.map(fromRest), value: { total: meta.total } }),
    next: ({ meta }) => (meta.next_cursor === null ? undefined : restPage(asked, meta.next_cursor as string)),
  };
}

/**
 * The tasks that fit, in the order that is asked for. What is equal in it has some order of its own, which no document promises; it is that of
 * ids, the other way round when the first key is, unless that one may be empty.
 */
function expected(person: Person, asked: Asked): Task[] {
  const found = newestFirst(person).filter((task) => fits(task, asked));
  if (asked.sort === undefined) return found;
  const keys = asked.sort.split(',');
  const downwards = /^-(created_at|updated_at|priority|title|completed)$/.test(keys[0]!);
  return found.sort(
    (one, other) =>
      keys.reduce((order, key) => order || byKey(one, other, key), 0) ||
      (downwards ? compare(other.id, one.id) : compare(one.id, other.id)),
  );
}

function fits(task: Task, { completed, priority, tag, due_before, due_after, q, deleted = 'exclude' }: Asked): boolean {
  const due = task.dueAt === null ? undefined : Date.parse(task.dueAt);
  return (
    (deleted === 'include' || (deleted === 'only') === (task.deletedAt !== null)) &&
    (completed === undefined || task.completed === completed) &&
    (priority === undefined || task.priority === priority) &&
    (tag === undefined || task.tags.includes(tag)) &&
    (due_before === undefined || (due !== undefined && due < Date.parse(due_before))) &&
    (due_after === undefined || (due !== undefined && due >= Date.parse(due_after))) &&
    (q === undefined || hasWords(`${task.title} ${task.description ?? ''}`.split(' '), q))
  );
}

/** The words of a description follow those of the title, and a phrase may go across. */
function hasWords(text: string[], q: string): boolean {
  if (q.startsWith('"')) return ` ${text.join(' ')} `.includes(` ${q.slice(1, -1)} `);
  if (q.includes(' or ')) return q.split(' or ').some((word) => text.includes(word));
  return q.split(' ').every((word) => (word.startsWith('-') ? !text.includes(word.slice(1)) : text.includes(word)));
}

/** Less than, the same, or more; what has no value comes last either way. */
function byKey(one: Task, other: Task, key: string): number {
  const [a, b] = [one, other].map((task) => valueOf(task, key.replace('-', '')));
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return key.startsWith('-') ? compare(b, a) : compare(a, b);
}

function valueOf(task: Task, key: string): string | number | bigint | undefined {
  if (key === 'priority') return priorities.indexOf(task.priority);
  if (key === 'completed') return Number(task.completed);
  if (key === 'title') return task.title;
  const name = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as 'dueAt' | 'createdAt';
  const moment = task[name];
  return typeof moment === 'string' ? microseconds(moment) : undefined;
}
