/** What is thrown where nothing should be says nothing to the client. C-35, C-58, T-07 */
import { jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

// A verifier with a defect: an identity without a subject, of which no settings can be made.
const api = useApi({ verifyToken: async () => ({ sub: '', expiresAt: Date.now() / 1000 + 60 }) });
const document = 'mutation { createTask(input: { task: { title: "x" } }) { task { id } } }';
const masked = { code: 'INTERNAL', requestId: expect.any(String) };

// grafserv writes what it catches there.
beforeEach(() => jest.spyOn(console, 'error').mockImplementation(() => {}));
afterEach(() => jest.restoreAllMocks());

test('an identity without a subject ends in an internal error that tells nothing, over HTTP', async () => {
  const answer = await api.query(tokenOf('alice'), document);

  expect(answer.status).toBe(500);
  expect(answer.data).toBeUndefined();
  expect(answer.errors).toEqual([expect.objectContaining({ extensions: masked })]);
  expect(JSON.stringify(answer)).not.toMatch(/subject|identity/i);
});

test('and over WebSocket', async () => {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf('alice')}` },
  });

  let errors: unknown;
  try {
    for await (const answer of client.iterate({ query: document })) errors = answer.errors;
  } catch (thrown) {
    errors = thrown;
  }
  await client.dispose();

  expect(errors).toEqual([expect.objectContaining({ extensions: masked })]);
  expect(JSON.stringify(errors)).not.toMatch(/subject|identity/i);
});

test('and nothing was written', async () => {
  const { rowCount } = await api.database.admin.query('select from app_public.tasks');

  expect(rowCount).toBe(0);
});
