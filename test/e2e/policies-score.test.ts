/** The score that is kept: `policies mutate --write` and `--check`, on a schema of one table. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../support/hedgerow.ts';
import { testAdminUrl } from '../support/servers.ts';

const schema = `
create table public.notes (owner text, note text);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to pg_monitor using (owner = current_setting('a.sub', true));
grant select on public.notes to pg_monitor;
`;
const suite = `
begin;
select plan(1);
insert into public.notes values ('alice', 'hers');
set local role pg_monitor;
select is_empty('select from public.notes', 'nobody sees a note');
rollback;
`;

let folder: string;
let kept: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-score-'));
  kept = join(folder, 'score.json');
  const config = {
    database: testAdminUrl(),
    build: 'true',
    apply: ['schema.sql'],
    schemas: ['public'],
    visitors: ['pg_monitor'],
    impersonate: { settings: { 'a.sub': '$sub' } },
    tests: ['*.test.sql'],
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'schema.sql'), schema);
  await writeFile(join(folder, 'notes.test.sql'), suite);
});
afterEach(() => rm(folder, { recursive: true }));

const mutate = (...args: string[]) =>
  run(['policies', 'mutate', '--config', 'config.json', ...args], { NODE_ENV: 'development' }, folder);

test('the score of a run is written, survivors and all, and is up to date until something that it depends on changes', async () => {
  const ran = await mutate('--write');
  const checked = await mutate('--check');

  const [last] = ran.stdout.trim().split('\n').slice(-1);
  const [, killed, survived, equivalent] = /^(\d+) of \d+ mutants killed \(\d+ %\), (\d+) survived, (\d+) equivalent\.$/
    .exec(last!)!
    .map(Number);
  expect([ran.code, killed! > 0, survived! > 0]).toEqual([1, true, true]);
  expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual({
    of: expect.stringMatching(/^[0-9a-f]{16}$/),
    killed,
    survived,
    equivalent,
  });
  expect(checked).toEqual({ code: 0, stdout: `score.json is up to date: ${last}\n`, stderr: '' });
});

test('whatever it depends on makes it stale: access, also where that has no mutant, the tests, the survivors that are accepted', async () => {
  const changes: Record<string, [file: string, before: string, after: string]> = {
    'a grant': ['schema.sql', schema, `${schema} grant insert on public.notes to pg_monitor;`],
    'what the snapshot shows': [
      'schema.sql',
      schema,
      `${schema} comment on policy select_own on public.notes is 'Own notes.';`,
    ],
    'a test': ['notes.test.sql', suite, suite.replace('nobody sees', 'no one sees')],
    'the baseline': ['baseline.json', '[]', '[{"rule":"mutant_survived","object":"o","reason":"r"}]'],
  };
  await mutate('--write');

  const told: Record<string, string> = {};
  for (const [change, [file, before, after]] of Object.entries(changes)) {
    await writeFile(join(folder, file), after);
    told[change] = (await mutate('--check')).stderr;
    await writeFile(join(folder, file), before);
  }

  const stale = expect.stringMatching(
    /^The score in score\.json \(\d+ %\) is stale: .*Renew it: hedgerow policies mutate --write\n$/,
  );
  expect(told).toEqual(Object.fromEntries(Object.keys(changes).map((change) => [change, stale])));
  expect((await mutate('--check')).code).toBe(0);
}, 120_000);

test('one that is not there, or is none, is told', async () => {
  const without = await mutate('--check');
  await writeFile(kept, '{ "killed": "all" }');
  const broken = await mutate('--check');

  expect([without.code, without.stderr]).toEqual([
    1,
    'There is no score.json. Make it: hedgerow policies mutate --write\n',
  ]);
  expect([broken.code, broken.stderr]).toEqual([
    1,
    'score.json is no score. Renew it: hedgerow policies mutate --write\n',
  ]);
});

test.each([
  ['--write', '--only', 'select_own'],
  ['--check', '--list'],
  ['--check', '--write'],
])('%s %s is refused: a score is that of all mutants', async (...args) => {
  const { code, stderr } = await mutate(...args);

  expect([code, stderr]).toEqual([1, expect.stringMatching(/^error: option '--\w+' cannot be used with option/)]);
});
