/** What there is to prove: file, flags, and faults told together. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProofConfig } from '../../src/proof/config.ts';
import { becomeSql } from '../../src/proof/impersonate.ts';
import { OperatorError } from '../../src/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function written(content: object): Promise<string> {
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

const supabase = {
  schemas: ['public'],
  visitors: ['authenticated', 'anon'],
  impersonate: {
    settings: { 'request.jwt.claims': { sub: '$sub', role: 'authenticated' } },
    nobody: { role: 'anon', settings: { 'request.jwt.claims': '' } },
  },
};

test('paths start from the folder of the file, and defaults are filled in', async () => {
  const config = await readProofConfig({ config: await written({ ...supabase, rows: 'rows.sql' }) }, {});

  expect(config).toMatchObject({
    folder,
    api: ['public'],
    logins: [],
    users: ['alice', 'bob'],
    rows: join(folder, 'rows.sql'),
    tests: [join(folder, '*.test.sql')],
    baseline: join(folder, 'baseline.json'),
  });
});

test('a user is impersonated by claims in JSON, and nobody by what is said of nobody', async () => {
  const { impersonate } = await readProofConfig({ config: await written(supabase) }, {});

  expect(impersonate('o"hara')).toEqual({
    role: 'authenticated',
    settings: { 'request.jwt.claims': '{"sub":"o\\"hara","role":"authenticated"}' },
  });
  expect(impersonate()).toEqual({ role: 'anon', settings: { 'request.jwt.claims': '' } });
  expect(becomeSql(impersonate("o'hara"))).toBe(
    `select set_config('request.jwt.claims', '{"sub":"o''hara","role":"authenticated"}', true);\nset local role "authenticated";`,
  );
});

test('where nothing is said of nobody, the settings are empty', async () => {
  const { impersonate } = await readProofConfig(
    { schema: ['app'], visitor: ['app_user'], setting: ['app.user_id=$sub', 'app.kind=user'] },
    {},
  );

  expect(impersonate('$sub')).toEqual({ role: 'app_user', settings: { 'app.user_id': '$sub', 'app.kind': 'user' } });
  expect(impersonate()).toEqual({ role: 'app_user', settings: { 'app.user_id': '', 'app.kind': '' } });
});

test('flags go before the file, and a database named by hand before its build', async () => {
  const config = await written({ ...supabase, database: '$PROOF_URL', build: 'make schema' });

  const fromFile = await readProofConfig({ config }, { PROOF_URL: 'postgres://file/db' });
  const byHand = await readProofConfig({ config, database: 'postgres://hand/db', schema: ['other'] }, {});

  expect(fromFile).toMatchObject({ database: 'postgres://file/db', build: 'make schema' });
  expect(byHand).toMatchObject({ database: 'postgres://hand/db', schemas: ['other'] });
  expect(byHand.build).toBeUndefined();
});

test.each([
  [
    'every fault at once',
    { schemas: [], visitor: ['x'] },
    /schemas: [\s\S]*visitors: [\s\S]*impersonate: [\s\S]*visitor/,
  ],
  [
    'a variable that is not set',
    { ...supabase, database: '$PROOF_URL' },
    /takes the database from PROOF_URL, which is not set/,
  ],
  ['what is no URL', { ...supabase, database: 'mine' }, /database: It has to be a URL: postgres:/],
])('%s is told', async (_what, content, message) => {
  const attempt = readProofConfig({ config: await written(content) }, {});

  await expect(attempt).rejects.toThrow(OperatorError);
  await expect(attempt).rejects.toThrow(message);
});

test.each([
  [{ config: '/nowhere/config.json' }, /There is no \/nowhere\/config.json[\s\S]*--config/],
  [{ schema: ['app'], visitor: ['u'], setting: ['nonsense'] }, /--setting nonsense: write name=value/],
])('%j does not do', async (flags, message) => {
  await expect(readProofConfig(flags, {})).rejects.toThrow(message);
});
