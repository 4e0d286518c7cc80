/** `hedgerow admin export` and `erase`: what is kept of a person is theirs to have, and theirs to have deleted. C-04, C-16 */
import { useServer } from '../support/server.ts';
import { run } from '../support/hedgerow.ts';

const server = useServer();
const password = 'a long password';
const environment = () => ({
  DATABASE_URL: server.database.apiUrl,
  HEDGEROW_OWNER_URL: server.database.ownerUrl,
  HEDGEROW_INSPECTOR_URL: server.database.inspectorUrl,
  HEDGEROW_AUTH_DATABASE_URL: server.database.authUrl,
});

async function signUp(email: string, name: string) {
  const { body } = await server.post('/api/auth/signup', { email, password, name });
  const { token, user } = body.data as { token: string; user: { id: string } };
  return { token, id: user.id };
}

const createTask = (title: string) => `mutation { createTask(input: { task: { title: "${title}" } }) { task { id } } }`;

/** Every column of text, of every table but PostgreSQL's own, in which the text stands. */
async function whereIs(text: string): Promise<string[]> {
  const { rows } = await server.database.admin.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'tap') order by 1`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await server.database.admin.query(
      `select from ${name} as kept where strpos(kept::text, $1) > 0 limit 1`,
      [text],
    );
    if (rowCount) found.push(name);
  }
  return found;
}

test('an export has the account, the record, the tasks and their history, and nobody else’s; no password, no token', async () => {
  const ann = await signUp('ann@example.com', 'Ann');
  const other = await signUp('other@example.com', 'Other');
  await server.query(ann.token, createTask('Plant a hedge'));
  await server.query(ann.token, createTask('Water \\"it\\"'));
  await server.query(other.token, createTask('Not hers'));

  const { code, stdout, stderr } = await run(['admin', 'export', ann.id], environment());

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const exported = JSON.parse(stdout) as Record<string, never> & {
    tasks: { title: string }[];
    history: { action: string }[];
    account: { user: object; signIns: object[]; sessions: object[] };
  };
  expect(exported).toMatchObject({
    subject: ann.id,
    user: { id: ann.id, name: 'Ann', email: 'ann@example.com' },
    deletions: [],
  });
  expect(exported.tasks.map(({ title }) => title)).toEqual(['Plant a hedge', 'Water "it"']);
  expect(exported.tasks[0]).not.toHaveProperty('words');
  expect(exported.history.map(({ action }) => action)).toEqual(['insert', 'insert']);
  expect(exported.account).toMatchObject({ user: { email: 'ann@example.com' }, signIns: [{ provider: 'credential' }] });
  expect(exported.account.sessions).toHaveLength(1);
  expect(stdout).not.toMatch(/Not hers|other@example.com|password|"token"|salt/);
});

test('an erasure leaves nothing but the id, in the note that makes old tokens useless, and a line that does not say who it was', async () => {
  const bea = await signUp('bea@example.com', 'Beatrice');
  const stays = await signUp('stays@example.com', 'Stays');
  const reset = await server.post('/api/auth/request-password-reset', { email: 'bea@example.com' });
  await server.query(bea.token, createTask('Bea plants'));
  await server.query(stays.token, createTask('Stays'));

  const { code, stdout } = await run(['admin', 'erase', bea.id, '--yes', '--reason', 'request 42'], environment());

  expect(stdout).toMatch(/^Erased: an account, a user record, 1 task, 1 entry of history\. What stays: the id, /);
  expect(code).toBe(0);
  expect(reset.status).toBe(200);
  expect(await whereIs(bea.id)).toEqual(['app_hidden.deleted_users']);
  expect(await whereIs('bea@example.com')).toEqual([]);
  expect(await whereIs('Beatrice')).toEqual([]);
  expect(await whereIs('Bea plants')).toEqual([]);
  const { rows: notes } = await server.database.admin.query(
    'select finished_at >= begun_at as finished, reason, tasks, entries, account from admin.erasures',
  );
  expect(notes).toEqual([{ finished: true, reason: 'request 42', tasks: 1, entries: 1, account: true }]);
  expect((await server.query(bea.token, createTask('again'))).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await server.post('/api/auth/signin', { email: 'bea@example.com', password })).status).toBe(401);
  expect((await server.query(stays.token, '{ tasks { totalCount } }')).data.tasks.totalCount).toBe(1);
});

test('nobody is erased without being asked for', async () => {
  const cleo = await signUp('cleo@example.com', 'Cleo');
  await server.query(cleo.token, createTask('Cleo plants'));

  const { code, stderr } = await run(['admin', 'erase', cleo.id], environment());

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /This erases an account, a user record, 1 task, 1 entry of history of .*, for good\. There is nobody to ask: add --yes/,
  );
  expect((await server.query(cleo.token, '{ tasks { totalCount } }')).data.tasks.totalCount).toBe(1);
});

test('who never wrote anything has an account, and that is all', async () => {
  const dana = await signUp('dana@example.com', 'Dana');

  const exported = await run(['admin', 'export', dana.id], environment());
  const { stdout } = await run(['admin', 'erase', dana.id, '--yes'], environment());

  expect(JSON.parse(exported.stdout)).toMatchObject({
    user: null,
    tasks: [],
    history: [],
    account: { user: { id: dana.id } },
  });
  expect(stdout).toMatch(/^Erased: an account, 0 tasks, 0 entries of history\./);
  expect(await whereIs('dana@example.com')).toEqual([]);
});

test.each(['export', 'erase'])('%s of nobody says so, and how to find whom one means', async (command) => {
  const { code, stdout, stderr } = await run(['admin', command, 'nobody-at-all'], environment());

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(
    'Nothing is kept of a user nobody-at-all. Is it the right id? select * from admin.find_user',
  );
});
