/** Mutants of schemas that are written otherwise: keywords as names, procedures, functions of every kind, columns of other tables. */
import pg from 'pg';
import { readCatalog, type Relation } from '../../../src/proof/catalog.ts';
import type { Mutant } from '../../../src/proof/mutate/mutant.ts';
import { mutantsOf } from '../../../src/proof/mutate/mutants.ts';
import { faultsOf } from '../../../src/proof/mutate/predicates.ts';
import { openSource, type Source } from '../../../src/proof/source.ts';
import { testAdminUrl } from '../../support/servers.ts';

const schema = `
  do $$ begin create role hedgerow_proof_user; exception when duplicate_object or unique_violation then null; end $$;
  create schema "My Schema";
  create schema app;
  grant usage on schema app to hedgerow_proof_user;
  create function app.plain() returns text language plpgsql as $$
    declare
      said text;
    begin
      -- nullif(it, '') is what makes it null
      said := nullif(current_setting('app.me', true), '');
      return nullif(said, 'nobody');
    end
  $$;
  create function app.atomic() returns text begin atomic; select nullif(current_setting('app.me', true), ''); end;
  create function app.direct() returns text return nullif(current_setting('app.me', true), '');
  create function app.listed() returns table (who text, house text) language sql as $$ select current_setting('app.me', true), 'x' $$;
  create function app.put_out(out who text, out house text) language sql as $$ select current_setting('app.me', true), 'x' $$;
  create procedure app.note_down(word text) language plpgsql as $$ begin perform current_setting('app.me', true); end $$;
  revoke execute on all routines in schema app from public;
  create table "My Schema"."Odd Table" (
    "user" text not null default app.plain(),
    "select" int,
    "Mixed Case" text,
    primary key ("select", "user")
  );
  alter table "My Schema"."Odd Table" enable row level security;
  create policy "all" on "My Schema"."Odd Table" for select to hedgerow_proof_user using ("user" = app.plain());
  grant insert ("user") on "My Schema"."Odd Table" to hedgerow_proof_user;
`;

let source: Source;
let client: pg.Client;
let mutants: Mutant[];
beforeAll(async () => {
  source = await openSource(testAdminUrl(), async (url) => {
    const maker = new pg.Client(url);
    await maker.connect();
    await maker.query(schema).finally(() => maker.end());
  });
  client = new pg.Client((await source.copy()).url);
  await client.connect();
  mutants = mutantsOf(await readCatalog(client, ['app', 'My Schema']), ['hedgerow_proof_user'], 'alice');
});
afterAll(async () => {
  await client.end();
  await source.release();
});

test('PostgreSQL takes each of them, whatever things are called', async () => {
  const refused: string[] = [];
  for (const { id, sql } of mutants) {
    await client.query('begin');
    await client.query(sql).catch((error: Error) => refused.push(`${id}: ${error.message}`));
    await client.query('rollback');
  }

  expect(refused).toEqual([]);
  expect(mutants.length).toBeGreaterThan(40);
});

test('what an extension has brought is not broken', async () => {
  await client.query('begin; create extension pgtap schema app');
  const { relations } = await readCatalog(client, ['app']);
  await client.query('rollback');

  expect(relations.map(({ name }) => name)).toEqual([]);
});

test('a privilege of a column whose name is a keyword is known to be there', () => {
  const ids = mutants.map(({ id }) => id);

  expect(ids).toContain('"My Schema"."Odd Table": update ("user") granted to hedgerow_proof_user');
  expect(ids).not.toContain('"My Schema"."Odd Table": insert ("user") granted to hedgerow_proof_user');
});

test('helpers in every language, and of every kind of result, have faults that run', async () => {
  const helpers = mutants.filter(({ command }) => command === 'helper');
  const said: Record<string, unknown> = {};
  for (const { id, sql } of helpers) {
    await client.query("begin; select set_config('app.me', '', true)");
    await client.query(sql);
    const { rows } = await client.query({ text: `select * from ${id.replace(/:.*/, '')}`, rowMode: 'array' });
    said[id] = rows;
    await client.query('rollback');
  }

  expect(said).toEqual({
    "app.atomic(): always returns 'alice'::text": [['alice']],
    'app.atomic(): does not heed the empty string': [['']],
    'app.listed(): returns nothing': [],
    "app.plain(): always returns 'alice'::text": [['alice']],
    'app.plain(): does not heed the empty string': [['']],
    'app.put_out(): returns null': [[null, null]],
    "app.direct(): always returns 'alice'::text": [['alice']],
    'app.direct(): does not heed the empty string': [['']],
  });
});

describe('predicates', () => {
  const relation = (name: string, columns: Record<string, boolean>): Relation => ({
    name,
    schema: 'app',
    kind: 'table',
    owner: 'o',
    rowSecurity: true,
    forced: true,
    options: [],
    query: null,
    columns: Object.entries(columns).map(([column, notNull]) => ({
      name: column,
      type: 'text',
      notNull,
      default: null,
      generated: false,
      identity: false,
    })),
  });
  const tasks = relation('app.tasks', { owner: true, title: false });
  const shares = relation('app.shares', { owner: false, reader: true, title: false });
  const equivalentOf = (predicate: string) =>
    faultsOf(predicate, tasks, [tasks, shares]).flatMap(({ what, equivalent }) =>
      equivalent === undefined ? [] : what,
    );

  test('only columns of the row itself are swapped for another', () => {
    const predicate = '((owner = me()) AND (EXISTS ( SELECT 1 FROM app.shares s WHERE ((s.owner = tasks.owner)))))';

    const swapped = faultsOf(predicate, tasks).find(({ what }) => what === 'title for owner');

    expect(swapped?.predicate).toBe(
      'title = me() AND EXISTS (SELECT 1 FROM app.shares AS s WHERE s.owner = tasks.title)',
    );
  });

  test.each([
    ['of the row', '(owner = me())', ['is not distinct from in owner = me()']],
    [
      'of another table',
      '(EXISTS ( SELECT 1 FROM app.shares s WHERE (s.reader = me())))',
      ['is not distinct from in s.reader = me()'],
    ],
  ])('that null equals null changes nothing for a column %s that is never null', (_where, predicate, whats) => {
    expect(equivalentOf(predicate)).toEqual(whats);
  });

  test.each([
    ['the column of that name is of another table', '(EXISTS ( SELECT 1 FROM app.shares s WHERE (s.owner = me())))'],
    [
      'an outer join makes nulls',
      '(EXISTS ( SELECT 1 FROM app.tasks t LEFT JOIN app.shares s ON true WHERE (s.reader = me())))',
    ],
    ['what is not known is denied', '(NOT (owner = me()))'],
    ['what is not known is decided on', '((owner = me()) IS NOT FALSE)'],
  ])('it may change something where %s', (_where, predicate) => {
    expect(equivalentOf(predicate)).toEqual([]);
  });

  test('what is asked twice is left out at once', () => {
    const whats = faultsOf('((title = me()) AND (title = me()) AND (owner = me()))', tasks).map(({ what }) => what);

    expect(whats.filter((what) => what.startsWith('without'))).toEqual([
      'without title = me()',
      'without owner = me()',
    ]);
  });

  test('the operator stays that of its schema', () => {
    const whats = faultsOf('(owner OPERATOR(extensions.=) me())', tasks);

    expect(whats.find(({ what }) => what.startsWith('<>'))?.predicate).toBe('owner OPERATOR(extensions.<>) me()');
  });
});

test('each has an id of its own where a predicate says the same twice', () => {
  const ids = mutantsOf(
    {
      schemas: [],
      relations: [],
      policies: [],
      functions: [],
      triggers: [
        { table: 'app.t', name: 'x', function: 'f', enabled: true, definition: '' },
        { table: 'app.t', name: 'x', function: 'f', enabled: true, definition: '' },
      ],
      constraints: [],
      indexes: [],
      grants: [],
      defaultGrants: [],
    },
    [],
    'alice',
  ).map(({ id }) => id);

  expect(ids).toEqual(['app.t x: trigger dropped', 'app.t x: trigger dropped (2)']);
});
