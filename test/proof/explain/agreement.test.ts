/** The verdict is what PostgreSQL does: random policies, rows and users, each command really run. */
import fc from 'fast-check';
import { explainingFunctions } from '../../../src/proof/explain/functions.ts';
import { useDatabase } from '../../support/database.ts';

// Before the database goes: a role is the whole server's.
afterAll(async () => {
  await database.admin.query('drop owned by explain_agreeing cascade; drop role explain_agreeing');
});

const database = useDatabase();

const predicates = [
  'true',
  'owner = app.me()',
  'owner = (select app.me())',
  'team_id in (select m.team_id from app.members as m)',
  'exists (select from app.members as m where m.team_id = docs.team_id and m.user_id = app.me())',
  "state = any (array['open', 'done'])",
  'not (owner = app.me())',
  "owner = app.me() or state = 'open' and team_id is not null",
  "case when state = 'draft' then owner = app.me() else team_id > 1 end",
  'owner is distinct from app.me() and 6 / nullif(team_id, 2) > 1',
  '6 / (team_id - 2) > 1',
  'docs.* is not null',
];

const policy = fc.record({
  predicate: fc.constantFrom(...predicates),
  check: fc.option(fc.constantFrom(...predicates)),
  command: fc.constantFrom('all', 'select', 'insert', 'update', 'delete'),
  // Most are permissive, or nothing would ever be let through.
  kind: fc.constantFrom('permissive', 'permissive', 'permissive', 'restrictive'),
  role: fc.constantFrom('public', 'explain_agreeing', 'hedgerow_visitor'),
});
type Policy = typeof policy extends fc.Arbitrary<infer T> ? T : never;

const definitionOf = ({ predicate, check, command, kind, role }: Policy, index: number) =>
  [
    `create policy p${index} on app.docs as ${kind} for ${command} to ${role}`,
    ...(command === 'insert' ? [] : [`using (${predicate})`]),
    ...(command === 'insert' || (check !== null && (command === 'all' || command === 'update'))
      ? [`with check (${check ?? predicate})`]
      : []),
  ].join(' ');

beforeAll(async () => {
  // What is in the folder now, whatever the last migration has.
  await database.admin.query(await explainingFunctions());
  await database.admin.query(
    `create role explain_agreeing;
     create schema app;
     grant usage on schema app to explain_agreeing;
     create function app.me() returns text language sql stable as $$ select nullif(current_setting('app.me', true), '') $$;
     create table app.members (team_id int, user_id text);
     insert into app.members values (1, 'alice'), (2, 'alice'), (2, 'bob');
     alter table app.members enable row level security;
     create policy own on app.members using (user_id = app.me());
     create table app.docs (id int, owner text, team_id int, state text);
     insert into app.docs
     select row_number() over (), owner, team_id, state
     from unnest(array['alice', 'bob', null]) as owner, unnest(array[1, 2, 3, null]) as team_id, unnest(array['open', 'draft', null]) as state;
     alter table app.docs enable row level security;
     grant select on app.members to explain_agreeing;
     grant all on app.docs to explain_agreeing;`,
  );
});

/** Each names the row by its key, and returns it, as a command does that needs the policies for select too. */
const statements = {
  select: 'select from app.docs where id = $1',
  insert: 'insert into app.docs select (kept.kept).* from kept where (kept.kept).id = $1',
  update: 'update app.docs set state = state where id = $1',
  delete: 'delete from app.docs where id = $1',
} as const;

async function done(command: keyof typeof statements, user: string, id: number): Promise<string> {
  const { admin } = database;
  await admin.query('savepoint trial');
  try {
    await admin.query(
      'create temporary table kept as select docs as kept from app.docs; grant select on kept to explain_agreeing',
    );
    await admin.query(`select set_config('app.me', $1, true), set_config('role', 'explain_agreeing', true)`, [user]);
    const { rowCount } = await admin.query(statements[command], [id]);
    return rowCount === 0 ? 'hidden' : command === 'select' ? 'visible' : 'allowed';
  } catch (error) {
    return (error as { code: string }).code === '42501' ? 'refused' : 'fails';
  } finally {
    await admin.query('rollback to savepoint trial');
  }
}

test('what is explained is what happens', async () => {
  const { admin } = database;
  const verdicts = new Set<string>();

  await fc.assert(
    fc.asyncProperty(
      fc.array(policy, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('alice', 'bob', ''),
      fc.constantFrom('select', 'insert', 'update', 'delete'),
      fc.uniqueArray(fc.integer({ min: 1, max: 36 }), { minLength: 4, maxLength: 4 }),
      async (policies, user, command, ids) => {
        await admin.query('begin');
        try {
          await admin.query(policies.map(definitionOf).join(';\n'));
          for (const id of ids) {
            const { rows } = await admin.query<{ value: string; what: string }>(
              `select value, what from admin.explain_row('app.docs', $1, $2, 'explain_agreeing', $3) where part = 'verdict'`,
              [JSON.stringify({ id }), command, JSON.stringify({ 'app.me': user })],
            );
            const happened = await done(command, user, id);
            verdicts.add(happened);
            expect({ id, verdict: rows[0]!.value, words: rows[0]!.what }).toEqual({
              id,
              verdict: happened,
              words: expect.any(String) as string,
            });
          }
        } finally {
          await admin.query('rollback');
        }
      },
    ),
    { numRuns: 120, seed: 20261121 },
  );

  expect([...verdicts].sort()).toEqual(['allowed', 'fails', 'hidden', 'refused', 'visible']);
}, 120_000);
