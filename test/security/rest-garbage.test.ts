/** Requests of all kinds to REST, made from its document: none is answered 500, none in a way that is not described, none with another's data. C-31, C-42, C-44, T-11 */
import fc from 'fast-check';
import { openApi } from '../../src/rest/openapi/document.ts';
import { tokenOf, useApi } from '../support/api.ts';
import { responseValidator } from '../support/openapi.ts';
import { restRequests } from '../support/rest-requests.ts';

const api = useApi();
const document = openApi('0.0.0');
const deviations = responseValidator(document);
/** FUZZ=20 runs twenty times as many. */
const runs = 1500 * Number(process.env.FUZZ ?? 1);
const secret = 'secret of bob';
const ids = [
  '00000000-0000-7000-8000-0000000000a1',
  '00000000-0000-7000-8000-0000000000b1',
  '00000000-0000-7000-8000-0000000000ff',
];

/** A second task of hers under the id of the first. */
const conflicting = {
  method: 'POST',
  path: '/api/v1/tasks',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id: ids[0], title: 'another' }),
};

const post = (sub: string, body: object) =>
  api.fetch('/api/v1/tasks', {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf(sub)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const bobsRows = async () =>
  (await api.database.admin.query("select task::text from app_public.tasks as task where owner_id = 'bob' order by id"))
    .rows;

test(`of ${runs} requests of alice's, none is answered but as the document says, and none touches or shows what is bob's`, async () => {
  await post('alice', { id: ids[0], title: 'hers' });
  await post('bob', { id: ids[1], title: secret, tags: [secret], description: secret });
  const before = await bobsRows();
  const statuses = new Map<number, number>();

  await fc.assert(
    fc.asyncProperty(restRequests(document, ids), async ({ method, path, headers, body }) => {
      const response = await api.fetch(path, {
        method,
        headers: { authorization: `Bearer ${tokenOf('alice')}`, ...headers },
        body,
      });
      const text = await response.text();
      const { status } = response;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);

      expect(status).toBeLessThan(500);
      expect(text).not.toContain(secret);
      const answer = { method, path, status, contentType: response.headers.get('content-type') };
      expect(deviations({ ...answer, body: text === '' ? undefined : JSON.parse(text) })).toEqual([]);
    }),
    // Chance makes some six conflicts in 1500 requests, and once made none.
    { numRuns: runs, endOnFailure: true, examples: [[conflicting]] },
  );

  expect(await bobsRows()).toEqual(before);
  // Or it would be a test of refusals alone.
  for (const status of [200, 201, 204, 404, 409, 412, 422])
    expect([status, statuses.get(status) ?? 0]).not.toEqual([status, 0]);
}, 600_000);
