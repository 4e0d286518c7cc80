/** What a front end does with tasks, in the ways that hold when a network fails or somebody else was faster. */
import type { Client, OperationResult } from '@urql/core';
import type { Connection } from './client.ts';
import { codeOf } from './errors.ts';
import type { ListTasksQuery, TaskFilter, TaskInput, TaskPartsFragment, TaskPatch } from './gql/graphql.ts';
import { CompleteTasks, CreateTask, GetTask, ListTasks, UpdateTask, WatchTasks } from './operations.ts';

/** The data of a result. Throws its error, if it has one. */
function dataOf<T>({ data, error }: OperationResult<T>): NonNullable<T> {
  if (error) throw error;
  return data!;
}

/** All tasks that fit, page by page. */
export async function* listTasks(
  client: Client,
  asked: { search?: string; filter?: TaskFilter } = {},
): AsyncGenerator<TaskPartsFragment> {
  let after: string | null | undefined;
  do {
    const page: NonNullable<ListTasksQuery['tasks']> = dataOf(
      await client.query(ListTasks, { ...asked, first: 100, after }),
    ).tasks!;
    yield* page.nodes;
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
}

/**
 * Creates a task under an id of our own, so that it can be tried again when no answer comes: if an earlier attempt had come through after all,
 * the id is taken (CONFLICT), and the task is there.
 */
export async function createTask(client: Client, task: TaskInput, attempts = 3): Promise<TaskPartsFragment> {
  const withId = { ...task, id: task.id ?? crypto.randomUUID() };
  for (let attempt = 1; ; attempt++) {
    const { data, error } = await client.mutation(CreateTask, { task: withId });
    if (data?.createTask?.task) return data.createTask.task;
    if (codeOf(error!) === 'CONFLICT') return getTask(client, withId.id);
    if (codeOf(error!) !== 'NETWORK' || attempt === attempts) throw error!;
  }
}

export async function getTask(client: Client, id: string): Promise<TaskPartsFragment> {
  const { task } = dataOf(await client.query(GetTask, { id }));
  if (!task) throw new Error(`There is no task ${id}, or it is not yours.`);
  return task;
}

/**
 * Changes a task as it was when it was read. If it has changed since (STALE_VERSION), `merge` sees what it is now and says what to change of
 * that, or nothing.
 */
export async function editTask(
  client: Client,
  read: TaskPartsFragment,
  patch: TaskPatch,
  merge: (current: TaskPartsFragment) => TaskPatch | undefined,
): Promise<TaskPartsFragment> {
  const { data, error } = await client.mutation(UpdateTask, { id: read.id, ifVersion: read.version, patch });
  if (data?.updateTask?.task) return data.updateTask.task;
  if (codeOf(error!) !== 'STALE_VERSION') throw error!;

  const current = await getTask(client, read.id);
  const merged = merge(current);
  return merged ? editTask(client, current, merged, merge) : current;
}

/** Completes all of them, or none. */
export async function completeTasks(client: Client, tasks: readonly TaskPartsFragment[]): Promise<TaskPartsFragment[]> {
  const refs = tasks.map(({ id, version }) => ({ id, ifVersion: version }));
  return dataOf(await client.mutation(CompleteTasks, { tasks: refs })).completeTasks!.tasks!;
}

export type TaskChange = { event: 'CREATED' | 'UPDATED' | 'DELETED'; id: string; task?: TaskPartsFragment | null };

/**
 * Tells of changes until it is stopped. Subscribe first and read the list then, or what happens in between is missed; for the same reason read
 * it again when `missed` is called: the connection was lost, and is there again.
 * @returns stops it
 */
export function watchTasks(
  { client, onReconnect }: Connection,
  told: { change: (change: TaskChange) => void; missed: () => void },
): () => void {
  const stopListening = onReconnect(told.missed);
  let subscription = subscribe();

  function subscribe() {
    return client.subscription(WatchTasks, {}).subscribe(({ data, error }) => {
      if (data) told.change(data.taskChanged);
      // The server itself may have missed something: it ends the subscription then, with UNAVAILABLE.
      if (error) setTimeout(subscribeAgain, 1_000);
    });
  }
  function subscribeAgain(): void {
    subscription.unsubscribe();
    subscription = subscribe();
    told.missed();
  }
  return () => {
    stopListening();
    subscription.unsubscribe();
  };
}
