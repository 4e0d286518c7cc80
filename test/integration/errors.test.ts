/** Errors of the database become codes; nothing of PostgreSQL's text gets out. C-42, C-53, C-58 */
import { codeOf, useApi } from '../support/api.ts';
import { endConnections } from '../support/database.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const createTask = 'mutation { createTask(input: { task: { title: "x" } }) { task { id } } }';

/** Makes every insert of a task raise this SQLSTATE, from a trigger that runs before all others. */
async function raiseOnInsert(sqlState: string): Promise<void> {
  await api.database.admin.query(
    `create or replace function public.raise_it() returns trigger language plpgsql as $$
       begin raise exception 'secret of table app_public.tasks' using errcode = '${sqlState}', detail = 'Key (id)=(7) exists'; end $$;
     create or replace trigger _000_raise before insert on app_public.tasks for each statement execute function public.raise_it()`,
  );
}

afterEach(() => api.database.admin.query('drop trigger if exists _000_raise on app_public.tasks'));

test.each([
  ['22P02', 'VALIDATION_FAILED'],
  ['23502', 'VALIDATION_FAILED'],
  ['23514', 'VALIDATION_FAILED'],
  ['23505', 'CONFLICT'],
  ['23503', 'CONFLICT'],
  ['42501', 'FORBIDDEN'],
  ['57014', 'TIMEOUT'],
  ['55P03', 'TIMEOUT'],
  ['40001', 'UNAVAILABLE'],
  ['53300', 'UNAVAILABLE'],
  ['XX000', 'INTERNAL'],
  ['P0001', 'INTERNAL'],
  ['42P01', 'INTERNAL'],
])('SQLSTATE %s is told as %s, and in no other words than those of the code', async (sqlState, code) => {
  await raiseOnInsert(sqlState);

  const answer = await alice(createTask);

  expect(codeOf(answer)).toBe(code);
  expect(answer.errors).toHaveLength(1);
  expect(Object.keys(answer.errors![0]!.extensions).sort()).toEqual(['code', 'requestId']);
  expect(JSON.stringify(answer)).not.toMatch(/secret|app_public|Key/);
});

test('an internal error is in the log, with its cause, under the request id of the answer', async () => {
  await raiseOnInsert('XX000');

  const answer = await alice(createTask);

  const requestId = answer.headers.get('x-request-id');
  expect(answer.errors![0]!.extensions.requestId).toBe(requestId);
  expect(api.logged).toContainEqual(
    expect.objectContaining({
      requestId,
      code: 'INTERNAL',
      err: expect.objectContaining({ message: expect.stringContaining('secret') }),
    }),
  );
});

// C-53
test('a statement that takes too long is stopped', async () => {
  await api.database.admin.query(
    `create or replace function public.raise_it() returns trigger language plpgsql as $$ begin perform pg_sleep(20); return null; end $$;
     create or replace trigger _000_raise before insert on app_public.tasks for each statement execute function public.raise_it()`,
  );

  const answer = await alice(createTask);

  expect(codeOf(answer)).toBe('TIMEOUT');
  expect(answer.errors![0]!.message).toContain('5000 ms');
});

// C-53
test('a statement that waits too long for somebody else is stopped', async () => {
  const made = await alice(createTask);
  const { admin } = api.database;
  await admin.query('begin');
  await admin.query('update app_public.tasks set title = title');

  const answer = await alice(
    'mutation ($id: UUID!) { toggleTask(input: { id: $id }) { clientMutationId } }',
    made.data.createTask.task,
  );

  await admin.query('rollback');
  expect(codeOf(answer)).toBe('TIMEOUT');
  expect(answer.errors![0]!.message).toContain('2000 ms');
});

// C-53
test('connections that were killed are replaced', async () => {
  await alice('{ me { id } }');
  await endConnections(api.database.admin);

  const answers = [];
  for (let attempt = 0; attempt < 3; attempt++) answers.push(await alice('{ me { id } }'));

  expect(answers.at(-1)!.data).toEqual({ me: { id: 'alice' } });
  expect(answers.flatMap((answer) => answer.errors ?? []).map((error) => error.extensions.code)).not.toContain(
    'INTERNAL',
  );
});
