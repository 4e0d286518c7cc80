/** The user record and the account: made by the first write, from the claims of the token; renamed, counted, deleted. C-13, C-16 */
import { codeOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';
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

test('me counts the tasks, by state', async () => {
  const counter = api.as('counter');
  await counter(`mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { clientMutationId } }`, {
    tasks: [
      { title: 'open' },
      { title: 'overdue', dueAt: '2020-01-01T00:00:00Z' },
      { title: 'done', completed: true, dueAt: '2020-01-01T00:00:00Z' },
      { title: 'trashed', dueAt: '2020-01-01T00:00:00Z' },
    ],
  });
  const trashed = await counter('{ tasks(filter: { title: { equalTo: "trashed" } }) { nodes { id } } }');
  await counter(
    'mutation ($id: UUID!) { trashTask(input: { id: $id }) { clientMutationId } }',
    trashed.data.tasks.nodes[0],
  );

  const answer = await counter('{ me { taskCounts { total open completed overdue trashed } } }');

  expect(answer.data.me.taskCounts).toEqual({ total: 3, open: 2, completed: 1, overdue: 1, trashed: 1 });
});

const updateMe = 'mutation ($name: String!) { updateMe(input: { name: $name }) { user { id name email } } }';

test('a name can be changed, also before the first task, and then stays whatever the token says', async () => {
  const token = mint({ sub: 'renamed', email: 'r@example.com', name: 'From the token', exp: inSeconds(60) });

  const changed = await api.query(token, updateMe, { name: ' Chosen ' });
  const after = await api.query(token, '{ me { name } }');

  expect(changed.data.updateMe.user).toEqual({ id: 'renamed', name: 'Chosen', email: 'r@example.com' });
  expect(after.data.me.name).toBe('Chosen');
});

test.each(['', ' ', 'x'.repeat(201)])('a name that breaks the rule is refused: %j', async (name) => {
  const answer = await api.as('renamed')(updateMe, { name });

  expect(answer.errors![0]!.extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    details: [{ field: 'input.name', rule: 'length', limit: { min: 1, max: 200 } }],
  });
});

test('deleting the account takes along everything of the user, and nothing of anybody else; it may be repeated', async () => {
  const goer = api.as('goer');
  await goer(createTask);
  await api.as('stayer')(createTask);
  const deleteMe = 'mutation { deleteMe(input: {}) { user { id } } }';

  const first = await goer(deleteMe);
  const again = await goer(deleteMe);

  expect(first.data.deleteMe.user.id).toBe('goer');
  expect(again.data.deleteMe.user.id).toBe('goer');
  const { rows } = await api.database.admin.query(
    `select id, (select count(*)::int from app_public.tasks where owner_id = named.id) as tasks
     from (values ('goer'), ('stayer')) as named (id) left join app_public.users as person using (id)
     where person.created_at is not null`,
  );
  expect(rows).toEqual([{ id: 'stayer', tasks: expect.any(Number) }]);
  expect(rows[0].tasks).toBeGreaterThan(0);
  expect((await goer(me)).data.me.tasks.totalCount).toBe(0);
});

test.each([
  ['createUser', 'mutation { createUser(input: { user: { name: "x" } }) { clientMutationId } }'],
  ['users', '{ users { totalCount } }'],
  ['user', '{ user(id: "bob") { id } }'],
  ['updateUser', 'mutation { updateUser(input: { id: "bob", patch: { name: "x" } }) { clientMutationId } }'],
  ['deleteUser', 'mutation { deleteUser(input: { id: "bob" }) { clientMutationId } }'],
])('the API has no %s', async (_name, document) => {
  expect(codeOf(await api.as('alice')(document))).toBe('GRAPHQL_VALIDATION_FAILED');
});
