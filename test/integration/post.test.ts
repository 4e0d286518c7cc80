/**
 * Two ways to answer `POST /graphql`: the short one for requests as nearly all are, and the one for all others. Nobody can tell them apart. C-01,
 * C-42, C-43, C-45
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();

/** What is not the same in any two answers. */
const own = ['date', 'x-request-id', 'etag'];

/** JSON in UTF-8, said as nearly everybody does, and as hardly anybody does. */
const ways = { short: 'application/json', long: 'application/json; charset="utf-8"' };

async function ask(contentType: string, body: string, headers: Record<string, string>) {
  const response = await api.fetch('/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf('alice')}`, ...headers, 'content-type': contentType },
    body,
  });
  const id = response.headers.get('x-request-id')!;
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !own.includes(name))),
    text: (await response.text()).replaceAll(id, 'the id'),
    id,
  };
}

const question = JSON.stringify({ query: '{ me { id } tasks { totalCount } }' });
const deep = `{ me { ${'tasks { nodes { owner { '.repeat(20)} id ${'} } }'.repeat(20)} } }`;

const requests: [name: string, status: number, body: string, headers?: Record<string, string>][] = [
  ['a query', 200, question],
  ['a query in other letters', 200, JSON.stringify({ query: '{ me { id } } # ü' })],
  [
    'variables and the name of an operation',
    200,
    JSON.stringify({
      query: 'query A($n: Int) { tasks(first: $n) { totalCount } } query B { me { id } }',
      operationName: 'A',
      variables: { n: 1 },
    }),
  ],
  [
    'a mutation that is refused',
    200,
    JSON.stringify({ query: 'mutation { createTask(input: { task: { title: "" } }) { task { id } } }' }),
  ],
  ['a subscription', 400, JSON.stringify({ query: 'subscription { taskChanged { id } }' })],
  [
    'a client of old, which accepts JSON only',
    200,
    JSON.stringify({ query: '{ nothing }' }),
    { accept: 'application/json' },
  ],
  ['a client that accepts anything', 200, question, { accept: '*/*' }],
  ['a front end from an origin that may call', 200, question, { origin: 'http://localhost:3000' }],
  ['a front end from an origin that may not', 200, question, { origin: 'http://evil.example' }],
  ['a front end that sends no token', 401, question, { origin: 'http://localhost:3000', authorization: '' }],
  ['no document', 400, '{}'],
  ['a document that is no text', 400, '{"query":1}'],
  ['variables that are a list', 400, JSON.stringify({ query: '{ me { id } }', variables: [] })],
  ['a document that is not valid', 400, JSON.stringify({ query: '{ nothing }' })],
  ['a document that is no GraphQL', 400, JSON.stringify({ query: '{' })],
  ['a document that is too deep', 400, JSON.stringify({ query: deep })],
  ['a batch', 400, `[${question}]`],
  ['a number', 400, '1'],
  ['null', 400, 'null'],
  ['a text', 400, '"{ me { id } }"'],
  ['half an object', 400, '{"query":'],
  ['no JSON', 400, 'query { me { id } }'],
  ['an answer that nobody can give', 406, question, { accept: 'text/html' }],
  ['too much', 413, JSON.stringify({ query: `# ${'x'.repeat(200_000)}\n{ me { id } }` })],
  ['no token', 401, question, { authorization: '' }],
  ['a token of nobody', 401, question, { authorization: 'Bearer x.y.z' }],
];

test.each(requests)('%s', async (_name, status, body, headers = {}) => {
  const { id: idOfShort, ...short } = await ask(ways.short, body, headers);
  const { id: idOfLong, ...long } = await ask(ways.long, body, headers);

  expect(short).toEqual(long);
  expect(short.status).toBe(status);
  expect(idOfShort).not.toBe(idOfLong);
});

test('both are in the log, with their ids', async () => {
  for (const contentType of Object.values(ways)) {
    const { id } = await ask(contentType, question, {});

    expect(api.logged.filter(({ requestId, msg }) => requestId === id && msg === 'request completed')).toHaveLength(1);
  }
});

test('a body that comes piece by piece is put together, also in the middle of a letter', async () => {
  const document = 'mutation { createTask(input: { task: { title: "ü" } }) { task { title } } }';
  const body = Buffer.from(JSON.stringify({ query: document }));
  const cut = body.indexOf(Buffer.from('ü')) + 1;

  const sent = request(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokenOf('alice')}`,
      'content-type': ways.short,
      'content-length': body.length,
    },
  });
  sent.write(body.subarray(0, cut));
  await sleep(50);
  sent.end(body.subarray(cut));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];

  expect(await json(response)).toEqual({ data: { createTask: { task: { title: 'ü' } } } });
});
