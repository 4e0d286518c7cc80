/** With trusted documents, nothing else is executed, however it is sent. T-10 */
import { jest } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import WebSocket from 'ws';
import { createApp } from '../../src/app.ts';
import { createChanges } from '../../src/database/changes.ts';
import { type Api, defaultLimits, noLimits, tokenOf, useApi } from '../support/api.ts';

const me = '{ me { id } }';
const trusted = (documents: Record<string, string>) => ({
  path: '/documents.json',
  texts: new Map(Object.entries(documents)),
});
const trustedDocuments = trusted({
  me,
  add: 'mutation ($title: String!) { createTask(input: { task: { title: $title } }) { task { title } } }',
  both: 'query One { me { id } } query Two { tasks { totalCount } }',
  pages: 'query ($n: Int!) { tasks(first: $n) { nodes { owner { tasks(first: 100) { nodes { id } } } } } }',
});

type Answer = { status?: number; data?: any; errors?: { message: string; extensions: object }[] };

async function overHttp(api: Api, body: unknown, init: RequestInit = {}, path = '/graphql'): Promise<Answer> {
  const response = await api.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('alice')}`, ...init.headers },
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** The protocol wants a text as `query` in any case. */
async function overWebSocket(api: Api, payload: object): Promise<Answer> {
  const client = createClient({
    url: `${api.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokenOf('alice')}` },
    retryAttempts: 0,
  });
  try {
    for await (const answer of client.iterate({ query: '', ...payload })) return answer as Answer;
    throw new Error('There was no answer.');
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    return { errors };
  } finally {
    await client.dispose();
  }
}

const transports: [string, (api: Api, body: object) => Promise<Answer>][] = [
  ['HTTP', overHttp],
  ['WebSocket', overWebSocket],
];

const refused = { code: 'UNTRUSTED_DOCUMENT', requestId: expect.any(String) };

describe.each(transports)('over %s', (_name, send) => {
  const api = useApi({ trustedDocuments });

  test.each([
    ['documentId', { documentId: 'me' }],
    ["Apollo's hash", { extensions: { persistedQuery: { version: 1, sha256Hash: 'me' } } }],
    ['id', { id: 'me' }],
  ])('a document is executed by its id: %s', async (_what, body) => {
    expect(await send(api, body)).toMatchObject({ data: { me: { id: 'alice' } } });
  });

  test('it takes variables, and an operation name', async () => {
    const added = await send(api, { documentId: 'add', variables: { title: 'Trusted' } });
    const two = await send(api, { documentId: 'both', operationName: 'Two' });

    expect(added.data).toEqual({ createTask: { task: { title: 'Trusted' } } });
    expect(two.data.tasks.totalCount).toBeGreaterThan(0);
  });

  test.each<[string, object]>([
    ['a document', { query: '{ tasks { totalCount } }' }],
    ['the text of a trusted document', { query: me }],
    ['nothing', {}],
    ['an unknown id', { documentId: 'you' }],
    ['an unknown id, and a document', { documentId: 'you', query: me }],
    ['an unknown id, and a known one that counts less', { documentId: 'you', id: 'me', query: me }],
    ['a document as its own id', { documentId: me, query: me }],
    [
      'an unknown hash that is to be remembered',
      { query: me, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    ],
    ['names that every object has', { documentId: 'constructor' }],
    ['the prototype', { documentId: '__proto__' }],
    ['the prototype, as a hash', { extensions: { persistedQuery: { sha256Hash: '__proto__' } } }],
    ['an empty id', { documentId: '', query: me }],
    ['null for an id', { documentId: null, query: me }],
    ['an array for an id', { documentId: ['me'], query: me }],
    ['an object for an id', { documentId: { toString: 'me' }, query: me }],
    ['extensions without a hash', { extensions: { persistedQuery: null }, query: me }],
    ['introspection', { query: '{ __schema { types { name } } }', operationName: 'IntrospectionQuery' }],
  ])('%s is refused, and nothing is written to stderr', async (_what, body) => {
    const stderr = jest.spyOn(console, 'error').mockImplementation(() => {});

    const answer = await send(api, body);

    const lines = stderr.mock.calls;
    stderr.mockRestore();
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toEqual([{ message: expect.stringMatching(/documentId/), extensions: refused }]);
    expect(lines).toEqual([]);
  });

  test('a document beside a known id is not looked at', async () => {
    const attack = 'mutation { createTask(input: { task: { title: "Smuggled" } }) { task { id } } }';

    const answer = await send(api, { documentId: 'me', query: attack });
    const { rows } = await api.database.admin.query(`select from app_public.tasks where title = 'Smuggled'`);

    expect(answer.data).toEqual({ me: { id: 'alice' } });
    expect(rows).toHaveLength(0);
  });

  test('variables cannot change what a document is', async () => {
    const answer = await send(api, {
      documentId: 'add',
      variables: { title: '"}}}) { task { id } } } { me { id } }' },
    });

    expect(answer.data.createTask.task.title).toBe('"}}}) { task { id } } } { me { id } }');
  });

  test('the limit on the answer holds for trusted documents too', async () => {
    const [small, large] = [
      await send(api, { documentId: 'pages', variables: { n: 5 } }),
      await send(api, { documentId: 'pages', variables: { n: 100 } }),
    ];

    expect(small.errors).toBeUndefined();
    expect(large.errors![0]!.extensions).toMatchObject({ code: 'TOO_COMPLEX' });
  });
});

describe('over HTTP, in other ways', () => {
  const api = useApi({ trustedDocuments });
  const smuggle = `?query=${encodeURIComponent(me)}&documentId=me`;

  test('the refusal is a 400', async () => {
    expect((await overHttp(api, { query: me })).status).toBe(400);
  });

  test.each<[string, unknown, RequestInit, string, number]>([
    ['a batch', [{ query: me }, { documentId: 'me' }], {}, '/graphql', 400],
    ['GET', undefined, { method: 'GET' }, `/graphql${smuggle}`, 405],
    ['a document in the address', {}, {}, `/graphql${smuggle}`, 400],
    [
      'a body of its own media type',
      undefined,
      { headers: { 'content-type': 'application/graphql' }, body: me },
      '/graphql',
      415,
    ],
    [
      'a form',
      undefined,
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `query=${me}` },
      '/graphql',
      415,
    ],
    ['no token', { documentId: 'me' }, { headers: { authorization: '' } }, '/graphql', 401],
  ])('%s is refused', async (_what, body, init, path, status) => {
    const answer = await overHttp(api, body, init, path);

    expect(answer.status).toBe(status);
    expect(answer.data).toBeUndefined();
  });
});

describe('without trusted documents', () => {
  const api = useApi();

  test('an id means nothing, and a document is executed', async () => {
    const [byId, byText] = [
      await overHttp(api, { documentId: 'me' }),
      await overHttp(api, { documentId: 'x', query: me }),
    ];

    expect(byId.errors![0]!.extensions).toMatchObject({ code: 'BAD_REQUEST' });
    expect(byText.data).toEqual({ me: { id: 'alice' } });
  });

  test('nothing is built on documents that would be refused when they are asked for', async () => {
    const attempt = (document: string, introspection: boolean) =>
      createApp({
        limits: noLimits,
        config: { ...defaultLimits, introspection },
        pool: api.database.pool,
        changes: createChanges({ url: api.database.apiUrl }, pino({ level: 'silent' })),
        verifyToken: async () => Promise.reject(new Error('Nobody comes.')),
        log: pino({ level: 'silent' }),
        trustedDocuments: trusted({ bad: document }),
      });

    await expect(attempt('{ nope }', true)).rejects.toThrow(/bad: Cannot query field "nope"/);
    await expect(attempt(`{ ${'me { id } '.repeat(21)} }`, true)).rejects.toThrow(/bad: .*root fields are 21/);
    await expect(attempt('{ __schema { types { name } } }', false)).rejects.toThrow(/bad: .*introspection/);
  });
});
