/** Whatever is sent, the answer has a code and nothing of PostgreSQL's in it, and it is never the server's fault. C-10, C-42, C-58, T-11 */
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { errorCodes } from '../../src/errors.ts';
import { tokenOf, useApi } from '../support/api.ts';
import { bodies, operations, spoilt } from '../support/garbage.ts';
import { readSchema } from '../support/schema.ts';

const api = useApi();
const schema = readSchema();

/** Everybody gets the same garbage; the seed of a failure is in its report. */
const seed = 20_261_121;

/** What only PostgreSQL, or code of ours that shows it, would say. */
const internals =
  /relation "|constraint "|app_public|app_hidden|app_private|hedgerow_|pg_catalog|SQLSTATE|at or near|violates|\.ts:\d/;

async function post(body: string) {
  const response = await api.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('alice')}` },
    body,
  });
  return { status: response.status, text: await response.text() };
}

/** Sends it, and holds the answer to what every answer has to be. */
async function expectDecency(body: string): Promise<void> {
  const { status, text } = await post(body);

  const answer = JSON.parse(text) as {
    errors?: { message: string; extensions?: { code: string; requestId: string } }[];
  };
  const errors = answer.errors ?? [];
  for (const { extensions } of errors) {
    expect(Object.keys(errorCodes)).toContain(extensions?.code);
    expect(extensions?.code).not.toBe('INTERNAL');
    expect(extensions?.requestId).toEqual(expect.any(String));
  }
  for (const { message } of errors) expect(message).not.toMatch(internals);
  expect(status).toBeLessThan(500);
  if (status >= 400) expect(errors).not.toEqual([]);
}

afterEach(() => {
  expect(api.logged.splice(0).filter(({ level }) => level >= 50)).toEqual([]);
});

describe.each(['query', 'mutation'] as const)('a %s with garbage for variables', (kind) => {
  test.each(operations(schema, kind))('%s', async (_name, requests) => {
    await fc.assert(
      fc.asyncProperty(requests, (request) => expectDecency(JSON.stringify(request))),
      { seed, numRuns: 40 },
    );
  });
});

test('documents with parts removed, doubled, swapped or replaced', async () => {
  const whole = [...operations(schema, 'query'), ...operations(schema, 'mutation')].map(([, requests]) => requests);
  const requests = fc
    .oneof(...whole)
    .chain(({ query, variables }) => spoilt(query).map((text) => ({ query: text, variables })));

  await fc.assert(
    fc.asyncProperty(requests, (request) => expectDecency(JSON.stringify(request))),
    { seed, numRuns: 400 },
  );
});

test('documents that are no documents', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), (query) =>
      expectDecency(JSON.stringify({ query })),
    ),
    { seed, numRuns: 200 },
  );
});

test('bodies that are no requests', async () => {
  await fc.assert(fc.asyncProperty(bodies, expectDecency), { seed, numRuns: 300 });
});

test('the server still serves, and nothing but alice’s own was touched', async () => {
  const answer = await api.as('bob')('{ me { id } tasks { totalCount } }');

  expect(answer.data).toEqual({ me: { id: 'bob' }, tasks: { totalCount: 0 } });
});

test('garbage over a WebSocket closes that socket at the most', async () => {
  const open = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`${api.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      socket.on('error', reject);
      socket.on('message', (message: Buffer) => {
        if ((JSON.parse(message.toString()) as { type: string }).type === 'connection_ack') resolve(socket);
      });
      socket.on('open', () =>
        socket.send(
          JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokenOf('alice')}` } }),
        ),
      );
    });
  const messages = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    bodies.map((body) => `{"id":"1","type":"subscribe","payload":${isJson(body) ? body : '{}'}}`),
    fc.constantFrom(
      '{"type":"ping"}',
      '{"type":"complete","id":"7"}',
      '{"type":"connection_init"}',
      '{"type":"nonsense"}',
    ),
  );

  await fc.assert(
    fc.asyncProperty(fc.array(messages, { minLength: 1, maxLength: 5 }), async (sent) => {
      const socket = await open();
      const received: string[] = [];
      socket.on('message', (message: Buffer) => received.push(message.toString()));
      const closed = new Promise<number>((resolve) => socket.on('close', resolve));
      for (const message of sent) socket.send(message);
      socket.send('{"type":"ping"}');
      const answered = new Promise<number>((resolve) =>
        socket.on('message', (message: Buffer) => message.toString() === '{"type":"pong"}' && resolve(0)),
      );

      const code = await Promise.race([closed, answered]);
      socket.close();

      // 0: still open. The codes of the protocol, or 1000 to 1009 of WebSockets.
      expect(code === 0 || (code >= 1_000 && code <= 1_009) || (code >= 4_400 && code < 4_500)).toBe(true);
      expect(received.join()).not.toMatch(/"code":"INTERNAL"/);
      expect(received.join()).not.toMatch(internals);
    }),
    { seed, numRuns: 100 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
