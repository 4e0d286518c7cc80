/** The schemas of requests and answers, as the OpenAPI document has them. */
import { z } from 'zod';
import { bulk } from '../bulk.ts';
import { historyEntry } from '../history.ts';
import { stats } from '../stats.ts';
import { newTask, task, taskPatch, taskReplacement } from '../task.ts';

export type Json = Record<string, unknown>;

/** Schemas that have a name in the document. */
export const named = new Map<z.ZodType, string>([
  [task, 'Task'],
  [newTask, 'NewTask'],
  [taskReplacement, 'TaskReplacement'],
  [taskPatch, 'TaskPatch'],
  [bulk, 'Bulk'],
  [stats, 'Stats'],
  [historyEntry, 'TaskHistoryEntry'],
]);

/** What an answer says of itself, and `more`. */
export function meta(more: Json, required: string[] = []): Json {
  return {
    type: 'object',
    required: ['request_id', 'timestamp', ...required],
    additionalProperties: false,
    properties: { request_id: { type: 'string' }, timestamp: { type: 'string', format: 'date-time' }, ...more },
  };
}

/** A schema by its name, or as it is. */
export function reference(schema: z.ZodType): Json {
  const name = named.get(schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  if (schema instanceof z.ZodArray) return { type: 'array', items: reference(schema.element as z.ZodType) };
  return jsonSchema(schema);
}

/** As clients write it, before anything is made of it. */
export function jsonSchema(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
