/** Which faults are made of a schema: every kind, each once, and each changes what PostgreSQL does. */
import pg from 'pg';
import { readCatalog } from '../../../src/proof/catalog.ts';
import type { Mutant } from '../../../src/proof/mutate/mutant.ts';
import { mutantsOf } from '../../../src/proof/mutate/mutants.ts';
import { faultsOf } from '../../../src/proof/mutate/predicates.ts';
import { openSource, type Source } from '../../../src/proof/source.ts';
import { testAdminUrl } from '../../support/servers.ts';

const schema = `
  do $$ begin create role hedgerow_proof_user; exception when duplicate_object or unique_violation then null; end $$;
  create schema app;
  create schema hidden;
  grant usage on schema app to hedgerow_proof_user;
  create function hidden.me() returns text language sql stable as $$ select nullif(current_setting('app.me', true), '') $$;
  create function app.peek() returns int language sql stable security definer set search_path = '' as $$ select 1 $$;
  create function hidden.tidy() returns trigger language plpgsql as $$ begin return new; end $$;
  revoke execute on all functions in schema app, hidden from public;
  grant execute on function hidden.me() to hedgerow_proof_user;
  create table app.people (id text primary key);
  create table app.notes (
    owner text not null default hidden.me() references app.people on delete cascade,
    id int not null,
    body text,
    size int generated always as (length(body)) stored,
    gone boolean not null default false,
    primary key (owner, id)
  );
  create unique index notes_body_idx on app.notes (owner, body);
  create trigger tidy before insert on app.notes for each row execute function hidden.tidy();
  create view app.kept with (security_invoker = true) as select * from app.notes where not gone;
  alter table app.notes enable row level security;
  alter table app.notes force row level security;
  create policy read on app.notes for select to hedgerow_proof_user using (owner = hidden.me() and not gone);
  create policy write on app.notes for update to hedgerow_proof_user using (owner = hidden.me()) with check (owner = hidden.me());
  create policy never on app.notes as restrictive to hedgerow_proof_user using (body <> 'secret');
  grant select, update (body) on app.notes to hedgerow_proof_user;
  grant select on app.kept to hedgerow_proof_user;
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
  mutants = mutantsOf(await readCatalog(client, ['app', 'hidden']), ['hedgerow_proof_user'], 'alice');
});
afterAll(async () => {
  await client.end();
  await source.release();
});

const idsOf = (pattern: RegExp) => mutants.map(({ id }) => id).filter((id) => pattern.test(id));

test('of policies', () => {
  expect(idsOf(/^app\.notes (read|write|never):/)).toEqual([
    'app.notes never: dropped',
    'app.notes never: using true',
    'app.notes never: using or true',
    'app.notes never: to public',
    'app.notes never: permissive',
    'app.notes read: dropped',
    'app.notes read: using true',
    'app.notes read: using or true',
    'app.notes read: using without owner = hidden.me()',
    'app.notes read: using without NOT (gone)',
    'app.notes read: using body for owner',
    'app.notes read: using <> in owner = hidden.me()',
    'app.notes read: using is not distinct from in owner = hidden.me()',
    'app.notes read: for all',
    'app.notes read: to public',
    'app.notes read: restrictive',
    'app.notes write: dropped',
    'app.notes write: using true',
    'app.notes write: using or true',
    'app.notes write: using body for owner',
    'app.notes write: using <> in owner = hidden.me()',
    'app.notes write: using is not distinct from in owner = hidden.me()',
    'app.notes write: with check true',
    'app.notes write: with check or true',
    'app.notes write: with check body for owner',
    'app.notes write: with check <> in owner = hidden.me()',
    'app.notes write: with check is not distinct from in owner = hidden.me()',
    'app.notes write: with check dropped',
    'app.notes write: for all',
    'app.notes write: to public',
    'app.notes write: restrictive',
  ]);
});

test('of switches, defaults, triggers, keys and views', () => {
  expect(
    mutants
      .filter(({ command }) => ['row security', 'default', 'trigger', 'key', 'view'].includes(command))
      .map(({ id }) => id),
  ).toEqual([
    'app.notes: row security off',
    'app.notes: row security not forced',
    'app.notes.owner: default dropped',
    'app.notes tidy: trigger dropped',
    'app.notes notes_owner_fkey: dropped',
    'app.notes notes_pkey: primary key (id)',
    'app.notes app.notes_body_idx: dropped',
    'app.kept: security_invoker off',
  ]);
});

test('of grants: what is not there, to the visitor and to everybody', () => {
  expect(idsOf(/^app\.notes: .* granted to hedgerow_proof_user/)).toEqual(
    [
      ...['insert', 'update', 'delete', 'truncate', 'references', 'trigger'],
      ...['insert (owner)', 'update (owner)', 'insert (id)', 'update (id)', 'insert (body)'],
      ...['insert (size)', 'update (size)', 'insert (gone)', 'update (gone)'],
    ].map((privilege) => `app.notes: ${privilege} granted to hedgerow_proof_user`),
  );
  expect(idsOf(/usage granted/)).toEqual([
    'hidden: usage granted to hedgerow_proof_user',
    'app: usage granted to public',
    'hidden: usage granted to public',
  ]);
  expect(idsOf(/execute granted/)).toEqual([
    'app.peek(): execute granted to hedgerow_proof_user',
    'hidden.tidy(): execute granted to hedgerow_proof_user',
    'app.peek(): execute granted to public',
    'hidden.me(): execute granted to public',
    'hidden.tidy(): execute granted to public',
  ]);
});

test('of functions: what a helper says, and with whose rights', () => {
  expect(mutants.filter(({ command }) => command === 'helper').map(({ id }) => id)).toEqual([
    "hidden.me(): always returns 'alice'::text",
    'hidden.me(): does not heed the empty string',
  ]);
  expect(mutants.filter(({ command }) => command === 'rights').map(({ id }) => id)).toEqual([
    'app.peek(): search path not pinned',
    "hidden.me(): runs with its owner's rights",
    "hidden.tidy(): runs with its owner's rights",
  ]);
});

test('each has an id of its own, applies, and changes the catalog', async () => {
  const before = JSON.stringify(await readCatalog(client, ['app', 'hidden']));
  const idle: string[] = [];
  for (const { id, sql } of mutants) {
    await client.query('begin');
    await client.query(sql);
    if (JSON.stringify(await readCatalog(client, ['app', 'hidden'])) === before) idle.push(id);
    await client.query('rollback');
  }

  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  expect(idle).toEqual([]);
});

test.each([
  ['true', []],
  [
    '((a = me()) OR (b = me()))',
    [
      'true',
      'or true',
      '<> in a = me()',
      'is not distinct from in a = me()',
      '<> in b = me()',
      'is not distinct from in b = me()',
    ],
  ],
  [
    '(EXISTS ( SELECT 1 FROM m WHERE (m.a = t.a)))',
    ['true', 'or true', '<> in m.a = t.a', 'is not distinct from in m.a = t.a'],
  ],
])('of the predicate %s', (predicate, whats) => {
  const relation = {
    name: 't',
    schema: 's',
    kind: 'table',
    owner: 'o',
    rowSecurity: true,
    forced: true,
    options: [],
    query: null,
    columns: [],
  } as const;

  expect(faultsOf(predicate, { ...relation, options: [], columns: [] }).map(({ what }) => what)).toEqual(whats);
});
