/** A made-up schema `app` for each test, of the shape that Supabase has: auth.uid(), a role for users and one for nobody, claims as JSON. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProofConfig } from '../../../src/proof/config.ts';
import { readMatrix } from '../../../src/proof/matrix/matrix.ts';
import type { Command, Matrix } from '../../../src/proof/matrix/outcome.ts';
import { useDatabase, type TestDatabase } from '../../support/database.ts';

export const alice = '00000000-0000-4000-8000-00000000000a';
export const bob = '00000000-0000-4000-8000-00000000000b';

const worker = process.env.JEST_WORKER_ID;
export const roles = {
  user: `matrix_user_${worker}`,
  anon: `matrix_anon_${worker}`,
  login: `matrix_login_${worker}`,
};

export const config: ProofConfig = {
  folder: '.',
  schemas: ['app'],
  api: ['app'],
  visitors: [roles.user, roles.anon],
  inspectors: [],
  logins: [],
  impersonate: (sub) => ({
    role: sub === undefined ? roles.anon : roles.user,
    settings: { 'request.jwt.claims': sub === undefined ? '' : JSON.stringify({ sub, role: 'authenticated' }) },
  }),
  users: [alice, bob],
  apply: [],
  tests: [],
  baseline: 'baseline.json',
};

/** The words of the roles in the SQL of a test. */
export const named = (sql: string): string =>
  sql.replaceAll(/\b(user|anon|login)_role\b/g, (_, role: keyof typeof roles) => roles[role]);

const before = named(`
  drop role if exists user_role, anon_role, login_role;
  create role user_role nologin;
  create role anon_role nologin;
  create role login_role login noinherit;
  create schema if not exists auth;
  create or replace function auth.uid() returns uuid language sql stable as $$
    select (nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')::uuid
  $$;
  grant usage on schema auth to user_role, anon_role;`);

/** Registers the roles; they go with the file. */
export function useScene(): { database: TestDatabase; given: (sql: string) => Promise<void> } {
  // Registered before the database's own, which closes the connection: they run in this order.
  afterAll(async () => {
    await database.admin.query(named('drop schema app cascade; drop owned by user_role, anon_role, login_role'));
    await database.admin.query(named('drop role user_role, anon_role, login_role'));
  });
  const database = useDatabase();
  beforeAll(() => database.admin.query(before));

  /** Makes the schema anew. */
  async function given(sql: string): Promise<void> {
    await database.admin.query(
      named(
        `drop schema if exists app cascade; create schema app; grant usage on schema app to user_role, anon_role; ${sql}`,
      ),
    );
  }
  return { database, given };
}

/** The outcomes of a command, for each actor. */
export function outcomes({ relations, actors }: Matrix, relation: string, command: Command, column?: string) {
  const cells = relations.find(({ name }) => name === relation)!.cells;
  return actors.map(
    ({ name }) =>
      cells.find((cell) => cell.actor === name && cell.command === command && cell.column === (column ?? null))!
        .outcome,
  );
}

/** For each command of a table, what the user and nobody get; of the columns, one. */
export const summary = (matrix: Matrix, relation: string, column: string) => ({
  select: outcomes(matrix, relation, 'select', column),
  insert: outcomes(matrix, relation, 'insert', column),
  update: outcomes(matrix, relation, 'update', column),
  delete: outcomes(matrix, relation, 'delete'),
  truncate: outcomes(matrix, relation, 'truncate'),
});

/** A file with this SQL; it goes with the test run. */
export async function file(sql: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'hedgerow-matrix-')), 'rows.sql');
  await writeFile(path, sql);
  return path;
}

export { readMatrix };
