/** GraphQL over WebSocket: the same verifier, the same isolation. C-01, C-10, C-31 */
import { jest } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';
import { inSeconds, mint } from '../support/tokens.ts';

const api = useApi();
const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

function connect(connectionParams: Record<string, unknown> | undefined): Client {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
    // Opens at once, and stays open between operations.
    lazy: false,
    onNonLazyError: () => {},
  });
  clients.push(client);
  return client;
}

const signIn = (sub: string) => connect({ authorization: `Bearer ${tokenOf(sub)}` });

/** The one answer of a query or mutation. */
async function run(client: Client, query: string, variables?: Record<string, unknown>): Promise<any> {
  for await (const answer of client.iterate({ query, variables })) return answer;
}

/** The code with which the server closes the socket. */
function closeCode(client: Client): Promise<number> {
  return new Promise((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)));
}

test('two people on two sockets each have their own tasks', async () => {
  const [alice, bob] = [signIn('alice'), signIn('bob')];
  const created = await run(
    alice,
    'mutation { createTask(input: { task: { title: "Over the wire" } }) { task { id ownerId } } }',
  );
  const { id } = created.data.createTask.task;

  const hers = await run(alice, '{ tasks { nodes { title } } }');
  const his = await run(bob, 'query ($id: UUID!) { tasks { nodes { title } } task(id: $id) { id } }', { id });
  const change = await run(bob, 'mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { id } } }', { id });

  expect(created.data.createTask.task.ownerId).toBe('alice');
  expect(hers.data.tasks.nodes).toEqual([{ title: 'Over the wire' }]);
  expect(his.data).toEqual({ tasks: { nodes: [] }, task: null });
  expect(change.errors[0].extensions.code).toBe('NOT_FOUND');
});

test.each<[string, Record<string, unknown> | undefined]>([
  ['no parameters', undefined],
  ['no token', {}],
  ['a garbled token', { authorization: 'Bearer nonsense' }],
  ['an expired token', { authorization: `Bearer ${mint({ sub: 'alice', exp: inSeconds(-120) })}` }],
  ['a token that is not a text', { authorization: { sub: 'alice' } }],
])('a socket opened with %s is closed as unauthorized', async (_name, params) => {
  const client = connect(params);
  const code = closeCode(client);

  await expect(run(client, '{ me { id } }')).rejects.toBeDefined();

  expect(await code).toBe(4401);
});

test('the authorization header of the upgrade is not enough: browsers cannot send one, so nobody may', async () => {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { authorization: `Bearer ${tokenOf('alice')}` },
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init' })));

  expect(await closed).toBe(4401);
});

test('an operation before the token is refused', async () => {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } })),
  );

  expect(await closed).toBe(4401);
});

test('a socket is closed when its token expires', async () => {
  // The skew keeps a token good for another minute; the socket ends with the token itself.
  const client = connect({ authorization: `Bearer ${mint({ sub: 'alice', exp: inSeconds(2) })}` });
  const code = closeCode(client);

  const before = await run(client, '{ me { id } }');

  expect(before.data).toEqual({ me: { id: 'alice' } });
  expect(await code).toBe(4401);
});

test.each([
  ['does not parse', '{', 'GRAPHQL_PARSE_FAILED'],
  ['does not fit the schema', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
  ['breaks a rule', 'mutation { createTask(input: { task: { title: "" } }) { task { id } } }', 'VALIDATION_FAILED'],
])('an operation that %s has the same code as over HTTP, and a request id', async (_name, document, code) => {
  const client = signIn('alice');

  const errors = await run(client, document).then(
    (answer) => answer.errors,
    (thrown: unknown) => thrown,
  );

  expect(errors[0].extensions).toMatchObject({ code, requestId: expect.any(String) });
});

test('what a client sends wrong does not reach stderr', async () => {
  const stderr = jest.spyOn(console, 'error').mockImplementation(() => {});
  const client = signIn('alice');

  await expect(run(client, `{ me { id } } # ${'x'.repeat(200_000)}`)).rejects.toBeDefined();

  expect(stderr).not.toHaveBeenCalled();
  stderr.mockRestore();
});

test('other paths take no WebSocket', async () => {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws');

  const error = await new Promise<Error>((resolve) => socket.on('error', resolve));

  expect(error.message).toMatch(/404/);
});

test('a message that is too large closes the socket', async () => {
  const client = signIn('alice');
  const code = closeCode(client);

  await expect(run(client, `{ me { id } } # ${'x'.repeat(200_000)}`)).rejects.toBeDefined();

  expect(await code).toBe(1009);
});
