/** Up to a hundred tasks in one request: all of them, or none. */
import { z } from 'zod';
import { fromWire, newTask, taskFragment, taskId } from './task.ts';

/** A task that is there, and the version that it has to have, if that matters. */
const reference = z.strictObject({ id: taskId, version: z.int().optional() });

export const bulk = z.discriminatedUnion('operation', [
  z.strictObject({ operation: z.literal('create'), tasks: z.array(newTask) }),
  z.strictObject({ operation: z.literal('complete'), tasks: z.array(reference), completed: z.boolean().optional() }),
  z.strictObject({ operation: z.literal('delete'), tasks: z.array(reference), permanent: z.boolean().optional() }),
]);

type Bulk = z.infer<typeof bulk>;

const mutation = (name: string, input: string) =>
  `mutation RestBulk($input: ${input}!) { all: ${name}(input: $input) { tasks { ...Wire } } } ${taskFragment}`;

/** The operation that the body asks for. */
export function bulkDocument(body: Bulk): string {
  switch (body.operation) {
    case 'create':
      return mutation('createTasks', 'CreateTasksInput');
    case 'complete':
      return mutation('completeTasks', 'CompleteTasksInput');
    case 'delete':
      return body.permanent ? mutation('deleteTasks', 'DeleteTasksInput') : mutation('trashTasks', 'TrashTasksInput');
  }
}

export function bulkVariables(body: Bulk): Record<string, unknown> {
  if (body.operation === 'create') return { input: { tasks: body.tasks.map(fromWire) } };
  return {
    input: {
      tasks: body.tasks.map(({ id, version }) => ({ id, ...(version !== undefined && { ifVersion: version }) })),
      ...(body.operation === 'complete' && { completed: body.completed ?? true }),
    },
  };
}
