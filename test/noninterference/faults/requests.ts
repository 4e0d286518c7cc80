/** The requests of alice that are struck: reads and writes, over GraphQL and REST. Titles say whose a task is. */
import type { Answer, Ask } from './stage.ts';

export type Request = Ask & {
  name: string;
  /** How alice's tasks may stand afterwards, from nothing done to all done: a title, and `+` when it is completed. */
  outcomes: string[][];
  /** What the answer says is there now, in the same words. */
  acknowledged(answer: Answer): string[];
  /** The code that the undisturbed request is answered with, when it is an error. */
  code?: string;
};

/** Alice's task before each request. */
export const aliceTask = '01890000-0000-7000-8000-00000000000a';
const before = 'alice: one';

const graphql = (query: string): Ask => ({ method: 'POST', path: '/graphql', body: { query } });
const onSuccess =
  (...done: string[]) =>
  ({ status, code }: Answer): string[] =>
    status >= 200 && status < 300 && code === undefined ? done : [];
const nothing = { outcomes: [[before]], acknowledged: () => [] };

export const requests: Request[] = [
  { name: 'a read over GraphQL', ...graphql('{ tasks(first: 5) { nodes { title } } }'), ...nothing },
  {
    name: 'a write over GraphQL',
    ...graphql('mutation { createTask(input: { task: { title: "alice: two" } }) { task { title } } }'),
    outcomes: [[before], [before, 'alice: two']],
    acknowledged: onSuccess('alice: two'),
  },
  {
    name: 'two writes in one document',
    ...graphql(`mutation {
      a: createTask(input: { task: { title: "alice: two" } }) { task { title } }
      b: completeTask(input: { id: "${aliceTask}" }) { task { title } }
    }`),
    outcomes: [[before], [before, 'alice: two'], [`${before}+`, 'alice: two'], [`${before}+`]],
    acknowledged: ({ data }) => [...(data?.a ? ['alice: two'] : []), ...(data?.b ? [`${before}+`] : [])],
  },
  { name: 'a read over REST', method: 'GET', path: '/api/v1/tasks', ...nothing },
  {
    name: 'a write over REST',
    method: 'PATCH',
    path: `/api/v1/tasks/${aliceTask}`,
    body: { title: 'alice: changed', completed: true },
    outcomes: [[before], ['alice: changed+']],
    acknowledged: onSuccess('alice: changed+'),
  },
  {
    name: 'a write of three tasks over REST',
    method: 'POST',
    path: '/api/v1/tasks/bulk',
    body: { operation: 'create', tasks: ['two', 'three', 'zero'].map((title) => ({ title: `alice: ${title}` })) },
    outcomes: [[before], [before, 'alice: three', 'alice: two', 'alice: zero']],
    acknowledged: onSuccess('alice: three', 'alice: two', 'alice: zero'),
  },
  {
    name: 'a write that is refused',
    method: 'POST',
    path: '/api/v1/tasks',
    body: { title: ' ' },
    ...nothing,
    code: 'VALIDATION_FAILED',
  },
];
