/** What is asked, of Hedgerow and of its peer, and what a good answer looks like. */

export type Operation = 'list' | 'get' | 'create' | 'toggle';

/** How a server is spoken to: GraphQL as text, GraphQL by the id of a trusted document, or the peer's REST. */
export type Contract = 'graphql' | 'trusted' | 'rest';

export type Workload = 'list' | 'get' | 'create' | 'mixed';

export type Request = { method: 'GET' | 'POST' | 'PATCH'; path: string; body?: string };

/** Which operations a workload consists of, and how often each comes. */
export const mixes: Record<Workload, readonly (readonly [Operation, number])[]> = {
  list: [['list', 1]],
  get: [['get', 1]],
  create: [['create', 1]],
  mixed: [
    ['list', 0.7],
    ['get', 0.2],
    ['create', 0.05],
    ['toggle', 0.05],
  ],
};

const pageSize = 20;
const description = 'Ask for a new quote, compare it with the last one, and write down what has changed.';

/** What the peer answers too, but for the owner. */
const fields = 'id title description completed createdAt updatedAt';

/** The documents by id, as a file of trusted documents has them. */
export const documents: Record<Operation, string> = {
  list: `query List($first: Int!) { tasks(first: $first) { nodes { ${fields} } } }`,
  get: `query Get($id: UUID!) { task(id: $id) { ${fields} } }`,
  create: `mutation Create($task: TaskInput!) { createTask(input: { task: $task }) { task { ${fields} } } }`,
  toggle: `mutation Toggle($id: UUID!) { toggleTask(input: { id: $id }) { task { ${fields} } } }`,
};

/** One operation of a workload, chosen by a number from 0 to 1. */
export function chooseOperation(workload: Workload, chance: number): Operation {
  let sum = 0;
  for (const [operation, share] of mixes[workload]) {
    sum += share;
    if (chance < sum) return operation;
  }
  return mixes[workload].at(-1)![0];
}

/**
 * @param id one of the user's tasks
 * @param title that of the task to be made
 */
export function makeRequest(contract: Contract, operation: Operation, id: string, title: string): Request {
  const task = { title, description };
  if (contract === 'rest') {
    const requests: Record<Operation, () => Request> = {
      list: () => ({ method: 'GET', path: `/api/tasks?limit=${pageSize}` }),
      get: () => ({ method: 'GET', path: `/api/tasks/${id}` }),
      create: () => ({ method: 'POST', path: '/api/tasks', body: JSON.stringify(task) }),
      toggle: () => ({ method: 'PATCH', path: `/api/tasks/${id}/complete` }),
    };
    return requests[operation]();
  }
  const variables = operation === 'list' ? { first: pageSize } : operation === 'create' ? { task } : { id };
  const document = contract === 'trusted' ? { documentId: operation } : { query: documents[operation] };
  return { method: 'POST', path: '/graphql', body: JSON.stringify({ ...document, variables }) };
}

/** What is wrong with an answer, or undefined: a server that refuses quickly must not look quick. */
export function faultOf(
  operation: Operation,
  { id, title }: { id: string; title: string },
  status: number,
  body: string,
): string | undefined {
  if (status < 200 || status > 299) return `status ${status}`;
  if (body.includes('"errors"')) return 'errors in the answer';
  const titles = body.split('"title":').length - 1;
  const expected = operation === 'list' ? pageSize : 1;
  if (titles !== expected) return `${titles} tasks in the answer, not ${expected}`;
  if ((operation === 'get' || operation === 'toggle') && !body.includes(id)) return 'another task than was asked for';
  if (operation === 'create' && !body.includes(JSON.stringify(title))) return 'another task than was made';
  return undefined;
}
