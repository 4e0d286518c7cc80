/** The catalog as objects, and throw-away copies of a database. */
import pg from 'pg';
import { readCatalog, type Catalog } from '../../src/proof/catalog.ts';
import { openSource } from '../../src/proof/source.ts';
import { useDatabase } from '../support/database.ts';
import { testAdminUrl } from '../support/servers.ts';

const database = useDatabase();
let catalog: Catalog;
beforeAll(async () => {
  await database.admin.query('set search_path = app_public, pg_catalog');
  catalog = await readCatalog(database.admin, ['app_public']);
});

test('relations come with their columns and switches, and names are qualified', async () => {
  const tasks = catalog.relations.find(({ name }) => name === 'app_public.tasks');

  expect(tasks).toMatchObject({ kind: 'table', rowSecurity: true, forced: true });
  expect(tasks!.columns[1]).toEqual({
    name: 'owner_id',
    type: 'text',
    notNull: true,
    default: 'app_hidden.current_user_id()',
    generated: false,
    identity: false,
  });
  expect((await database.admin.query('show search_path')).rows).toEqual([{ search_path: 'app_public, pg_catalog' }]);
});

test('policies, constraints, triggers and grants are there', () => {
  expect(catalog.policies).toContainEqual({
    table: 'app_public.tasks',
    name: 'update_owner',
    command: 'update',
    permissive: true,
    roles: ['hedgerow_visitor'],
    using: '(owner_id = app_hidden.current_user_id())',
    check: '(owner_id = app_hidden.current_user_id())',
  });
  expect(catalog.constraints.find(({ name }) => name === 'tasks_pkey')).toMatchObject({
    type: 'primary key',
    columns: ['owner_id', 'id'],
  });
  expect(catalog.triggers.find(({ name }) => name === '_400_version')).toMatchObject({
    table: 'app_public.tasks',
    function: 'app_private.tg__version()',
    enabled: true,
  });
  expect(catalog.grants.filter(({ object, column }) => object === 'app_public.users' && column === null)).toEqual([
    { kind: 'table', object: 'app_public.users', column: null, grantee: 'hedgerow_admin', privilege: 'select' },
    { kind: 'table', object: 'app_public.users', column: null, grantee: 'hedgerow_visitor', privilege: 'delete' },
    { kind: 'table', object: 'app_public.users', column: null, grantee: 'hedgerow_visitor', privilege: 'select' },
  ]);
});

test('the functions that policies, defaults and triggers call are there, whichever schema they are in', () => {
  const names = catalog.functions.map(({ name }) => name);

  expect(names).toContain('app_hidden.current_user_id()');
  expect(names).toContain('app_private.tg__version()');
  expect(names).not.toContain('app_hidden.latest_migration()');
});

test('what PostgreSQL grants to everybody by itself is told too', async () => {
  await database.admin.query('begin; create function app_public.open() returns int language sql as $$ select 1 $$');

  const { grants } = await readCatalog(database.admin, ['app_public']);
  await database.admin.query('rollback');

  expect(grants.filter(({ object }) => object === 'app_public.open()')).toEqual([
    { kind: 'function', object: 'app_public.open()', column: null, grantee: 'public', privilege: 'execute' },
  ]);
});

describe('a source', () => {
  /** Databases of the same source: named after its connection. Other tests have theirs at the same time. */
  const siblingsOf = async (url: string) =>
    (
      await database.admin.query('select datname from pg_database where starts_with(datname, $1)', [
        new URL(url).pathname.slice(1).replace(/[^_]+$/, ''),
      ])
    ).rows as unknown[];
  const ask = async (url: string, sql: string) => {
    const client = new pg.Client(url);
    await client.connect();
    return (await client.query(sql).finally(() => client.end())).rows as unknown[];
  };
  const build = async (url: string) => {
    await ask(url, 'create table public.t as select 1 as n');
  };

  test('is built once and copied as often as is wanted; nothing of it stays', async () => {
    const source = await openSource(testAdminUrl(), build);

    const [one, two] = [await source.copy(), await source.copy()];
    await ask(one.url, 'insert into public.t values (2)');

    expect(await ask(one.url, 'select n from public.t order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await ask(two.url, 'select n from public.t')).toEqual([{ n: 1 }]);
    await two.drop();
    expect(await siblingsOf(one.url)).toHaveLength(2);
    await source.release();
    expect(await siblingsOf(one.url)).toEqual([]);
  });

  test('copies a database that is there, which stays as it is', async () => {
    const given = await openSource(testAdminUrl(), build);
    const { url } = await given.copy();

    const source = await openSource(url);
    const copy = await source.copy();
    await ask(copy.url, 'drop table public.t');
    await source.release();

    expect(await ask(url, 'select n from public.t')).toEqual([{ n: 1 }]);
    await given.release();
  });

  test('says why a database that others use cannot be copied', async () => {
    await expect(openSource(database.adminUrl)).rejects.toThrow(/others are connected/);
  });

  test('wants a superuser', async () => {
    await expect(openSource(database.ownerUrl, build)).rejects.toThrow(/hedgerow_test_owner is no superuser/);
  });

  test('clears away what a killed command left', async () => {
    await ask(testAdminUrl(), 'create database hedgerow_proof_1_leftover template template0');

    await (await openSource(testAdminUrl(), build)).release();

    expect(await siblingsOf('postgres://server/hedgerow_proof_1_leftover')).toEqual([]);
  });
});
