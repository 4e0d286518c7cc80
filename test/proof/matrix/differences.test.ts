/** What looks like a condition and is none: catalog and trial differ, and that is an error. */
import { config, file, outcomes, readMatrix, useScene } from './scene.ts';

const { database, given } = useScene();

const table = `
  create table app.notes (id uuid primary key default gen_random_uuid(), owner uuid not null default auth.uid(), title text not null);
  alter table app.notes enable row level security;
  grant select, insert, update, delete on app.notes to user_role, anon_role;`;
const own = 'create policy own on app.notes using (owner = auth.uid());';

test('the near miss: a condition that is one differs nowhere', async () => {
  await given(`${table} ${own}`);

  expect((await readMatrix(database.admin, config)).findings).toEqual([]);
});

test.each([
  ['a tautology', 'create policy own on app.notes using (owner = owner);'],
  [
    'a definer function that is told the row and always says yes',
    `create function app.is_mine(uuid) returns boolean language sql stable security definer as 'select true';
     create policy own on app.notes using (app.is_mine(owner));`,
  ],
  [
    'a definer function that is told nothing and always says yes',
    `create function app.may() returns boolean language sql stable security definer as 'select true';
     create policy own on app.notes using (app.may());`,
  ],
  ['a second policy that lets everything in again', `${own} create policy more on app.notes using (title <> '');`],
])('%s lets the other user’s rows through', async (_what, policies) => {
  await given(table + policies);

  const { findings, relations } = await readMatrix(database.admin, config);

  expect(findings).toEqual([
    expect.objectContaining({
      rule: 'matrix_difference',
      level: 'error',
      object: 'app.notes',
      problem: expect.stringMatching(
        /select by a user: (own rows|filtered) expected, allowed found \(id, owner, title\)/,
      ),
    }),
  ]);
  expect(relations[0]!.cells.find(({ command }) => command === 'delete')!.outcome).toBe('allowed');
});

test('a policy that lets nothing of the user’s own through', async () => {
  await given(`${table} create policy own on app.notes using (owner::text = auth.uid()::text || ' ');`);

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['filtered', 'filtered']);
  expect(matrix.findings.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(
      /select by a user: own rows expected, filtered found.*insert by a user: own rows expected, refused found/,
    ),
  ]);
});

test('a trigger that undoes what the policies grant', async () => {
  await given(`${table} ${own}
    create function app.undo() returns trigger language plpgsql as 'begin return null; end';
    create trigger undo before update or delete on app.notes for each row execute function app.undo();`);

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'update', 'title')).toEqual(['filtered', 'filtered']);
  expect(matrix.findings.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(
      /: update by a user: own rows expected, filtered found \(id, owner, title\); delete by a user: own rows expected, filtered found\.$/,
    ),
  ]);
});

test('a policy that calls what the user may not', async () => {
  await given(`${table} create function app.me() returns uuid language sql stable as 'select auth.uid()';
    revoke execute on function app.me() from public;
    create policy own on app.notes using (owner = app.me());`);

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['refused', 'refused']);
  expect(matrix.findings.map(({ rule }) => rule)).toEqual(['matrix_difference']);
});

test('a policy that fails for nobody is told as a warning, and lets nothing through', async () => {
  await given(
    `${table} create policy own on app.notes using (owner = current_setting('request.jwt.claims')::json ->> 'sub')::uuid);`.replace(
      '= current',
      '= (current',
    ),
  );

  const matrix = await readMatrix(database.admin, config);

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['own rows', 'refused']);
  expect(matrix.findings).toEqual([
    expect.objectContaining({
      rule: 'matrix_error',
      level: 'warning',
      object: 'app.notes',
      problem: expect.stringMatching(/select by nobody: .*22P02/),
    }),
  ]);
});

test('groups: a member reaches the rows of theirs, and may not move a row into another', async () => {
  await given(`
    create table app.teams (id integer primary key);
    create table app.members (team integer references app.teams, member uuid, primary key (team, member));
    create table app.docs (id integer primary key, team integer not null references app.teams, body text);
    grant select on app.members to user_role; grant select, insert, update, delete on app.docs to user_role;
    alter table app.docs enable row level security; alter table app.members enable row level security;
    create policy own on app.members for select using (member = auth.uid());
    create policy team on app.docs using (exists (select from app.members as m where m.team = docs.team and m.member = auth.uid()));`);
  const rows = await file(`
    insert into app.teams values (1), (2);
    insert into app.members values (1, '${config.users[0]}'), (1, '${config.users[1]}'), (2, '${config.users[1]}');
    insert into app.docs values (1, 1, 'ours'), (2, 2, 'theirs');`);

  const matrix = await readMatrix(database.admin, { ...config, rows });
  await database.admin.query(`alter policy team on app.docs with check (true)`);
  const open = await readMatrix(database.admin, { ...config, rows });

  for (const command of ['select', 'insert', 'update'] as const) {
    expect(outcomes(matrix, 'app.docs', command, 'team')).toEqual(['own rows', 'refused']);
  }
  expect(outcomes(matrix, 'app.docs', 'delete')).toEqual(['own rows', 'refused']);
  expect(outcomes(open, 'app.docs', 'update', 'team')).toEqual(['allowed', 'refused']);
  expect(outcomes(open, 'app.docs', 'update', 'body')).toEqual(['own rows', 'refused']);
  expect(outcomes(open, 'app.docs', 'insert', 'body')).toEqual(['allowed', 'refused']);
  expect([...matrix.findings, ...open.findings]).toEqual([]);
});
