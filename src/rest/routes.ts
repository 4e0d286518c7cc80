/**
 * The routes of tasks: each is a method, a path, what it takes, the GraphQL operation that it is, and what it makes of the answer. Nothing
 * here reaches for the data in any other way.
 */
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { bulk, bulkDocument, bulkVariables } from './bulk.ts';
import { type HistoryData, historyDocument, historyEntry, historyQuery, toEntry } from './history.ts';
import { listDocument, listQuery, listVariables } from './list.ts';
import { nextCursor, type PageInfo, pageVariables } from './paging.ts';
import { stats, type StatsData, statsDocument, statsQuery, toStats } from './stats.ts';
import { fromWire, task, newTask, taskFragment, taskPatch, taskReplacement, toWire, type WireTask } from './task.ts';

/** What came in, validated. */
export type Asked<Query = unknown, Body = unknown> = {
  id: string;
  query: Query;
  body: Body;
  /** The version that `If-Match` names. */
  ifVersion: number | undefined;
};

/** What goes out: `data` in an envelope, or nothing with 204. */
export type Answer = {
  status: 200 | 201 | 204;
  data?: unknown;
  meta?: object;
  /** The one task that the answer is about: it gives the `ETag` and, with 201, the `Location`. */
  task?: WireTask;
};

type Row = Record<string, unknown>;

/** What operations answer, under the names that they give it: a mutation, one task, a list. */
export type Data = {
  done: { task: Row };
  all: { tasks: Row[] };
  task: (Row & { deletedAt: string | null }) | null;
  tasks: { totalCount?: number; nodes: Row[]; pageInfo: PageInfo };
} & StatsData &
  HistoryData;

export type Route<Query = unknown, Body = unknown> = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below the prefix, such as `/tasks/:id`. */
  path: string;
  operationId: string;
  summary: string;
  /** Without one, any parameter is refused. */
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** Whether it may be sent without a body. */
  bodyIsOptional?: true;
  /** The `data` of its answers, by status; null is an answer without a body. */
  answers: Partial<Record<Answer['status'], z.ZodType | null>>;
  /** The GraphQL operation; of several, the one that is asked for. */
  document(asked: Asked<Query, Body>): string;
  variables(asked: Asked<Query, Body>): Record<string, unknown>;
  answer(data: Data, asked: Asked<Query, Body>): Answer;
};

/** One task, in an answer of that status. */
const one = (status: 200 | 201, found: Row): Answer => {
  const wire = toWire(found);
  return { status, data: wire, task: wire };
};

/** A mutation that answers one task. */
const mutation = (name: string, input: string) =>
  `mutation Rest($input: ${input}!) { done: ${name}(input: $input) { task { ...Wire } } } ${taskFragment}`;

const byId = ({ id, ifVersion }: Asked) => ({ id, ...(ifVersion !== undefined && { ifVersion }) });

/** Whether a task in the trash is found; by default it is not, as if it had been deleted for good. */
const withDeleted = z.strictObject({ deleted: z.enum(['exclude', 'include']).optional() });
/** Whether to delete for good, past the trash. */
const permanence = z.strictObject({ permanent: z.enum(['true', 'false']).optional() });
const completion = z.strictObject({ completed: z.boolean().optional() });

/** Lets TypeScript find out what a route is asked with, from its own schemas. */
const route = <Query, Body>(definition: Route<Query, Body>): Route => definition;

export const routes: Route[] = [
  route({
    method: 'get',
    path: '/tasks',
    operationId: 'listTasks',
    summary: 'List tasks, newest first unless sorted otherwise.',
    query: listQuery,
    answers: { 200: z.array(task) },
    document: () => listDocument,
    variables: ({ query }) => listVariables(query),
    answer: ({ tasks }) => ({
      status: 200,
      data: tasks.nodes.map(toWire),
      meta: {
        ...(tasks.totalCount !== undefined && { total: tasks.totalCount }),
        next_cursor: nextCursor(tasks.pageInfo),
      },
    }),
  }),
  route({
    method: 'post',
    path: '/tasks',
    operationId: 'createTask',
    summary: 'Make a task. With an id of your choice it may be repeated: 409 says that it is there.',
    body: newTask,
    answers: { 201: task },
    document: () => mutation('createTask', 'CreateTaskInput'),
    variables: ({ body }) => ({ input: { task: fromWire(body) } }),
    answer: ({ done }) => one(201, done.task),
  }),
  route({
    method: 'post',
    path: '/tasks/bulk',
    operationId: 'changeTasks',
    summary: 'Create, complete or delete up to 100 tasks: all of them, or none.',
    body: bulk,
    answers: { 200: z.array(task), 201: z.array(task) },
    document: ({ body }) => bulkDocument(body),
    variables: ({ body }) => bulkVariables(body),
    answer: ({ all }, { body }) => ({ status: body.operation === 'create' ? 201 : 200, data: all.tasks.map(toWire) }),
  }),
  route({
    method: 'get',
    path: '/tasks/stats',
    operationId: 'countTasks',
    summary: 'Count tasks: by state, priority, tag, day and week.',
    query: statsQuery,
    answers: { 200: stats },
    document: () => statsDocument,
    variables: ({ query }) => ({ timeZone: query.time_zone ?? 'UTC' }),
    answer: (data) => ({ status: 200, data: toStats(data) }),
  }),
  route({
    method: 'get',
    path: '/tasks/:id',
    operationId: 'getTask',
    summary: 'Get a task.',
    query: withDeleted,
    answers: { 200: task },
    document: () => `query RestTask($id: UUID!) { task(id: $id) { ...Wire } } ${taskFragment}`,
    variables: ({ id }) => ({ id }),
    answer: ({ task: found }, { query }) => {
      if (!found || (found.deletedAt !== null && query.deleted !== 'include')) throw new ApiError('NOT_FOUND');
      return one(200, found);
    },
  }),
  route({
    method: 'get',
    path: '/tasks/:id/history',
    operationId: 'listTaskHistory',
    summary:
      'List what was done to a task, newest first; also when it was deleted. None for a task that there never was, or that is not yours.',
    query: historyQuery,
    answers: { 200: z.array(historyEntry) },
    document: () => historyDocument,
    variables: ({ id, query }) => ({ id, ...pageVariables(query) }),
    answer: ({ taskHistory: { nodes, pageInfo } }) => ({
      status: 200,
      data: nodes.map(toEntry),
      meta: { next_cursor: nextCursor(pageInfo) },
    }),
  }),
  route({
    method: 'put',
    path: '/tasks/:id',
    operationId: 'replaceTask',
    summary: 'Replace a task: what is left out gets its default.',
    body: taskReplacement,
    answers: { 200: task },
    document: () => mutation('replaceTask', 'ReplaceTaskInput'),
    variables: (asked) => ({ input: { ...byId(asked), task: fromWire(asked.body) } }),
    answer: ({ done }) => one(200, done.task),
  }),
  route({
    method: 'patch',
    path: '/tasks/:id',
    operationId: 'updateTask',
    summary: 'Change a task in part: what is left out stays as it is.',
    body: taskPatch,
    answers: { 200: task },
    document: () => mutation('updateTask', 'UpdateTaskInput'),
    variables: (asked) => ({ input: { ...byId(asked), patch: fromWire(asked.body) } }),
    answer: ({ done }) => one(200, done.task),
  }),
  route({
    method: 'delete',
    path: '/tasks/:id',
    operationId: 'deleteTask',
    summary: 'Put a task into the trash or, with permanent=true, delete it for good.',
    query: permanence,
    answers: { 204: null },
    document: () => `mutation RestDelete($trash: TrashTaskInput!, $delete: DeleteTaskInput!, $permanent: Boolean!) {
      trashTask(input: $trash) @skip(if: $permanent) { clientMutationId }
      deleteTask(input: $delete) @include(if: $permanent) { clientMutationId }
    }`,
    variables: (asked) => ({
      trash: byId(asked),
      delete: byId(asked),
      permanent: asked.query.permanent === 'true',
    }),
    answer: () => ({ status: 204 }),
  }),
  route({
    method: 'patch',
    path: '/tasks/:id/complete',
    operationId: 'completeTask',
    summary: 'Complete a task or, with completed false in the body, reopen it. It may be repeated.',
    body: completion,
    bodyIsOptional: true,
    answers: { 200: task },
    document: () => mutation('completeTask', 'CompleteTaskInput'),
    variables: (asked) => ({
      input: { ...byId(asked), completed: asked.body.completed ?? true },
    }),
    answer: ({ done }) => one(200, done.task),
  }),
  route({
    method: 'patch',
    path: '/tasks/:id/toggle',
    operationId: 'toggleTask',
    summary: 'Complete a task that is open, reopen one that is completed.',
    answers: { 200: task },
    document: () => mutation('toggleTask', 'ToggleTaskInput'),
    variables: (asked) => ({ input: byId(asked) }),
    answer: ({ done }) => one(200, done.task),
  }),
  route({
    method: 'post',
    path: '/tasks/:id/restore',
    operationId: 'restoreTask',
    summary: 'Take a task out of the trash. It may be repeated.',
    answers: { 200: task },
    document: () => mutation('restoreTask', 'RestoreTaskInput'),
    variables: (asked) => ({ input: byId(asked) }),
    answer: ({ done }) => one(200, done.task),
  }),
];
