/** What ends: accounts, and with them their tokens; secrets, with their sessions; and the database, for a while. C-10, C-11, C-15, C-16 */
import { codeOf } from '../support/api.ts';
import { endConnections } from '../support/database.ts';
import { useServer } from '../support/server.ts';
import { inSeconds, mint, testSecret } from '../support/tokens.ts';

const server = useServer();
const password = 'a long password';
const createTask = 'mutation { createTask(input: { task: { title: "Plant a hedge" } }) { task { ownerId } } }';
const count = '{ tasks { totalCount } me { id } }';

/** Signs a person up, with the cookie of their session. */
async function signUp(email: string) {
  const { headers, body } = await server.post('/api/auth/signup', { email, password });
  const { token, user } = body.data as { token: string; user: { id: string } };
  return { token, id: user.id, cookie: headers.getSetCookie()[0]!.split(';')[0]! };
}

const origin = () => ({ origin: server.url });

test('deleting an account deletes what it owns, its sessions and its sign-in; its tokens read and write nothing from then on', async () => {
  const ann = await signUp('ann@example.com');
  const stays = await signUp('stays@example.com');
  await server.query(ann.token, createTask);
  await server.query(stays.token, createTask);

  const refused = await server.post(
    '/api/auth/delete-user',
    { password: 'wrong' },
    { cookie: ann.cookie, ...origin() },
  );
  const before = await server.query(ann.token, count);
  const deleted = await server.post('/api/auth/delete-user', { password }, { cookie: ann.cookie, ...origin() });

  expect(refused.status).toBe(400);
  expect(before.data.tasks.totalCount).toBe(1);
  expect(deleted.status).toBe(200);
  expect((await server.query(ann.token, count)).data.tasks.totalCount).toBe(0);
  expect(codeOf(await server.query(ann.token, createTask))).toBe('UNAUTHENTICATED');
  expect((await server.fetch('/api/auth/token', { headers: { cookie: ann.cookie } })).status).toBe(401);
  expect((await server.post('/api/auth/signin', { email: 'ann@example.com', password })).status).toBe(401);
  const { rows } = await server.database.admin.query(
    `select (select count(*) from auth.users where id = $1) + (select count(*) from auth.sessions where "userId" = $1)
       + (select count(*) from auth.accounts where "userId" = $1) + (select count(*) from app_public.users where id = $1)
       + (select count(*) from app_public.tasks where owner_id = $1) as left`,
    [ann.id],
  );
  expect(rows).toEqual([{ left: '0' }]);
  expect((await server.query(stays.token, count)).data.tasks.totalCount).toBe(1);
});

test('who comes back is somebody new', async () => {
  const first = await signUp('back@example.com');
  await server.query(first.token, createTask);
  await server.post('/api/auth/delete-user', { password }, { cookie: first.cookie, ...origin() });

  const second = await signUp('back@example.com');

  expect(second.id).not.toBe(first.id);
  expect((await server.query(second.token, count)).data.tasks.totalCount).toBe(0);
  expect(codeOf(await server.query(second.token, createTask))).toBeUndefined();
});

test('an account whose tasks cannot be deleted right now stays whole', async () => {
  const held = await signUp('held@example.com');
  await server.query(held.token, createTask);
  const { admin } = server.database;
  await admin.query('begin');
  await admin.query('select from app_public.users where id = $1 for update', [held.id]);
  await server.restart({ HEDGEROW_LOCK_TIMEOUT: '100' });

  const refused = await server.post('/api/auth/delete-user', { password }, { cookie: held.cookie, ...origin() });
  await admin.query('rollback');

  expect([refused.status, refused.body]).toMatchObject([503, { code: 'TIMEOUT' }]);
  expect((await server.query(held.token, count)).data.tasks.totalCount).toBe(1);
  expect((await server.post('/api/auth/signin', { email: 'held@example.com', password })).status).toBe(200);
});

// deleteMe, for tokens of whatever issuer.
test('with deleteMe too, tokens from before are of no use, and those of others are', async () => {
  const token = (sub: string, iat?: number) => mint({ sub, iat, exp: inSeconds(300) });
  await server.restart({ NODE_ENV: 'test', HEDGEROW_AUTH: 'off' });
  const [goer, stayer] = [token('goer', inSeconds(-10)), token('stayer', inSeconds(-10))];
  await server.query(goer, createTask);

  await server.query(goer, 'mutation { deleteMe(input: {}) { clientMutationId } }');

  const refusal = await server.query(goer, createTask);
  expect(refusal.errors![0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  expect(refusal.errors![0]!.message).toMatch(/deleted/);
  expect((await server.query(goer, count)).data).toEqual({ tasks: { totalCount: 0 }, me: { id: 'goer' } });
  expect(codeOf(await server.query(token('goer', inSeconds(30)), createTask))).toBe('UNAUTHENTICATED');
  expect(codeOf(await server.query(token('goer'), createTask))).toBe('UNAUTHENTICATED');
  expect(codeOf(await server.query(token('goer', inSeconds(90)), createTask))).toBeUndefined();
  expect(codeOf(await server.query(stayer, createTask))).toBeUndefined();
});

test('a new secret, with the one before, ends sessions but no account; tokens are good all the while', async () => {
  await server.restart();
  const person = await signUp('rotation@example.com');

  await server.restart({
    BETTER_AUTH_SECRET: 'the next secret, of 32 bytes at least',
    HEDGEROW_PREVIOUS_SECRET: testSecret,
  });

  expect(codeOf(await server.query(person.token, createTask))).toBeUndefined();
  expect((await server.fetch('/api/auth/token', { headers: { cookie: person.cookie } })).status).toBe(401);
  const again = await server.post('/api/auth/signin', { email: 'rotation@example.com', password });
  expect(codeOf(await server.query(again.body.data.token, createTask))).toBeUndefined();
});

test('without the one before, the keys cannot be read: no token, and no detail', async () => {
  await server.restart({ BETTER_AUTH_SECRET: 'quite another secret, of 32 bytes at least' });

  const answer = await server.post('/api/auth/signin', { email: 'rotation@example.com', password });

  expect([answer.status, answer.body.error]).toMatchObject([500, { code: 'INTERNAL' }]);
  expect(JSON.stringify(answer.body)).not.toMatch(/decrypt|key/i);
});

test('while the database of accounts cannot be had, signing in is unavailable, and tokens go on', async () => {
  await server.restart();
  const { body } = await server.post('/api/auth/signin', { email: 'stays@example.com', password });
  expect(codeOf(await server.query(body.data.token, createTask))).toBeUndefined();
  const { admin } = server.database;
  const role = (await admin.query('select nspowner::regrole::text as role from pg_namespace where nspname = $$auth$$'))
    .rows[0].role;
  // Not the role's limit: roles belong to all databases of the server. The API keeps the connections that it has.
  const { database } = (await admin.query('select quote_ident(current_database()) as database')).rows[0];
  await admin.query(`alter database ${database} connection limit 0`);
  await endConnections(admin, { login: role });
  try {
    const answer = await server.post('/api/auth/signin', { email: 'stays@example.com', password });
    const theirs = await server.post('/api/auth/sign-in/email', { email: 'stays@example.com', password });

    expect([answer.status, answer.body.error, answer.headers.get('retry-after')]).toMatchObject([
      503,
      { code: 'UNAVAILABLE' },
      '1',
    ]);
    expect([theirs.status, theirs.body]).toMatchObject([503, { code: 'UNAVAILABLE' }]);
    expect(codeOf(await server.query(body.data.token, createTask))).toBeUndefined();
  } finally {
    await admin.query(`alter database ${database} connection limit -1`);
  }
});
