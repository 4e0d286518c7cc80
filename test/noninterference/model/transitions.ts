/** What operations share in what they do to a person's part of the model: rules of fields, versions, many at once. Nothing here has an effect. */
import { claimsOf, type Moment, type Outcome, type Person, type Priority, type Task, type Token } from './model.ts';

/** What a client may send of a task. */
export type Fields = {
  title?: string;
  description?: string | null;
  completed?: boolean;
  priority?: Priority;
  dueAt?: string | null;
  tags?: readonly string[];
};

export type Ref = { id: string; ifVersion?: number };

/** The most that may be named at once. */
export const limit = 100;

export const refused = (code: Outcome['code'], details?: unknown): Outcome => ({
  code,
  ...(details !== undefined && { details }),
});

const later = (than: Moment): Moment => ({ laterThan: typeof than === 'string' ? than : than.laterThan });
const now: Moment = { laterThan: null };

/** Whether a rule of the database refuses them. */
export function breaksRule({ title, tags }: Fields): boolean {
  const trimmed = tags?.map((tag) => tag.trim());
  return (
    (title !== undefined && (title.trim() === '' || title.trim().length > 200)) ||
    (trimmed !== undefined && new Set(trimmed).size < trimmed.length)
  );
}

const normal = ({ title, tags, dueAt, ...rest }: Fields): Fields => ({
  ...rest,
  ...(title !== undefined && { title: title.trim() }),
  ...(tags && { tags: tags.map((tag) => tag.trim()) }),
  ...(dueAt !== undefined && { dueAt: dueAt && new Date(dueAt).toISOString() }),
});

const judged = (task: Task): Task => ({
  ...task,
  overdue: task.dueAt !== null && task.dueAt < '2026' && !task.completed && task.deletedAt === null,
});

/** A task that was made just now. */
export const newTask = (person: Person, id: string, fields: Fields): Task => {
  const { title = '', completed = false, ...rest } = normal(fields);
  return judged({
    id,
    ownerId: person.user,
    description: null,
    priority: 'NORMAL',
    dueAt: null,
    tags: [],
    ...rest,
    title,
    completed,
    completedAt: completed ? now : null,
    overdue: false,
    version: 1,
    createdAt: now,
    // Both are the time of the transaction; that they are the same is told by no document.
    updatedAt: now,
    deletedAt: null,
  });
};

/** A task that was changed just now, whether anything is different or not. */
export function changed(task: Task, fields: Fields): Task {
  const after = { ...task, ...normal(fields) };
  return judged({
    ...after,
    completedAt: after.completed ? (task.completedAt ?? now) : null,
    version: task.version + 1,
    updatedAt: later(task.updatedAt),
  });
}

/** What a task that is replaced gets for what is left out. */
export const defaults: Fields = {
  description: null,
  completed: false,
  priority: 'NORMAL',
  dueAt: null,
  tags: [],
};

export const trashed = (task: Task): Task => changed({ ...task, deletedAt: task.deletedAt ?? now }, {});
export const restored = (task: Task): Task => changed({ ...task, deletedAt: null }, {});

/** The person with these tasks in the place of those of the same ids, or after the others. */
export const withTasks = (person: Person, tasks: readonly Task[]): Person => ({
  ...person,
  tasks: new Map([...person.tasks, ...tasks.map((task) => [task.id, task] as const)]),
});

export function withoutTasks(person: Person, ids: readonly string[]): Person {
  const tasks = new Map(person.tasks);
  for (const id of ids) tasks.delete(id);
  return { ...person, tasks };
}

/** The person with a record, made now if there is none; undefined when the token may not make one. */
export function recorded(person: Person, token: Token): Person | undefined {
  if (person.record) return person;
  if (person.left && token === 'early') return undefined;
  return { ...person, record: claimsOf(person.user, token) };
}

/** One task: NOT_FOUND unless it is the person's own, STALE_VERSION unless it is at the version that is named. */
export function onOne(
  person: Person,
  { id, ifVersion }: Ref,
  act: (task: Task) => [Person, Outcome],
): [Person, Outcome] {
  const task = person.tasks.get(id);
  if (!task) return [person, refused('NOT_FOUND')];
  if (ifVersion !== undefined && ifVersion !== task.version)
    return [person, refused('STALE_VERSION', { id, version: task.version })];
  return act(task);
}

/** One task is changed, and answered as it is then. */
export const changeOne = (person: Person, ref: Ref, change: (task: Task) => Task): [Person, Outcome] =>
  onOne(person, ref, (task) => [withTasks(person, [change(task)]), { tasks: [change(task)] }]);

/** Many tasks, all or none: too many, one named twice, one that is not there, one that is stale; in this order. */
export function onMany(
  person: Person,
  refs: readonly Ref[],
  act: (tasks: Task[]) => [Person, Outcome],
): [Person, Outcome] {
  const ids = refs.map(({ id }) => id);
  if (refs.length > limit) return [person, refused('VALIDATION_FAILED')];
  if (new Set(ids).size < ids.length) return [person, refused('VALIDATION_FAILED')];
  const missing = ids.filter((id) => !person.tasks.has(id)).sort();
  if (missing.length > 0) return [person, refused('NOT_FOUND', { ids: missing })];
  const stale = refs
    .filter(({ id, ifVersion }) => ifVersion !== undefined && ifVersion !== person.tasks.get(id)!.version)
    .map(({ id }) => id)
    .sort()[0];
  if (stale !== undefined)
    return [person, refused('STALE_VERSION', { id: stale, version: person.tasks.get(stale)!.version })];
  return act(ids.map((id) => person.tasks.get(id)!));
}

/** Many tasks are changed, each in its own way, and answered in the order in which they were named. */
export const changeMany = (
  person: Person,
  refs: readonly Ref[],
  change: (task: Task, place: number) => Task,
): [Person, Outcome] =>
  onMany(person, refs, (tasks) => {
    const after = tasks.map(change);
    return [withTasks(person, after), { tasks: after }];
  });
