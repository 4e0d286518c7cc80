/** The user record: made by the first write, from the claims of the token. C-13, C-16 */
import { codeOf, useApi } from '../support/api.ts';
import { inSeconds, mint } from '../support/tokens.ts';

const api = useApi();
const me = '{ me { id email name tasks { totalCount } } }';
const createTask = 'mutation { createTask(input: { task: { title: "x" } }) { task { id owner { id email name } } } }';

test('before the first write, me answers from the token, and nothing is written', async () => {
  const token = mint({ sub: 'reader', email: 'r@example.com', name: 'Reader', exp: inSeconds(60) });

  const answer = await api.query(token, me);

  expect(answer.data.me).toEqual({ id: 'reader', email: 'r@example.com', name: 'Reader', tasks: { totalCount: 0 } });
  const { rowCount } = await api.database.admin.query("select from app_public.users where id = 'reader'");
  expect(rowCount).toBe(0);
});

test('the first write makes the record from the token, later ones leave it', async () => {
  const first = mint({ sub: 'writer', email: 'w@example.com', name: 'Writer', exp: inSeconds(60) });
  const later = mint({ sub: 'writer', email: 'other@example.com', exp: inSeconds(60) });

  const made = await api.query(first, createTask);
  await api.query(later, createTask);
  const answer = await api.query(later, me);

  expect(made.data.createTask.task.owner).toEqual({ id: 'writer', email: 'w@example.com', name: 'Writer' });
  expect(answer.data.me).toEqual({ id: 'writer', email: 'w@example.com', name: 'Writer', tasks: { totalCount: 2 } });
});

test('twenty first writes at once make one record', async () => {
  const crowd = api.as('crowd');

  const answers = await Promise.all(Array.from({ length: 20 }, () => crowd(createTask)));

  expect(answers.filter((answer) => answer.errors)).toEqual([]);
  expect((await crowd(me)).data.me.tasks.totalCount).toBe(20);
});

test.each([
  ['a UUID', '6f2c1b1e-7d0a-4f0c-9a35-0d5f5f3f0a11'],
  ['an Auth0 subject', 'auth0|5f7c8ec7c33c6c004bbafe82'],
  ['quotes and backslashes', `o'brien "x" \\ %s`],
  ['255 characters', 'ü'.repeat(255)],
  ['spaces at its ends, which are part of it', ' alice '],
])('a subject may be %s', async (_name, sub) => {
  const answer = await api.as(sub)(createTask);

  expect(answer.data.createTask.task.owner.id).toBe(sub);
});

test('deleting a user deletes the tasks of that user and of nobody else', async () => {
  await api.as('leaver')(createTask);
  await api.as('stayer')(createTask);

  await api.database.admin.query("delete from app_public.users where id = 'leaver'");

  const { rows } = await api.database.admin.query(
    "select owner_id from app_public.tasks where owner_id in ('leaver', 'stayer')",
  );
  expect(rows).toEqual([{ owner_id: 'stayer' }]);
});

test.each([
  ['createUser', 'mutation { createUser(input: { user: { name: "x" } }) { clientMutationId } }'],
  ['users', '{ users { totalCount } }'],
  ['user', '{ user(id: "bob") { id } }'],
])('the API has no %s', async (_name, document) => {
  expect(codeOf(await api.as('alice')(document))).toBe('GRAPHQL_VALIDATION_FAILED');
});
