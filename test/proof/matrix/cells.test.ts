/** Each of the four cells, for each command: what the catalog says is what is found by trying. */
import { config, file, outcomes, readMatrix, roles, summary, useScene } from './scene.ts';

const { database, given } = useScene();
const read = (extra: object = {}) => readMatrix(database.admin, { ...config, ...extra });

/** Nobody has the role of a user, without claims. */
const impersonateUsersOnly = (sub?: string) => ({ ...config.impersonate(sub), role: roles.user });

const table = `
  create table app.notes (id serial primary key, owner uuid not null default auth.uid(), title text not null, public boolean not null default false);
  alter table app.notes enable row level security;`;
const grants = `
  grant select, insert, update, delete, truncate on app.notes to user_role, anon_role;
  grant usage on sequence app.notes_id_seq to user_role;`;

test('own rows: a condition lets a user reach theirs, and nobody none', async () => {
  await given(`${table} ${grants} create policy own on app.notes using (owner = (select auth.uid()));`);

  const matrix = await read();

  expect(summary(matrix, 'app.notes', 'title')).toEqual({
    select: ['own rows', 'filtered'],
    insert: ['own rows', 'refused'],
    update: ['own rows', 'filtered'],
    delete: ['own rows', 'filtered'],
    truncate: ['allowed', 'allowed'],
  });
  expect(outcomes(matrix, 'app.notes_id_seq', 'use')).toEqual(['allowed', 'refused']);
  expect(matrix.findings).toEqual([]);
});

test('allowed: to who looks across users, for no user in particular', async () => {
  await given(`${table}
    grant select on app.notes to user_role, anon_role;
    create policy own on app.notes for select to user_role using (owner = (select auth.uid()));
    create policy look on app.notes for select to anon_role using (coalesce(owner = (select auth.uid()), true));`);

  const matrix = await read({ inspectors: [roles.anon], visitors: [roles.user], impersonate: impersonateUsersOnly });

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['own rows', 'filtered', 'allowed']);
  expect(matrix.findings).toEqual([]);
});

test('allowed: without row-level security, or with a constant', async () => {
  const open = `${table} ${grants} grant usage on sequence app.notes_id_seq to anon_role;`;
  await given(`${open} create policy free on app.notes using (1 = 1 or owner = auth.uid());`);
  const constant = await read();
  await given(`${open} alter table app.notes disable row level security;`);
  const off = await read();

  const all = ['allowed', 'allowed'];
  const everything = { select: all, insert: all, update: all, delete: all, truncate: all };
  expect(summary(constant, 'app.notes', 'owner')).toEqual(everything);
  expect(summary(off, 'app.notes', 'owner')).toEqual(everything);
  expect([...constant.findings, ...off.findings]).toEqual([]);
});

test('filtered: no policy for the role, or one that never holds; an insert is refused', async () => {
  await given(`${table} ${grants} create policy none on app.notes to user_role using (false);`);

  const matrix = await read();

  expect(summary(matrix, 'app.notes', 'title')).toEqual({
    select: ['filtered', 'filtered'],
    insert: ['refused', 'refused'],
    update: ['filtered', 'filtered'],
    delete: ['filtered', 'filtered'],
    truncate: ['allowed', 'allowed'],
  });
  expect(matrix.findings).toEqual([]);
});

test('refused: without the privilege, whatever the policies say; by column where it was granted by column', async () => {
  await given(`${table} create policy own on app.notes using (owner = auth.uid());
    grant select (id, title), insert (title), update (title) on app.notes to user_role;
    grant usage on sequence app.notes_id_seq to user_role;`);

  const matrix = await read();

  expect(summary(matrix, 'app.notes', 'owner')).toEqual({
    select: ['refused', 'refused'],
    insert: ['refused', 'refused'],
    update: ['refused', 'refused'],
    delete: ['refused', 'refused'],
    truncate: ['refused', 'refused'],
  });
  expect(summary(matrix, 'app.notes', 'title')).toMatchObject({
    select: ['own rows', 'refused'],
    insert: ['own rows', 'refused'],
    update: ['own rows', 'refused'],
  });
  expect(matrix.findings).toEqual([]);
});

test('refused: without a way into the schema, whatever is granted inside', async () => {
  await given(
    `${table} ${grants} create policy own on app.notes using (owner = auth.uid()); revoke usage on schema app from user_role;`,
  );

  const matrix = await read();

  expect(summary(matrix, 'app.notes', 'title')).toMatchObject({
    select: ['refused', 'filtered'],
    delete: ['refused', 'filtered'],
    truncate: ['refused', 'allowed'],
  });
  expect(matrix.findings).toEqual([]);
});

test('rows that are public are some rows for nobody, in both readings', async () => {
  await given(`${table} ${grants} create policy public on app.notes for select using (public or owner = auth.uid());
    create policy own on app.notes for update using (owner = auth.uid());`);

  const matrix = await readMatrix(database.admin, {
    ...config,
    rows: await file(`
    insert into app.notes (owner, title, public) values ('${config.users[0]}', 'a', false), ('${config.users[1]}', 'b', true), ('${config.users[1]}', 'c', false)`),
  });

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['own rows', 'own rows']);
  expect(outcomes(matrix, 'app.notes', 'update', 'title')).toEqual(['own rows', 'filtered']);
  expect(matrix.findings).toEqual([]);
});

test('restrictive policies narrow what permissive ones let through', async () => {
  await given(`${table} ${grants} create policy free on app.notes using (true);
    create policy fence on app.notes as restrictive using (owner = auth.uid());`);

  const matrix = await read();

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['own rows', 'filtered']);
  expect(outcomes(matrix, 'app.notes', 'delete')).toEqual(['own rows', 'filtered']);
  expect(matrix.findings).toEqual([]);
});

test('a policy that asks only whether somebody is signed in is all rows for a user and none for nobody', async () => {
  await given(`${table} ${grants} create policy signed_in on app.notes for select using (auth.uid() is not null);`);

  const matrix = await read();

  expect(outcomes(matrix, 'app.notes', 'select', 'title')).toEqual(['allowed', 'filtered']);
  expect(matrix.findings).toEqual([]);
});

test('an update without a check on the owner gives rows away; one that reaches all rows takes them over', async () => {
  const select = 'create policy look on app.notes for select using (owner = auth.uid());';
  await given(
    `${table} ${grants} ${select} create policy change on app.notes for update using (owner = auth.uid()) with check (true);`,
  );
  const away = await read();
  await given(
    `${table} ${grants} ${select} create policy change on app.notes for update using (true) with check (owner = auth.uid());`,
  );
  const over = await read();

  expect(outcomes(away, 'app.notes', 'update', 'owner')[0]).toBe('allowed');
  expect(outcomes(away, 'app.notes', 'update', 'title')[0]).toBe('own rows');
  expect(outcomes(over, 'app.notes', 'update', 'owner')[0]).toBe('allowed');
  expect(outcomes(over, 'app.notes', 'update', 'title')[0]).toBe('own rows');
  expect([...away.findings, ...over.findings]).toEqual([]);
});

test('a view with the rights of its owner opens what its table closes, and one with those of the caller does not', async () => {
  await given(`${table} ${grants} create policy own on app.notes using (owner = auth.uid());
    create view app.open as select id, owner, title from app.notes;
    create view app.closed with (security_invoker = on) as select id, owner, title, upper(title) as loud from app.notes;
    create view app.counted with (security_invoker = on) as select count(*) from app.notes;
    create materialized view app.stale as select * from app.notes;
    grant select, insert, update, delete on app.open, app.closed to user_role;
    grant select on app.stale, app.counted to user_role;`);

  const matrix = await read();
  const ofUser = (view: string) =>
    (['select', 'insert', 'update'] as const).map((command) => outcomes(matrix, view, command, 'title')[0]);

  expect([...ofUser('app.open'), outcomes(matrix, 'app.open', 'delete')[0]]).toEqual(Array(4).fill('allowed'));
  expect([...ofUser('app.closed'), outcomes(matrix, 'app.closed', 'delete')[0]]).toEqual(Array(4).fill('own rows'));
  expect(outcomes(matrix, 'app.closed', 'update', 'loud')).toEqual([null, null]);
  expect(outcomes(matrix, 'app.counted', 'select', 'count')).toEqual(['own rows', 'refused']);
  expect(outcomes(matrix, 'app.counted', 'delete')).toEqual([null, null]);
  expect(outcomes(matrix, 'app.stale', 'select', 'title')).toEqual(['allowed', 'refused']);
  expect(matrix.findings).toEqual([]);
});

test('the owner who logs in passes the policies, until they are forced', async () => {
  const owned = `${table} create policy own on app.notes using (owner = auth.uid());
    alter table app.notes owner to login_role; grant usage on schema app, auth to login_role;`;
  await given(owned);
  const off = await read({ logins: [roles.login] });
  await given(`${owned} alter table app.notes force row level security;`);
  const forced = await read({ logins: [roles.login] });

  expect(outcomes(off, 'app.notes', 'select', 'title')).toEqual(['refused', 'refused', 'allowed']);
  expect(outcomes(off, 'app.notes', 'delete')).toEqual(['refused', 'refused', 'allowed']);
  expect(outcomes(forced, 'app.notes', 'select', 'title')).toEqual(['refused', 'refused', 'filtered']);
  expect(outcomes(forced, 'app.notes', 'truncate')).toEqual(['refused', 'refused', 'allowed']);
  expect([...off.findings, ...forced.findings]).toEqual([]);
});

test('a trigger with an opinion of its own, a key that is taken and a foreign key are no refusals', async () => {
  await given(`${table} ${grants} create policy own on app.notes using (owner = auth.uid());
    create table app.pages (note integer not null references app.notes, number integer not null, primary key (note, number));
    create function app.refuse() returns trigger language plpgsql as $$ begin raise exception 'stale' using errcode = 'ZH412'; end $$;
    create trigger refuse before insert or update of title or delete on app.notes for each row when (pg_trigger_depth() = 0) execute function app.refuse();`);

  const matrix = await read();

  expect(summary(matrix, 'app.notes', 'title')).toMatchObject({
    insert: ['own rows', 'refused'],
    update: ['own rows', 'filtered'],
    delete: ['own rows', 'filtered'],
  });
  expect(outcomes(matrix, 'app.notes', 'update', 'id')).toEqual(['own rows', 'filtered']);
  expect(matrix.findings).toEqual([]);
});

test('names in quotes and parts of a table are relations like others; what is on another server is not tried', async () => {
  await given(`create table app."Odd Notes" ("Its Id" integer generated always as identity, "Owner's" uuid not null default auth.uid()) partition by hash ("Owner's");
    create table app."Odd Notes 1" partition of app."Odd Notes" for values with (modulus 2, remainder 0);
    create table app."Odd Notes 2" partition of app."Odd Notes" for values with (modulus 2, remainder 1);
    alter table app."Odd Notes" enable row level security;
    create policy own on app."Odd Notes" using ("Owner's" = auth.uid());
    grant select, insert, update, delete on app."Odd Notes", app."Odd Notes 1" to user_role;
    create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
    create foreign table app.remote (id integer) server nowhere; grant select on app.remote to user_role;`);

  const matrix = await read();
  await database.admin.query('drop foreign data wrapper nowhere cascade');

  expect(summary(matrix, 'app."Odd Notes"', "Owner's")).toMatchObject({
    select: ['own rows', 'refused'],
    insert: ['own rows', 'refused'],
    update: ['own rows', 'refused'],
    delete: ['own rows', 'refused'],
  });
  expect(outcomes(matrix, 'app."Odd Notes 1"', 'select', "Owner's")).toEqual(['allowed', 'refused']);
  expect(outcomes(matrix, 'app.remote', 'select', 'id')).toEqual(['allowed', 'refused']);
  expect(matrix.findings).toEqual([]);
});
