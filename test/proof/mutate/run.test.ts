/** Mutants on suites: killed, survived, equivalent; by pgTAP and by a command; taken up again. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Mutant } from '../../../src/proof/mutate/mutant.ts';
import { percentage, printOutcomes, scoreOf } from '../../../src/proof/mutate/report.ts';
import { mutate } from '../../../src/proof/mutate/run.ts';
import { openState } from '../../../src/proof/mutate/state.ts';
import { commandSuite, tapSuite } from '../../../src/proof/mutate/suites.ts';
import { openSource, type Source } from '../../../src/proof/source.ts';
import { testAdminUrl } from '../../support/servers.ts';

let source: Source;
beforeAll(async () => {
  source = await openSource(testAdminUrl(), async (url) => {
    const maker = new pg.Client(url);
    await maker.connect();
    await maker
      .query('create extension pgtap; create table public.t (n int default 1, m int default 1)')
      .finally(() => maker.end());
  });
});
afterAll(() => source.release());

const mutant = (id: string, sql: string, more: Partial<Mutant> = {}): Mutant => ({
  id,
  object: 'public.t',
  command: 'default',
  sql,
  scene: 'the default of n',
  ...more,
});
const noticed = mutant('noticed', 'alter table public.t alter n set default 2');
const unnoticed = mutant('unnoticed', 'alter table public.t alter m set default 2');
const known = mutant('known', 'alter table public.t alter m set default 3', { equivalent: 'm is read by nobody' });
const accepted = mutant('accepted', 'alter table public.t alter m set default 4');
const refused = mutant('refused', 'alter table public.missing alter m set default 4');
const idle = mutant('idle', 'alter table public.t alter n set default 1');
const all = [noticed, unnoticed, known, accepted, refused, idle];

const file = (name: string, body: string) => ({
  name,
  path: name,
  sql: `begin; select plan(1); ${body} select * from finish(); rollback;`,
});
const looksAtN = file(
  'n.test.sql',
  "insert into public.t default values; select is((select n from public.t), 1, 'n is one');",
);
const looksAtNothing = file('nothing.test.sql', "select pass('fine');");
const options = { schemas: ['public'], accepted: new Map([['accepted', 'nobody minds']]) };
const verdicts = (outcomes: Awaited<ReturnType<typeof mutate>>) =>
  outcomes.map(({ mutant: { id }, ...verdict }) => [id, ...Object.values(verdict)]);

test('each gets its verdict, in order, with what noticed it or why there is nothing to notice', async () => {
  const outcomes = await mutate(source, all, tapSuite([looksAtNothing, looksAtN], 2), options);

  expect(verdicts(outcomes)).toEqual([
    ['noticed', 'killed', 'n.test.sql: n is one'],
    ['unnoticed', 'survived'],
    ['known', 'equivalent', 'm is read by nobody'],
    ['accepted', 'equivalent', 'nobody minds'],
    ['refused', 'equivalent', 'PostgreSQL refuses it: relation "public.missing" does not exist'],
    ['idle', 'equivalent', 'it leaves the catalog as it was'],
  ]);
  expect(scoreOf(outcomes)).toEqual({ killed: 1, survived: 1, equivalent: 4 });
});

test('a file that noticed a fault when the likeliest did not is asked first about the same fault elsewhere', async () => {
  const opened = (object: string) => mutant(`${object}: opened`, 'grant select on public.t to public', { object });
  const isShut =
    "select is_empty($$select from aclexplode((select relacl from pg_class where relname = 't')) where grantee = 0$$, 'shut');";
  const silent = file('silent.test.sql', "select pass('rose and fern, rose and fern');");
  const aboutFern = file('fern.test.sql', `${isShut} -- fern`);
  const aboutNothing = file('nothing.test.sql', isShut);

  const suite = tapSuite([silent, aboutNothing, aboutFern], 2);
  const outcomes = await mutate(source, ['rose', 'fern'].map(opened), suite, { schemas: ['public'] });

  expect(verdicts(outcomes)).toEqual([
    ['rose: opened', 'killed', 'nothing.test.sql: shut'],
    ['fern: opened', 'killed', 'nothing.test.sql: shut'],
  ]);
});

test('a reason excuses only what survives', async () => {
  const [outcome] = await mutate(source, [{ ...noticed, equivalent: 'so they say' }], tapSuite([looksAtN], 1), options);

  expect(outcome!.verdict).toBe('killed');
});

test('nothing is left of a mutant for the next one', async () => {
  const outcomes = await mutate(source, [noticed, unnoticed, noticed, unnoticed], tapSuite([looksAtN], 1), options);

  expect(outcomes.map(({ verdict }) => verdict)).toEqual(['killed', 'survived', 'killed', 'survived']);
});

test('a file that commits cannot carry a mutant over', async () => {
  const commits = { ...looksAtN, sql: looksAtN.sql.replace('rollback', 'commit') };

  const outcomes = await mutate(source, [noticed, unnoticed], tapSuite([commits], 1), options);

  expect(outcomes.map(({ verdict }) => verdict)).toEqual(['killed', 'survived']);
});

test('a command notices by its exit code, on a database of its own', async () => {
  const script = `
    const pg = require('pg');
    const client = new pg.Client(process.env.DATABASE_URL);
    client.connect().then(() => client.query('insert into public.t default values returning n'))
      .then(({ rows }) => client.end().then(() => process.exit(rows[0].n === 1 ? 0 : 3)));`;
  const suite = commandSuite([process.execPath, '-e', script], 2, { env: process.env, timeout: 20_000 });

  const outcomes = await mutate(source, [noticed, unnoticed], suite, options);

  expect(verdicts(outcomes)).toEqual([
    ['noticed', 'killed', 'exit code 3'],
    ['unnoticed', 'survived'],
  ]);
});

test('a command that does not end has noticed', async () => {
  const suite = commandSuite([process.execPath, '-e', 'setInterval(() => {}, 1000)'], 1, {
    env: process.env,
    timeout: 300,
  });

  const outcomes = await mutate(source, [unnoticed], suite, options);

  expect(verdicts(outcomes)).toEqual([['unnoticed', 'killed', 'it did not end in 0.3 s']]);
});

test('results that were kept are not run again, unless what they depend on has changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hedgerow-state-'));
  const path = join(folder, 'mutants.jsonl');
  const ran: string[] = [];
  const runWith = (of: string) => {
    const state = openState(path, of);
    return mutate(source, [noticed, unnoticed], tapSuite([looksAtN], 1), {
      ...options,
      known: state.known,
      onVerdict({ id }, by) {
        ran.push(id);
        state.keep(id, by);
      },
    });
  };

  const first = await runWith('a schema');
  // The machine went down in the middle of a line.
  appendFileSync(path, '{"of":"');
  const second = await runWith('a schema');
  const third = await runWith('another schema');
  rmSync(folder, { recursive: true });

  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(ran).toEqual(['noticed', 'unnoticed', 'noticed', 'unnoticed']);
});

test('the report has a score, each survivor with its SQL and what to write, and each equivalent with its reason', async () => {
  const outcomes = await mutate(source, all, tapSuite([looksAtN], 2), options);

  expect(printOutcomes(outcomes)).toBe(`          default
public.t      1/2

survived  unnoticed
    alter table public.t alter m set default 2
    to write: the default of n

equivalent  known
    m is read by nobody
equivalent  accepted
    nobody minds
equivalent  refused
    PostgreSQL refuses it: relation "public.missing" does not exist
equivalent  idle
    it leaves the catalog as it was

1 of 2 mutants killed (50 %), 1 survived, 4 equivalent.`);
});

test('all but one of many is not all', () => {
  expect(percentage({ killed: 999, survived: 1, equivalent: 0 })).toBe('99 %');
  expect(percentage({ killed: 1, survived: 0, equivalent: 9 })).toBe('100 %');
  expect(percentage({ killed: 0, survived: 0, equivalent: 9 })).toBe('–');
});
