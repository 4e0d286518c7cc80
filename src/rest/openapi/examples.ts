/** Examples for the OpenAPI document. */

const example = {
  id: '01928f3e-7c1a-7b3a-9d54-3f6f2f6c1e10',
  user_id: 'alice',
  title: 'Plant a hedge',
  description: null,
  completed: false,
  completed_at: null,
  priority: 'high',
  due_at: '2027-03-01T09:30:00+00:00',
  overdue: false,
  tags: ['garden'],
  version: 1,
  created_at: '2026-11-21T09:00:00.000000+00:00',
  updated_at: '2026-11-21T09:00:00.000000+00:00',
  deleted_at: null,
};

const meta = { request_id: 'c0ffee00-0000-4000-8000-000000000000', timestamp: '2026-11-21T09:00:00.000Z' };

const one = { data: example, meta };
const many = { data: [example], meta };

const body = (value: object) => ({ value });

export const examples: {
  meta: object;
  /** Of request bodies, by operation and name. */
  bodies: Record<string, Record<string, { value: object }>>;
  /** Of answers, by operation. */
  answers: Record<string, object>;
} = {
  meta,
  bodies: {
    createTask: {
      'the title alone': body({ title: 'Plant a hedge' }),
      'all there is': body({
        id: example.id,
        title: 'Plant a hedge',
        description: 'North side first.',
        priority: 'high',
        due_at: '2027-03-01T09:30:00Z',
        tags: ['garden'],
      }),
    },
    replaceTask: { 'another task': body({ title: 'Trim the hedge', priority: 'low' }) },
    updateTask: { 'a new date': body({ due_at: '2027-04-01T09:30:00Z' }), 'no date': body({ due_at: null }) },
    completeTask: { reopen: body({ completed: false }) },
    changeTasks: {
      create: body({ operation: 'create', tasks: [{ title: 'one' }, { title: 'two' }] }),
      complete: body({ operation: 'complete', tasks: [{ id: example.id, version: 1 }] }),
      delete: body({ operation: 'delete', permanent: true, tasks: [{ id: example.id }] }),
    },
  },
  answers: {
    listTasks: { data: [example], meta: { ...meta, total: 1, next_cursor: null } },
    createTask: one,
    getTask: one,
    listTaskHistory: {
      data: [
        {
          id: '6e3c1a0e-3f6c-4a3e-9b7e-0d6c1f2a9b10',
          task_id: example.id,
          action: 'insert',
          version: 1,
          changes: { title: [null, 'Plant a hedge'], priority: [null, 'high'], tags: [null, ['garden']] },
          actor_id: 'alice',
          request_id: meta.request_id,
          address: '192.0.2.17',
          created_at: example.created_at,
        },
      ],
      meta: { ...meta, next_cursor: null },
    },
    replaceTask: one,
    updateTask: one,
    completeTask: one,
    toggleTask: one,
    restoreTask: one,
    changeTasks: many,
    countTasks: {
      data: {
        total: 3,
        open: 2,
        completed: 1,
        overdue: 0,
        trashed: 0,
        by_priority: [{ priority: 'high', count: 3 }],
        by_tag: [{ tag: 'garden', count: 2 }],
        created_by_day: [{ day: '2026-11-21', count: 3 }],
        completed_by_week: [{ week: '2026-11-16', count: 1 }],
      },
      meta,
    },
  },
};
