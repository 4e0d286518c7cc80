/** Administrators, by their own login: they see everybody's rows, and can write nothing, anywhere, however they try. C-04, C-30, T-15 */
import pg from 'pg';
import { useDatabase } from '../support/database.ts';
import { testRoles } from '../support/servers.ts';

let inspector: pg.Client;
// Before the database is dropped.
afterAll(() => inspector.end());
const database = useDatabase();

beforeAll(async () => {
  await database.admin.query(
    `insert into app_public.users (id) values ('alice'), ('bob');
     insert into app_public.tasks (owner_id, title) values ('alice', 'Alice plants'), ('bob', 'Bob trims');`,
  );
  inspector = new pg.Client(database.inspectorUrl);
  await inspector.connect();
});

/** The code of the refusal, or that there was none. */
const outcomeOf = (tried: Promise<unknown>): Promise<string> =>
  tried.then(
    () => 'done',
    (error: pg.DatabaseError) => error.code!,
  );

/** Tries it in a transaction that may write, as far as the administrator can say so. */
async function attempt(sql: string): Promise<string> {
  await inspector.query('begin read write');
  return outcomeOf(inspector.query(sql)).finally(() => inspector.query('rollback'));
}

const refused = '42501';

test('they see what is everybody’s', async () => {
  const { rows } = await inspector.query('select owner_id from app_public.tasks order by owner_id');

  expect(rows).toEqual([{ owner_id: 'alice' }, { owner_id: 'bob' }]);
});

test('the settings of the login keep from accidents: nothing is written, and no query runs for ever', async () => {
  const { rows } = await inspector.query(
    `select current_setting('default_transaction_read_only') as read_only, current_setting('statement_timeout') as timeout,
       current_setting('idle_in_transaction_session_timeout') as idle, current_setting('search_path') as path`,
  );

  expect(rows).toEqual([{ read_only: 'on', timeout: '30s', idle: '5min', path: 'admin, app_public' }]);
  await expect(inspector.query('create table public.x ()')).rejects.toMatchObject({ code: '25006' });
});

test('no table, view or sequence of any schema can be written to', async () => {
  const { rows: relations } = await database.admin.query<{ name: string; kind: string; column: string | null }>(
    `select format('%I.%I', nspname, relname) as name, relkind as kind,
       (select quote_ident(attname) from pg_attribute where attrelid = class.oid and attnum > 0 and not attisdropped order by attnum limit 1) as column
     from pg_class as class join pg_namespace as namespace on namespace.oid = relnamespace
     where relkind in ('r', 'p', 'v', 'm', 'f', 'S') and nspname !~ '^pg_toast|^pg_temp'
     -- The settings of one's own session, which the command "set" sets too.
     and class.oid <> 'pg_settings'::regclass
     order by 1`,
  );

  const writable: string[] = [];
  for (const { name, kind, column } of relations) {
    const tries =
      kind === 'S'
        ? [`select nextval('${name}')`, `select setval('${name}', 1)`]
        : [
            `insert into ${name} default values`,
            ...(column === null ? [] : [`update ${name} set ${column} = ${column}`]),
            `delete from ${name}`,
            `truncate ${name}`,
            `lock table ${name} in row exclusive mode`,
            `alter table ${name} disable row level security`,
            `drop ${{ v: 'view', m: 'materialized view' }[kind] ?? 'table'} ${name}`,
          ];
    for (const sql of tries) {
      // A view, or a column of one, that cannot be written to says so before rights are looked at.
      if (![refused, '55000', '42809', '0A000'].includes(await attempt(sql))) writable.push(sql);
    }
  }

  expect(relations.length).toBeGreaterThan(100);
  expect(writable).toEqual([]);
});

test.each([
  ['a table', 'create table public.x ()'],
  ['a table of the API', 'create table app_public.x ()'],
  ['a temporary table', 'create temporary table x ()'],
  ['a schema', 'create schema x'],
  ['a function', `create function admin.x() returns int language sql return 1`],
  ['a function of the session', `create function pg_temp.x() returns int language sql return 1`],
  ['a policy', 'create policy x on app_public.tasks using (true)'],
  ['a large object', 'select lo_create(0)'],
  ['a large object of bytes', `select lo_from_bytea(0, 'x')`],
  ['a large object, the old way', 'select lo_creat(-1)'],
  ['a role', 'create role x'],
  ['a database', 'create database x'],
  ['a publication', 'create publication x'],
  ['a comment', `comment on table app_public.tasks is 'x'`],
  ['a file', `copy app_public.tasks to '/tmp/x'`],
  ['a pipe to a program', `copy app_public.tasks to program 'cat'`],
  ['rows of what the client sends', 'copy app_public.tasks from stdin'],
  ['a setting of the server', 'alter system set work_mem = 1'],
])('they cannot make %s', async (_what, sql) => {
  const code = await attempt(sql);

  // Some cannot run in a transaction, and say so before rights are looked at.
  expect(code === '25001' ? await alone(sql) : code).toBe(refused);
});

async function alone(sql: string): Promise<string> {
  await inspector.query('set default_transaction_read_only = off');
  return outcomeOf(inspector.query(sql)).finally(() => inspector.query('reset default_transaction_read_only'));
}

test('a grant of theirs gives nothing', async () => {
  const access = `select relacl::text from pg_class where oid = 'app_public.tasks'::regclass`;
  const { rows: before } = await database.admin.query(access);

  await alone('grant all on table app_public.tasks to public');

  expect((await database.admin.query(access)).rows).toEqual(before);
});

test('they become nobody who may: not the visitor, the owner, the login of the API, or a superuser', async () => {
  const { rows: roles } = await database.admin.query<{ name: string }>(
    `select quote_ident(rolname) as name from pg_roles
     where rolname not in ($1, 'hedgerow_admin', 'pg_read_all_stats') and rolname <> 'pg_database_owner'`,
    [testRoles.inspector.user],
  );

  const became: string[] = [];
  for (const { name } of roles) {
    for (const sql of [`set local role ${name}`, `set local session authorization ${name}`]) {
      if ((await attempt(sql)) !== refused) became.push(sql);
    }
  }

  expect(roles.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['hedgerow_visitor', testRoles.owner.user, testRoles.api.user, testRoles.auth.user]),
  );
  expect(became).toEqual([]);
});

test('they raise no role above what it is, not even their own', async () => {
  const { user } = testRoles.inspector;

  expect(await attempt('alter role hedgerow_admin bypassrls')).toBe(refused);
  expect(await attempt(`alter role ${user} bypassrls`)).toBe(refused);
  expect(await attempt(`alter role ${user} superuser`)).toBe(refused);
  expect(await attempt(`grant hedgerow_visitor to ${user}`)).toBe(refused);
});

test('what they may call writes nothing for them', async () => {
  const { rows } = await inspector.query<{ name: string }>(
    `select oid::regprocedure::text as name from pg_proc
     where (provolatile = 'v' or prosecdef)
     and pronamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'admin', 'extensions', 'tap')
     and has_schema_privilege(pronamespace, 'usage') and has_function_privilege(oid, 'execute')`,
  );

  expect(rows).toEqual([]);
});

test('accounts, and what is the owner’s alone, are out of sight', async () => {
  const { rows: auth } = await database.admin.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('auth', 'app_private')`,
  );

  const seen: string[] = [];
  for (const { name } of auth) if ((await attempt(`select * from ${name}`)) !== refused) seen.push(name);

  expect(auth.length).toBeGreaterThan(3);
  expect(seen).toEqual([]);
});

test('the login of the API cannot become an administrator', async () => {
  const asTheLogin = (sql: string) => database.pool.query(`/* outside the fence: as the login itself */ ${sql}`);

  await expect(asTheLogin('set role hedgerow_admin')).rejects.toMatchObject({ code: refused });
  await expect(asTheLogin('select from admin.users')).rejects.toMatchObject({ code: refused });
});

test('given to bob, a transaction shows bob’s alone, until it ends', async () => {
  await inspector.query('begin');
  const { rows: said } = await inspector.query<{ as_user: string }>(`select as_user('bob')`);
  const { rows: tasks } = await inspector.query('select owner_id from tasks');
  const { rows: users } = await inspector.query('select id from admin.users');
  const back = inspector.query('set transaction read write');
  await expect(back).rejects.toMatchObject({ code: '25001' });
  await inspector.query('rollback');
  const { rows: afterwards } = await inspector.query('select owner_id from tasks order by owner_id');

  expect(said).toEqual([
    {
      as_user: 'Until the transaction ends you see what bob sees, and write nothing: 1 task, 0 of them in the trash.',
    },
  ]);
  expect(tasks).toEqual([{ owner_id: 'bob' }]);
  expect(users).toEqual([{ id: 'bob' }]);
  expect(afterwards).toHaveLength(2);
});

test('without a transaction round it, being somebody else is over at once, and that is said', async () => {
  const warnings: string[] = [];
  inspector.on('notice', ({ severity, message }) => warnings.push(`${severity}: ${message}`));

  await inspector.query(`select as_user('bob')`);
  const { rows } = await inspector.query('select owner_id from tasks');

  expect(warnings).toEqual(['WARNING: This was a transaction of its own, and has ended: you are nobody again.']);
  expect(rows).toHaveLength(2);
});
