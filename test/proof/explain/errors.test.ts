/** What cannot be explained, and what the person at the terminal can do about it. */
import pg from 'pg';
import { OperatorError } from '../../../src/errors.ts';
import { explain, type Question } from '../../../src/proof/explain/explain.ts';
import { printExplanation } from '../../../src/proof/explain/print.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
const visitor = { role: 'hedgerow_visitor', settings: { 'jwt.claims.sub': 'bob' } };
const question: Question = {
  identity: visitor,
  table: 'app_public.tasks',
  key: '00000000-0000-7000-8000-00000000000a',
};

test.each<[string, Partial<Question>, string]>([
  [
    'a table that is not there',
    { table: 'app_public.task' },
    'There is no table app_public.task. Write it with its schema',
  ],
  ['a name that is none', { table: 'a.b.c.d' }, 'Write the table with its schema'],
  ['a view', { table: 'pg_catalog.pg_user' }, 'Row-level security is on tables'],
  [
    'a row that is not there',
    {},
    'There is no row of app_public.tasks with the key 00000000-0000-7000-8000-00000000000a',
  ],
  ['a key of another type', { table: 'graphile_migrate.migrations', key: '{"date": "soon"}' }, 'There is no row'],
  [
    'a column that is not there',
    { key: '{"owner": "bob"}' },
    'app_public.tasks has no column owner. Name columns of the table.',
  ],
  [
    'a table without a key',
    { table: 'pg_temp.keyless', key: '1' },
    'Name the row by its columns: {"column": "value", …}.',
  ],
  [
    'a key that fits none',
    { table: 'pg_temp.numbered', key: 'x' },
    'The key x fits no key of numbered. Name the row by its columns: {"n": "…"}.',
  ],
  ['a role that is not there', { identity: { role: 'nix', settings: {} } }, 'There is no role nix.'],
])('%s', async (_what, part, message) => {
  await database.admin.query(
    'create temporary table if not exists keyless (n int); create temporary table if not exists numbered (n int primary key)',
  );

  const error: unknown = await explain(database.admin, { ...question, ...part }).catch((error: unknown) => error);

  expect(error).toBeInstanceOf(OperatorError);
  expect((error as Error).message).toContain(message);
});

test.each<[string, string, string]>([
  ['its owner, whom row-level security binds', 'ownerUrl', 'There is no row of app_public.tasks'],
  ['the API, which may look at nothing', 'apiUrl', 'Connect as a superuser'],
])('%s cannot explain', async (_who, url, message) => {
  await database.admin.query(
    `insert into app_public.users (id) values ('alice') on conflict do nothing;
     insert into app_public.tasks (owner_id, id, title) values ('alice', '${question.key}', 'Alice plants') on conflict do nothing;`,
  );
  const client = new pg.Client(database[url as 'ownerUrl' | 'apiUrl']);
  await client.connect();

  const error: unknown = await explain(client, question).catch((error: unknown) => error);
  await client.end();

  expect(error).toBeInstanceOf(OperatorError);
  expect((error as Error).message).toContain(message);
});

test('who sees every row but cannot become the role is told whose rights the answer has', async () => {
  await database.admin.query(
    `create role explain_reader bypassrls;
     grant usage on schema app_public, app_hidden to explain_reader;
     grant select on app_public.tasks to explain_reader;
     grant execute on function app_hidden.current_user_id() to explain_reader;
     grant temporary on database ${database.admin.database} to explain_reader;
     set role explain_reader;`,
  );

  const explanation = await explain(database.admin, question);
  await database.admin.query('reset role; drop owned by explain_reader; drop role explain_reader');

  expect(explanation.verdict).toBe('hidden');
  expect(printExplanation(explanation)).toContain(
    '• explain_reader cannot become hedgerow_visitor: what the policies read beside the row is what explain_reader sees of it\n',
  );
});
