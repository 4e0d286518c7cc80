/** A task on the wire: its JSON names, what they are called in GraphQL, and what clients may send. */
import { z } from 'zod';
import { parseDatetime } from '../graphql/time.ts';

/** JSON name → name in GraphQL. */
const names = {
  id: 'id',
  user_id: 'ownerId',
  title: 'title',
  description: 'description',
  completed: 'completed',
  completed_at: 'completedAt',
  priority: 'priority',
  due_at: 'dueAt',
  overdue: 'overdue',
  tags: 'tags',
  version: 'version',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  deleted_at: 'deletedAt',
} as const;

type WireName = keyof typeof names;

export type WireTask = z.infer<typeof task>;

/** What operations read of a task. */
export const taskFragment = `fragment Wire on Task { ${Object.values(names).join(' ')} }`;

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;

/** A task as GraphQL answers it, on the wire. */
export function toWire(task: Record<string, unknown>): WireTask {
  const entries = Object.entries(names).map(([name, field]) => [name, task[field]]);
  return { ...Object.fromEntries(entries), priority: String(task.priority).toLowerCase() } as WireTask;
}

const moment = z.string().meta({ format: 'date-time' });

/** A task in an answer. */
export const task = z.strictObject({
  id: z.string().meta({ format: 'uuid' }),
  user_id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  completed_at: moment.nullable(),
  priority: z.enum(priorities),
  due_at: moment.nullable(),
  overdue: z.boolean(),
  tags: z.array(z.string()),
  version: z.int(),
  created_at: moment,
  updated_at: moment,
  deleted_at: moment.nullable(),
} satisfies Record<WireName, z.ZodType>);

/** What a client sent of a task, as GraphQL takes it. */
export function fromWire(input: Partial<Record<WireName, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      names[name as WireName],
      name === 'priority' && typeof value === 'string' ? value.toUpperCase() : value,
    ]),
  );
}

/**
 * The place of a value in GraphQL's arguments, as the client knows it: `input.task.dueAt` is `due_at`, `input.tasks.3.title` is
 * `tasks.3.title`.
 */
export function toWireField(place: string): string {
  const [, ...path] = place.split('.');
  const inside = path[0] === 'task' || path[0] === 'patch' ? path.slice(1) : path;
  return inside.map((step) => wireNames[step] ?? step).join('.');
}

const wireNames: Record<string, string> = Object.fromEntries(
  Object.entries(names).map(([name, field]) => [field, name]),
);

/** A point in time, as GraphQL's Datetime takes it. */
export const datetime = z
  .string()
  .superRefine((value, context) => {
    try {
      parseDatetime(value);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
    }
  })
  .meta({ format: 'date-time' });

/** Any 128 bits, as PostgreSQL takes them: ids of other systems are not all of a version that RFC 9562 knows. */
export const taskId = z
  .string()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i, 'An id is a UUID.')
  .meta({ format: 'uuid' });

/**
 * What can be sent. Types only: lengths and the like are checked by the database alone, which words its refusals itself.
 */
const fields = {
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  priority: z.enum(priorities),
  due_at: datetime.nullable(),
  tags: z.array(z.string()),
};

/** Of a new task: the title at least; an id of the client's choice makes the request safe to repeat. */
export const newTask = z
  .strictObject({ id: taskId, ...fields })
  .partial()
  .required({ title: true });
/** In place of a task: what is left out gets its default. */
export const taskReplacement = z.strictObject(fields).partial().required({ title: true });
/** Of a task: what is left out stays as it is. */
export const taskPatch = z.strictObject(fields).partial();
