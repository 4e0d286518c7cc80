/** Who waits for whom: two at once take hold of tasks in one order, so neither waits for the other; and who is deleted meanwhile is told so. C-16, C-27 */
import { setTimeout } from 'node:timers/promises';
import { codeOf, type GraphQLAnswer, useApi } from '../support/api.ts';
import '../support/on-export.ts';
import { inSeconds, mint } from '../support/tokens.ts';

const api = useApi();
const ids = [1, 2].map((number) => `c0000000-0000-4000-8000-00000000000${number}`);
const [first, second] = ids as [string, string];
const insert = "insert into app_public.tasks (owner_id, id, title) values ('alice', $1, 'x')";
const createTasks = `mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }`;
const deleteMe = 'mutation { deleteMe(input: {}) { user { id } } }';
const createTask = 'mutation { createTask(input: { task: { title: "x" } }) { task { id } } }';

/** Until a request waits for the transaction that is open here, or is answered: then it did not wait at all. */
async function waits(answer: Promise<GraphQLAnswer>): Promise<void> {
  const answered = answer.then((answer) => {
    throw new Error(`It did not wait: ${JSON.stringify(answer)}`);
  });
  const waiting = 'select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))';
  while ((await api.database.admin.query(waiting)).rowCount === 0) await Promise.race([answered, setTimeout(5)]);
  answered.catch(() => {});
}

beforeEach(async () => {
  await api.database.admin.query(
    "delete from app_public.users; delete from app_hidden.deleted_users; insert into app_public.users (id) values ('alice')",
  );
});
afterEach(() => api.database.admin.query('rollback'));

test('two who make the same tasks in opposite orders do not wait for each other: the later one is told that the ids are taken', async () => {
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query(insert, [first]);

  const later = api.as('alice')(createTasks, { tasks: [second, first].map((id) => ({ id, title: 'x' })) });
  await waits(later);
  await admin.query(insert, [second]);
  await admin.query('commit');

  expect(codeOf(await later)).toBe('CONFLICT');
  expect((await later).errors![0]!.extensions).toMatchObject({ details: { ids } });
});

test('tasks are answered in the order in which they were given, whatever their ids', async () => {
  const answer = await api.as('alice')(createTasks, { tasks: [second, first].map((id) => ({ id, title: 'x' })) });

  expect(answer.data.createTasks.tasks).toEqual([{ id: second }, { id: first }]);
});

test.each([
  ['emptyTrash', 'mutation { emptyTrash(input: {}) { deletedCount } }', { emptyTrash: { deletedCount: 2 } }],
  ['deleteMe', deleteMe, { deleteMe: { user: { id: 'alice' } } }],
])('%s takes hold of tasks in the order of their ids, as all operations do', async (_name, document, done) => {
  const { admin } = api.database;
  for (const id of [second, first]) await admin.query(insert, [id]);
  await admin.query('update app_public.tasks set deleted_at = now()');
  await admin.query('vacuum analyze app_public.tasks');
  await admin.query('begin');
  await admin.query('select from app_public.tasks where id = $1 for update', [first]);

  const answer = api.as('alice')(document);
  await waits(answer);
  const { rowCount } = await admin.query('select from app_public.tasks where id = $1 for update nowait', [second]);
  await admin.query('commit');

  expect(rowCount).toBe(1);
  expect((await answer).data).toEqual(done);
});

test('who makes a task while the account is being deleted is told that its tokens are of no use any more', async () => {
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query("delete from app_public.users where id = 'alice'");

  const answer = api.as('alice')(createTask);
  await waits(answer);
  await admin.query('commit');

  expect(codeOf(await answer)).toBe('UNAUTHENTICATED');
});

test.each([
  ['the account', ''],
  ['an account that the first task is making', 'delete from app_public.users; delete from app_hidden.deleted_users'],
])('who deletes %s while a task is made waits for it, and takes it along', async (_what, beforehand) => {
  const { admin } = api.database;
  await admin.query(beforehand);
  // Between the look for the record and the task that refers to it.
  await admin.query(
    `create function public.linger() returns trigger language plpgsql as $$
       begin perform pg_advisory_xact_lock_shared(27); return null; end $$;
     create trigger _150_linger before insert on app_public.tasks for each statement execute function public.linger()`,
  );
  await admin.query('begin; select pg_advisory_xact_lock(27)');

  const making = api.as('alice')(createTask);
  await waits(making);
  const leaving = api.as('alice')(deleteMe);
  const sooner = await Promise.race([leaving, setTimeout(300)]);
  await admin.query('commit');
  const answers = await Promise.all([making, leaving]);
  await admin.query('drop function public.linger cascade');

  expect(sooner).toBeUndefined();
  expect(answers.map(codeOf)).toEqual([undefined, undefined]);
  const rest = "select id::text from app_public.tasks union all select 'user ' || id from app_public.users";
  expect((await admin.query(rest)).rows).toEqual([]);
});

test('who has signed in again since makes the account anew', async () => {
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query("delete from app_public.users where id = 'alice'");

  const answer = api.query(mint({ sub: 'alice', iat: inSeconds(86_400), exp: inSeconds(90_000) }), createTask);
  await waits(answer);
  await admin.query('commit');

  expect(codeOf(await answer)).toBeUndefined();
  const { rows } = await admin.query('select owner_id from app_public.tasks');
  expect(rows).toEqual([{ owner_id: 'alice' }]);
});
