/** Who did something cannot say that it was somebody else, or from somewhere else. C-36, T-16 */
import { defaultLimits, tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const last = 'select request_id, address, actor_id from app_public.task_history order by created_at desc limit 1';

const create = (api: ReturnType<typeof useApi>, headers: Record<string, string>) =>
  api.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('alice')}`, ...headers },
    body: JSON.stringify({ query: 'mutation { createTask(input: { task: { title: "x" } }) { task { id } } }' }),
  });

describe('without a proxy', () => {
  const api = useApi();

  test.each([
    ['x-forwarded-for', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['x-real-ip', '203.0.113.9'],
  ])('%s is hearsay: the address is that of the connection', async (header, address) => {
    await create(api, { [header]: address });

    const { rows } = await api.database.admin.query(last);

    expect(rows).toEqual([expect.objectContaining({ address: '127.0.0.1', actor_id: 'alice' })]);
  });

  test('a request id that could break a line of the log is not taken', async () => {
    const answer = await create(api, { 'x-request-id': "a' or true --" });

    const { rows } = await api.database.admin.query<{ request_id: string }>(last);

    expect(rows[0]!.request_id).toBe(answer.headers.get('x-request-id'));
    expect(rows[0]!.request_id).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('behind one proxy', () => {
  const api = useApi({ config: { ...defaultLimits, trustedProxies: 1 } });

  test('the address is the one that the proxy tells, not one that a client wrote before it', async () => {
    await create(api, { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' });

    const { rows } = await api.database.admin.query(last);

    expect(rows).toEqual([expect.objectContaining({ address: '198.51.100.7' })]);
  });

  test.each([['unknown'], ["'; drop table app_public.tasks --"], ['x'.repeat(5_000)]])(
    'what is no address is none: %.20s',
    async (address) => {
      const answer = await create(api, { 'x-forwarded-for': address });

      const { rows } = await api.database.admin.query(last);

      expect(answer.status).toBe(200);
      expect(rows).toEqual([expect.objectContaining({ address: null, actor_id: 'alice' })]);
    },
  );
});
