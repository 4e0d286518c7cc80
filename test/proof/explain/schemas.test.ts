/** Schemas of other people: claims as JSON, helpers in closed schemas, sub-selects under policies of their own. */
import { readAllAccess } from '../../support/access.ts';
import { explain, type Command } from '../../../src/proof/explain/explain.ts';
import { useDatabase } from '../../support/database.ts';
import { told } from './told.ts';

// Before the database goes: a role is the whole server's.
afterAll(async () => {
  await database.admin.query('drop owned by explain_visitor cascade; drop role explain_visitor');
});

const database = useDatabase();
const alice = '00000000-0000-0000-0000-00000000000a';
const bob = '00000000-0000-0000-0000-00000000000b';
const identityOf = (sub: string) => ({
  role: 'explain_visitor',
  settings: { 'request.jwt.claims': JSON.stringify({ sub }) },
});

beforeAll(async () => {
  await database.admin.query(
    `create role explain_visitor;
     create schema claims;
     create schema app;
     create schema closed;
     grant usage on schema claims, app to explain_visitor;
     create function claims.uid() returns uuid language sql stable
       as $$ select (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid $$;
     create table app.members (team_id int, user_id uuid, primary key (team_id, user_id));
     create table app.docs (id int primary key, team_id int, owner uuid, title text, state text, secret text);
     grant select on app.members to explain_visitor;
     grant select (id, team_id, owner, title, state), delete on app.docs to explain_visitor;
     grant insert (id, title), update (title) on app.docs to explain_visitor;
     alter table app.members enable row level security;
     alter table app.docs enable row level security;
     create policy own on app.members for select using (user_id = (select claims.uid()));
     create function closed.is_member(team int) returns boolean language sql stable security definer
       as $$ select exists (select from app.members where team_id = team and user_id = claims.uid()) $$;
     insert into app.members values (1, '${alice}'), (2, '${bob}');
     insert into app.docs values
       (1, 1, '${alice}', 'plan', 'open', 'x'), (2, 2, '${bob}', 'a AND (b', 'draft', 'y'), (3, null, null, null, null, null);`,
  );
});

/** Replaces the policies of app.docs; each is what follows its name in `create policy`. */
async function policies(...definitions: string[]): Promise<void> {
  await database.admin.query(
    `do $do$ declare p name; begin
       for p in select polname from pg_policy where polrelid = 'app.docs'::regclass loop execute format('drop policy %I on app.docs', p); end loop;
     end $do$;
     ${definitions.map((definition, index) => `create policy p${index + 1} on app.docs ${definition};`).join('\n')}`,
  );
}

const asked = (sub: string, id: number, command: Command = 'select') =>
  explain(database.admin, { identity: identityOf(sub), table: 'app.docs', key: String(id), command });

test('claims in JSON', async () => {
  await policies('for select using ((select claims.uid()) = owner)');

  const explanation = await asked(bob, 1);

  expect(explanation.verdict).toBe('hidden');
  expect(told(explanation, 'operand')).toEqual([
    `      (SELECT claims.uid() AS uid) → ${bob}`,
    `      owner → ${alice}`,
  ]);
});

test('a definer helper in a schema that the role may not use works, as it does in a request', async () => {
  await policies('for select using (closed.is_member(team_id))');

  const seen = await asked(alice, 1);
  const hidden = await asked(bob, 1);

  expect(told(seen, 'clause', 'operand')).toEqual(['    closed.is_member(team_id) → true', '      team_id → 1']);
  expect(told(hidden, 'clause', 'operand')).toEqual(['    closed.is_member(team_id) → false', '      team_id → 1']);
});

test('a sub-select reads another protected table as the visitor, who does not see what the superuser sees', async () => {
  await policies('for select using (exists (select from app.members as m where m.team_id = docs.team_id))');

  const { rows } = await database.admin.query(
    'select exists (select from app.members as m where m.team_id = 1) as there',
  );
  const seen = await asked(alice, 1);
  const hidden = await asked(bob, 1);

  expect(rows).toEqual([{ there: true }]);
  expect(seen.verdict).toBe('visible');
  expect(told(hidden, 'clause', 'operand')).toEqual([
    '    EXISTS (SELECT FROM app.members m WHERE (m.team_id = docs.team_id)) → false',
    '      docs.team_id → 1',
  ]);
});

test('restrictive policies must all hold; the first that does not is named', async () => {
  await policies(
    'for select using (true)',
    "as restrictive for all using (state <> 'draft')",
    'as restrictive for select using (title <> $$plan$$)',
  );

  expect((await asked(bob, 2)).words).toBe(
    `hidden: a restrictive policy stops it (p2: state <> 'draft'::text is false)`,
  );
  expect((await asked(bob, 1)).words).toBe(
    `hidden: a restrictive policy stops it (p3: title <> 'plan'::text is false)`,
  );
  expect((await asked(bob, 3)).words).toBe(
    `hidden: a restrictive policy stops it (p2: state <> 'draft'::text is null)`,
  );
});

test('and, or, not, in, is null, any, case, casts and strings are told apart', async () => {
  await policies(
    `for select using (
       (owner::text like '%b' or not (state in ('open', 'done')) and title is not null)
       and title = any (string_to_array('a AND (b', ';'))
       and case when state = 'draft' then team_id > 1 else false end
     )`,
  );

  const explanation = await asked(bob, 2);

  expect(explanation.verdict).toBe('visible');
  expect(told(explanation, 'clause', 'operand')).toEqual([
    '    all of these → true',
    '      one of these → true',
    "        (owner)::text ~~ '%b'::text → true",
    `          (owner)::text → ${bob}`,
    '        all of these → true',
    '          not → true',
    "            state = ANY (ARRAY['open'::text, 'done'::text]) → false",
    '              state → draft',
    "              ARRAY['open'::text, 'done'::text] → {open,done}",
    '          title IS NOT NULL → true',
    '            title → a AND (b',
    "      title = ANY (string_to_array('a AND (b'::text, ';'::text)) → true",
    '        title → a AND (b',
    "        string_to_array('a AND (b'::text, ';'::text) → {\"a AND (b\"}",
    "      CASE WHEN (state = 'draft'::text) THEN (team_id > 1) ELSE false END → true",
  ]);
});

test('no policy at all, or none for the command or the role, hides every row', async () => {
  await policies();
  const none = await asked(alice, 1);
  await policies('for select to hedgerow_visitor using (true)', 'for update to explain_visitor using (true)');
  const others = await asked(alice, 1);

  expect(none.words).toBe('hidden: no permissive policy for select is for explain_visitor');
  expect(others.words).toBe('hidden: no permissive policy for select is for explain_visitor');
  expect(told(others, 'policy')).toEqual([]);
});

test('a policy for a role that the visitor is a member of counts', async () => {
  await database.admin.query('create role explain_group; grant explain_group to explain_visitor');
  await policies('for select to explain_group using (true)');

  const explanation = await asked(alice, 1);
  await policies();
  await database.admin.query('drop role explain_group');

  expect(told(explanation, 'policy')).toEqual(['  p1 (permissive, for select): using → true']);
});

test('columns that are not granted are told, and a command without a privilege is refused', async () => {
  await policies('using (true)');

  expect((await asked(alice, 1)).words).toBe('visible; not granted: select on column secret');
  expect((await asked(alice, 1, 'update')).words).toBe(
    'allowed; not granted: update on columns id, team_id, owner, state, secret, select on column secret',
  );
});

test('what can be inserted but not seen is refused with returning', async () => {
  await policies('for insert with check (true)', "for select using (state = 'done')");

  expect((await asked(alice, 1, 'insert')).words).toBe(
    "allowed; but refused with returning: no permissive policy lets it through (p2: state = 'done'::text is false); not granted: insert on columns team_id, owner, state, secret",
  );
});

test('a clause that fails says so; the verdict does what PostgreSQL does', async () => {
  await policies('for select using (team_id > 1 and 1 / (team_id - 2) > 0)');

  const failing = await asked(bob, 2);
  const skipped = await asked(bob, 1);

  expect(failing).toMatchObject({
    verdict: 'fails',
    words: 'fails: the policies for select fail with an error: division by zero',
  });
  expect(skipped.verdict).toBe('hidden');
  expect(told(failing, 'clause')).toContain('      (1 / (team_id - 2)) > 0 → error: division by zero');
});

test('row security that is off, or that the role goes past, lets every row through', async () => {
  await policies();
  await database.admin.query('alter table app.docs disable row level security');
  const off = await asked(alice, 1);
  await database.admin.query('alter table app.docs enable row level security; alter role explain_visitor bypassrls');
  const past = await asked(alice, 1);
  await database.admin.query('alter role explain_visitor nobypassrls');

  expect(off.verdict).toBe('visible');
  expect(told(off, 'row security')).toEqual(['off on app.docs: whoever has the privileges has every row → off']);
  expect(past.verdict).toBe('visible');
  expect(told(past, 'row security')).toEqual(['on, but explain_visitor goes past it: it has bypassrls → off']);
});

test('functions without a search path of their own find what the session finds', async () => {
  await database.admin.query(
    `create function app.teams() returns setof int language plpgsql stable as $$ begin return query select team_id from members; end $$;
     set search_path = app`,
  );
  await policies('for select using (team_id in (select app.teams()))');

  const explanation = await asked(alice, 1);
  await database.admin.query('reset search_path');
  const without = await asked(alice, 1);

  expect(explanation.verdict).toBe('visible');
  expect(without.words).toBe('fails: the policies for select fail with an error: relation "members" does not exist');
});

test('every type comes through unchanged, dropped and generated columns included', async () => {
  await database.admin.query(
    `create type app.mood as enum ('so-so');
     create type app.pair as (a text, b numeric);
     create domain app.short as varchar(20);
     create table app.everything (
       id uuid primary key, gone int, b bytea, ts timestamptz, t time, n numeric, f float8, r real, a text[], m int[][], rg tstzrange,
       mr int4multirange, j json, jb jsonb, mood app.mood, pair app.pair, pairs app.pair[], short app.short, bits bit(3), c char(5),
       v varchar(3), i interval, net inet, tsv tsvector, empty text, nothing text, "Odd ""name" text, kept int,
       twice int generated always as (kept * 2) stored, x xml, money money, p point
     );
     insert into app.everything (id, gone, b, ts, t, n, f, r, a, m, rg, mr, j, jb, mood, pair, pairs, short, bits, c, v, i, net, tsv, empty, "Odd ""name", kept, x, money, p)
     values ('${alice}', 1, '\\x00ff27', '2026-01-01 00:00:00.123456+02', '12:00:00.000001', 1.10, 0.1::float8 + 0.2, 0.3, '{"a,b","c\\"d",null}',
       '{{1,2},{3,4}}', '[2026-01-01,2026-01-02)', '{[1,3),[5,7)}', '{"a" : 1, "a": 2}', '{"k": 1.00}', 'so-so', row('x,(y)', 1.50),
       array[row('''q"', 2)::app.pair], 'é', B'101', 'ab', 'abc', '1 mon 2 days 03:04:05.6', '10.0.0.1/8', 'a:1 b:2', '', E'back\\\\slash\\n', 21, '<a/>', 1234.5, '(1.5,2)');
     alter table app.everything drop column gone;
     create table app.copies as select e as copy from app.everything as e;
     grant select on app.everything, app.copies to explain_visitor;
     alter table app.everything enable row level security;
     create policy same on app.everything for select using (everything.* *= (select copy from app.copies) and twice = 42);`,
  );

  const explanation = await explain(database.admin, { identity: identityOf(bob), table: 'app.everything', key: alice });
  await database.admin.query(`update app.copies set copy.ts = (copy).ts + interval '1 microsecond'`);
  const other = await explain(database.admin, { identity: identityOf(bob), table: 'app.everything', key: alice });

  expect(explanation.verdict).toBe('visible');
  expect(other.verdict).toBe('hidden');
});

test('nothing is left behind: no function, no table, no right, no role, no setting', async () => {
  await policies('for select using (closed.is_member(team_id) and 1 / (team_id - 1) > 0)');
  const state = async () => {
    const { rows } = await database.admin.query(
      `select current_user, nullif(current_setting('request.jwt.claims', true), '') as claims, current_setting('search_path') as path,
         (select count(*) from pg_proc) as functions, (select count(*) from pg_class) as relations, (select count(*) from pg_type) as types,
         (select count(*) from pg_description) as comments, 
         (select count(*) from pg_shdepend where dbid = (select oid from pg_database where datname = current_database())) as dependencies`,
    );
    return [rows, await readAllAccess(database.admin)];
  };
  const before = await state();

  await asked(alice, 1);
  await asked(alice, 77).catch(() => undefined);
  const afterwards = await state();
  await database.admin.query(
    `select * from admin.explain_row('app.docs', '1', 'update', 'explain_visitor', '{"request.jwt.claims": "{}"}')`,
  );
  await database.admin
    .query(`select * from admin.explain_row('app.docs', '1', 'elect', 'explain_visitor', '{}')`)
    .catch(() => undefined);

  expect(afterwards).toEqual(before);
  expect(await state()).toEqual(before);
});
