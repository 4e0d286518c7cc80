/** The self-test: a database that does not keep users apart is not served. Each scene: broken → found → mended → fine. C-30, C-35, T-06 */
import type { Pool } from 'pg';
import { pino } from 'pino';
import { createPool } from '../../src/database/pool.ts';
import { selfTest } from '../../src/database/self-test.ts';
import { onDatabase } from '../../src/database/url.ts';
import { OperatorError } from '../../src/errors.ts';
import { useDatabase } from '../support/database.ts';
import { testRoles } from '../support/servers.ts';

const database = useDatabase();
const api = testRoles.api.user;

test('a bootstrapped and migrated database passes', async () => {
  await expect(selfTest(database.pool)).resolves.toBeUndefined();
});

type Scene = { fault: RegExp; breaks: string };

/** Breaks something in a transaction, looks as the API's login would, and rolls back: roles belong to all databases of the server. */
async function refusalAfter(breaks: string): Promise<OperatorError> {
  await database.admin.query('begin');
  try {
    await database.admin.query(breaks);
    await database.admin.query(`set local session authorization ${api}`);
    return await selfTest(database.admin as unknown as Pool).then(
      () => new OperatorError('It passed.'),
      (error: OperatorError) => error,
    );
  } finally {
    await database.admin.query('rollback');
  }
}

const scenes: Record<string, Scene> = {
  'the login role is a superuser': {
    fault: /role hedgerow_test_api is a superuser/,
    breaks: `alter role ${api} superuser`,
  },
  'the login role may bypass row-level security': {
    fault: /hedgerow_test_api may bypass row-level security/,
    breaks: `alter role ${api} bypassrls`,
  },
  'the visitor may bypass row-level security': {
    fault: /hedgerow_visitor may bypass row-level security/,
    breaks: 'alter role hedgerow_visitor bypassrls',
  },
  'the login role may create roles': {
    fault: /hedgerow_test_api may create roles/,
    breaks: `alter role ${api} createrole`,
  },
  'the login role owns a table': {
    fault: /hedgerow_test_api owns objects/,
    breaks: `create table public.owned (); alter table public.owned owner to ${api}`,
  },
  'the visitor owns a function': {
    fault: /hedgerow_visitor owns objects/,
    breaks:
      'create function public.owned() returns int language sql return 1; alter function public.owned() owner to hedgerow_visitor',
  },
  'the login role inherits what the visitor may do': {
    fault: /inherits the rights of hedgerow_visitor/,
    breaks: `alter role ${api} inherit; revoke hedgerow_visitor from ${api}; grant hedgerow_visitor to ${api}`,
  },
  'the login role can become another role': {
    fault: /can become hedgerow_test_owner/,
    breaks: `grant ${testRoles.owner.user} to ${api}`,
  },
  'the login role cannot become the visitor': {
    fault: /cannot become hedgerow_visitor/,
    breaks: `revoke hedgerow_visitor from ${api}`,
  },
  'a table has row-level security off': {
    fault: /Row-level security is off on the table app_public\.tasks/,
    breaks: 'alter table app_public.tasks disable row level security',
  },
  'a table has row-level security not forced': {
    fault: /Row-level security is not forced on the table app_public\.users/,
    breaks: 'alter table app_public.users no force row level security',
  },
  'a new table came without row-level security': {
    fault: /Row-level security is off on the table app_public\.added/,
    breaks: 'create table app_public.added (id int)',
  },
  'a view runs with the rights of its owner': {
    fault: /view app_public\.everything runs with its owner's rights/,
    breaks: 'create view app_public.everything as select * from app_public.tasks',
  },
  'the visitor may truncate': {
    fault: /may truncate the table app_public\.tasks/,
    breaks: 'grant truncate on app_public.tasks to hedgerow_visitor',
  },
  'everybody may truncate': {
    fault: /may truncate the table app_public\.tasks/,
    breaks: 'grant truncate on app_public.tasks to public',
  },
  'the visitor may change the owner of a task': {
    fault: /may update the owner column owner_id of the table app_public\.tasks/,
    breaks: 'grant update (owner_id) on app_public.tasks to hedgerow_visitor',
  },
  'the visitor may insert whole rows': {
    fault: /may insert the owner column id of the table app_public\.users/,
    breaks: 'grant insert on app_public.users to hedgerow_visitor',
  },
};

test.each(Object.entries(scenes))('it is found that %s', async (_name, { fault, breaks }) => {
  const refusal = await refusalAfter(breaks);

  expect(refusal).toBeInstanceOf(OperatorError);
  expect(refusal.message).toMatch(fault);
  await expect(selfTest(database.pool)).resolves.toBeUndefined();
});

test('it is found that a migration has not run', async () => {
  const newest = '(select max(filename) from graphile_migrate.migrations)';
  await database.admin.query(`create table kept as select * from graphile_migrate.migrations where filename = ${newest};
    delete from graphile_migrate.migrations where filename = ${newest}`);
  const refusal = await selfTest(database.pool).catch((error: unknown) => error);
  await database.admin.query('insert into graphile_migrate.migrations select * from kept; drop table kept');

  expect((refusal as OperatorError).message).toMatch(/The schema is behind.*Run "hedgerow migrate"/);
  await expect(selfTest(database.pool)).resolves.toBeUndefined();
});

test('a default for the subject is found: it would make strangers somebody', async () => {
  const { rows } = await database.admin.query<{ name: string }>('select current_database() as name');
  await database.admin.query(`alter database ${rows[0]!.name} set jwt.claims.sub = 'alice'`);
  // Defaults take hold when a connection is made.
  const fresh = createPool({ url: database.apiUrl, size: 1, acquireTimeoutMs: 5000 }, pino({ level: 'silent' }));

  const refusal = await selfTest(fresh).catch((error: unknown) => error);
  await fresh.end();
  await database.admin.query(`alter database ${rows[0]!.name} reset jwt.claims.sub`);

  expect((refusal as OperatorError).message).toMatch(/jwt\.claims\.sub has a default/);
});

test('all faults are told at once', async () => {
  const refusal = await refusalAfter(
    'alter table app_public.tasks disable row level security, no force row level security',
  );

  expect(refusal.message).toMatch(/is off on the table(.|\n)*is not forced on the table/);
});

test('a database without a schema is told to migrate', async () => {
  await database.admin.query('create database hedgerow_empty template template0');
  const empty = createPool(
    { url: onDatabase(database.apiUrl, 'hedgerow_empty'), size: 1, acquireTimeoutMs: 5000 },
    pino({ level: 'silent' }),
  );

  const refusal = await selfTest(empty).catch((error: unknown) => error);
  await empty.end();
  await database.admin.query('drop database hedgerow_empty');

  expect((refusal as OperatorError).message).toMatch(/no migration has run yet.*hedgerow migrate/);
});
