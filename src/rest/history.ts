/** What was done to a task, entry by entry. */
import { z } from 'zod';
import { type PageInfo, pageQuery } from './paging.ts';
import { taskId } from './task.ts';

export const historyQuery = z.strictObject(pageQuery('entries')).partial();

const actions = ['insert', 'update', 'delete', 'trash', 'restore'] as const;

/** An entry in an answer. `changes` names columns, each with what it was and what it became. */
export const historyEntry = z.strictObject({
  id: z.string().meta({ format: 'uuid' }),
  task_id: taskId,
  action: z.enum(actions),
  version: z.int(),
  changes: z.record(z.string(), z.array(z.unknown()).length(2)),
  actor_id: z.string().nullable(),
  request_id: z.string().nullable(),
  address: z.string().nullable(),
  created_at: z.string().meta({ format: 'date-time' }),
});

export const historyDocument = `query RestHistory($id: UUID!, $first: Int, $after: Cursor) {
  taskHistory(filter: { taskId: { equalTo: $id } }, first: $first, after: $after) {
    nodes { id taskId action version changes actorId requestId address createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** As the document answers. */
type Node = {
  id: string;
  taskId: string;
  action: string;
  version: number;
  changes: Record<string, [unknown, unknown]>;
  actorId: string | null;
  requestId: string | null;
  address: string | null;
  createdAt: string;
};

export type HistoryData = {
  taskHistory: { nodes: Node[]; pageInfo: PageInfo };
};

/** An entry as it is on the wire. */
export const toEntry = ({ taskId: task_id, action, actorId, requestId, createdAt, ...same }: Node) => ({
  ...same,
  task_id,
  action: action.toLowerCase(),
  actor_id: actorId,
  request_id: requestId,
  created_at: createdAt,
});
