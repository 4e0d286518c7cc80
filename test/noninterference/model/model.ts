/** What a person has, as the API promises it: their tasks, their record, and whether they ever left. One person's part knows of nobody else. */
import { isDeepStrictEqual } from 'node:util';
import type { ErrorCode } from '../../../src/errors.ts';

export const users = ['alice', 'bob', 'mallory'] as const;
export type User = (typeof users)[number];

/** A point in time that the database has chosen and nobody has read yet; once it is read, it is a text and stays. */
export type Unread = { laterThan: string | null };
export type Moment = string | Unread;

/** A task as GraphQL names its fields. `dueAt` is in the form of toISOString, so that the same moment is the same text. */
export type Task = {
  id: string;
  ownerId: string;
  title: string;
  description: string | null;
  completed: boolean;
  completedAt: Moment | null;
  priority: Priority;
  dueAt: string | null;
  overdue: boolean;
  tags: readonly string[];
  version: number;
  createdAt: Moment;
  updatedAt: Moment;
  deletedAt: Moment | null;
};

export const priorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;
export type Priority = (typeof priorities)[number];

/**
 * Which of a person's two tokens is used. They carry different names, which the first write puts into the record. The later one says that it
 * was issued tomorrow: after any deletion of the account, and the minute that is added for clocks that differ.
 */
export type Token = 'early' | 'late';
export type Claims = { id: string; name: string; email: string };
export const claimsOf = (user: User, token: Token): Claims => ({
  id: user,
  name: `${user} (${token})`,
  email: `${user}.${token}@example.com`,
});

export type Person = {
  user: User;
  /** By id, in the order in which they were made. */
  tasks: ReadonlyMap<string, Task>;
  /** Null before the first write. */
  record: Claims | null;
  /** Has deleted the account: from then on the early token can make no record. */
  left: boolean;
};

export type World = Map<User, Person>;

/** Everybody, before they did anything. */
export const newWorld = (): World =>
  new Map(users.map((user) => [user, { user, tasks: new Map(), record: null, left: false }]));

/** What an operation answers, whichever door it came through. */
export type Outcome = {
  code?: ErrorCode;
  /** Of an error. Not of VALIDATION_FAILED, whose details are the business of other tests. */
  details?: unknown;
  tasks?: readonly Task[];
  /** Anything else: a count, a user. */
  value?: unknown;
};

/**
 * What an operation does. `seen` is what was answered: of it a transition may take what the database is free to choose, ids of new
 * tasks, and nothing else.
 */
export type Transition = (person: Person, seen: Outcome) => [Person, Outcome];

/** Whether what was seen is what was expected, once the moments that nobody had read are taken from it. */
export function agrees(expected: Outcome, seen: Outcome): boolean {
  return isDeepStrictEqual(learn(expected, seen), seen);
}

/** What was expected, with the moments that were seen. */
export function learn({ tasks, ...rest }: Outcome, seen: Outcome): Outcome {
  // A door that answers without the tasks (204) tells nothing of them.
  const untold = tasks === undefined || Object.keys(seen).length === 0;
  return untold ? rest : { ...rest, tasks: learnTasks(tasks, seen.tasks ?? []) };
}

/** The tasks, with the moments that were seen of them, each at the same place. */
export const learnTasks = (expected: readonly Task[], seen: readonly Task[]): Task[] =>
  expected.map((task, place) => learnTask(task, seen[place]));

function learnTask(task: Task, seen: Task | undefined): Task {
  if (seen?.id !== task.id) return task;
  return {
    ...task,
    createdAt: learnMoment(task.createdAt, seen.createdAt),
    updatedAt: learnMoment(task.updatedAt, seen.updatedAt),
    completedAt: task.completedAt && learnMoment(task.completedAt, seen.completedAt),
    deletedAt: task.deletedAt && learnMoment(task.deletedAt, seen.deletedAt),
  };
}

function learnMoment(expected: Moment, seen: Moment | null): Moment {
  if (typeof expected === 'string' || typeof seen !== 'string') return expected;
  return expected.laterThan === null || microseconds(seen) > microseconds(expected.laterThan) ? seen : expected;
}

/** The person, with the moments that were seen of tasks that are at the version that was seen. */
export function remember(person: Person, seen: readonly Task[]): Person {
  const tasks = new Map(person.tasks);
  for (const task of seen) {
    const known = tasks.get(task.id);
    if (known?.version === task.version) tasks.set(task.id, learnTask(known, task));
  }
  return { ...person, tasks };
}

/** A timestamp as PostgreSQL writes it, in microseconds since the epoch: JavaScript's own dates know only thousands of them. */
export function microseconds(moment: string): bigint {
  const [, upToSeconds, fraction = '', zone] = /^(.{19})(?:\.(\d{1,6}))?(.*)$/.exec(moment)!;
  return BigInt(Date.parse(`${upToSeconds}${zone}`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** All tasks, newest first; those that were made at once, by id. */
export function newestFirst(person: Person): Task[] {
  const made = ({ createdAt }: Task) => (typeof createdAt === 'string' ? microseconds(createdAt) : 0n);
  return [...person.tasks.values()].sort((one, other) => compare(made(other), made(one)) || compare(other.id, one.id));
}

/** -1, 0 or 1, for `sort`. */
export const compare = <Value extends string | number | bigint>(one: Value, other: Value): number =>
  one < other ? -1 : one > other ? 1 : 0;
