/** Hedgerow's own policies, explained by its own functions. */
import { readProofConfig } from '../../../src/proof/config.ts';
import { commands, explain, type Command } from '../../../src/proof/explain/explain.ts';
import { printExplanation } from '../../../src/proof/explain/print.ts';
import { useDatabase } from '../../support/database.ts';
import { told } from './told.ts';

const database = useDatabase();
const id = '00000000-0000-7000-8000-00000000000a';
const { impersonate } = await readProofConfig({}, {});

beforeAll(async () => {
  await database.admin.query(
    `insert into app_public.users (id) values ('alice'), ('bob');
     insert into app_public.tasks (owner_id, id, title) values ('alice', '${id}', 'Alice plants');`,
  );
});

const asked = (sub: string | undefined, command: Command = 'select', key = id) =>
  explain(database.admin, { identity: impersonate(sub), table: 'app_public.tasks', key, command });

test('alice sees her task', async () => {
  const explanation = await asked('alice');

  expect(explanation.verdict).toBe('visible');
  expect(told(explanation)).toEqual([
    'usage on schema app_public → true',
    'select on app_public.tasks → true',
    'on and forced: hedgerow_visitor is bound by the policies → on',
    'policies for select: to see the row → true',
    '  select_owner (permissive, for select): using → true',
    '    owner_id = app_hidden.current_user_id() → true',
    '      owner_id → alice',
    '      app_hidden.current_user_id() → alice',
  ]);
});

test('bob does not, because he is not the owner', async () => {
  const explanation = await asked('bob');

  expect(explanation.words).toBe(
    'hidden: no permissive policy lets it through (select_owner: owner_id = app_hidden.current_user_id() is false)',
  );
  expect(told(explanation, 'clause', 'operand')).toEqual([
    '    owner_id = app_hidden.current_user_id() → false',
    '      owner_id → alice',
    '      app_hidden.current_user_id() → bob',
  ]);
});

test('nobody is not the owner of anything', async () => {
  const explanation = await asked(undefined);

  expect(explanation.verdict).toBe('hidden');
  expect(told(explanation, 'clause', 'operand')).toEqual([
    '    owner_id = app_hidden.current_user_id() → null',
    '      owner_id → alice',
    '      app_hidden.current_user_id() → null',
  ]);
});

test.each<[string, Command, string, string]>([
  [
    'alice',
    'insert',
    'allowed',
    'allowed; not granted: insert on columns owner_id, created_at, updated_at, completed_at, deleted_at, version',
  ],
  [
    'alice',
    'update',
    'allowed',
    'allowed; not granted: update on columns id, owner_id, created_at, updated_at, completed_at',
  ],
  ['alice', 'delete', 'allowed', 'allowed'],
  [
    'bob',
    'insert',
    'refused',
    'refused: no permissive policy lets it through (insert_owner: owner_id = app_hidden.current_user_id() is false)',
  ],
  [
    'bob',
    'update',
    'hidden',
    'hidden: no permissive policy lets it through (select_owner: owner_id = app_hidden.current_user_id() is false)',
  ],
  [
    'bob',
    'delete',
    'hidden',
    'hidden: no permissive policy lets it through (select_owner: owner_id = app_hidden.current_user_id() is false)',
  ],
])('to %s, %s is %s', async (sub, command, verdict, words) => {
  const explanation = await asked(sub, command);

  expect(explanation).toMatchObject({ verdict, words });
});

test('an update asks the policies for select, then those for update, for the row before and after', async () => {
  const explanation = await asked('bob', 'update');

  expect(told(explanation, 'policy')).toEqual([
    '  select_owner (permissive, for select): using → false',
    '  update_owner (permissive, for update): using → false',
    '  update_owner (permissive, for update): with check → false',
  ]);
});

test('what is not granted at all is refused, whatever the policies would say', async () => {
  const identity = impersonate('alice');
  await database.admin.query(`insert into app_hidden.deleted_users (id) values ('alice')`);

  const explanation = await explain(database.admin, {
    identity,
    table: 'app_hidden.deleted_users',
    key: 'alice',
    command: 'delete',
  });

  expect(explanation).toMatchObject({
    verdict: 'refused',
    words: 'refused: hedgerow_visitor has no delete on app_hidden.deleted_users',
  });
});

test.each([
  ['{"id": "00000000-0000-7000-8000-00000000000a"}'],
  ['{"owner_id": "alice", "id": "00000000-0000-7000-8000-00000000000a"}'],
  ['(alice,00000000-0000-7000-8000-00000000000a)'],
  ['("alice","00000000-0000-7000-8000-00000000000a")'],
  ['alice'],
  ['{"title": "Alice plants", "deleted_at": null}'],
])('the key %s names the same row', async (key) => {
  expect((await asked('alice', 'select', key)).verdict).toBe('visible');
});

test('an id that two owners have is not enough', async () => {
  await database.admin.query(
    `insert into app_public.tasks (owner_id, id, title) values ('bob', '${id}', 'Bob copies')`,
  );

  const explanation = asked('bob').finally(() =>
    database.admin.query(`delete from app_public.tasks where owner_id = 'bob'`),
  );

  await expect(explanation).rejects.toThrow(
    `More than one row of app_public.tasks has the key ${id}. Say which: {"owner_id": "…", "id": "…"}.`,
  );
});

test('admin.explain_access says the same in psql', async () => {
  for (const command of commands) {
    const { lines, words, verdict } = await asked('bob', command);

    const { rows } = await database.admin.query(
      `select ltrim(what) as what, value from admin.explain_access('bob', 'app_public.tasks', '${id}', '${command}')`,
    );

    expect(rows).toEqual([...lines.map(({ what, value }) => ({ what, value })), { what: words, value: verdict }]);
  }
});

test('in psql, a subject that is null is nobody, and a row that is not there is no error', async () => {
  const { rows: nobody } = await database.admin.query(
    `select what, value from admin.explain_access(null, 'app_public.tasks', '${id}') where part = 'operand'`,
  );
  const { rows: missing } = await database.admin.query(
    `select what, value from admin.explain_access('bob', 'app_public.tasks', gen_random_uuid()::text) where part in ('policy', 'verdict')`,
  );

  expect(nobody.at(-1)).toEqual({ what: '      app_hidden.current_user_id()', value: 'null' });
  expect(missing).toEqual([{ what: 'there is no such row', value: 'missing' }]);
});

test('it is readable without colour', async () => {
  expect(printExplanation(await asked('bob'))).toBe(
    [
      `select on app_public.tasks, ${id}`,
      'as hedgerow_visitor, jwt.claims.sub = bob',
      'hidden: no permissive policy lets it through (select_owner: owner_id = app_hidden.current_user_id() is false)',
      '',
      '✓ usage on schema app_public',
      '✓ select on app_public.tasks',
      '• row security is on and forced: hedgerow_visitor is bound by the policies',
      '✗ policies for select: to see the row',
      '  ✗ select_owner (permissive, for select): using',
      '    ✗ owner_id = app_hidden.current_user_id()',
      '        owner_id = alice',
      '        app_hidden.current_user_id() = bob',
      '',
    ].join('\n'),
  );
});
