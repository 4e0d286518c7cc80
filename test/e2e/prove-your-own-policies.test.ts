/** docs/how-to/prove-your-own-policies.md, followed to the letter in an empty folder, on a database made from its own SQL. C-03 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { onDatabase } from '../../src/database/url.ts';
import { fillGaps, makePrograms, readSteps, type Step, type, writeStep } from '../support/page.ts';
import { testAdminUrl } from '../support/servers.ts';

const root = join(import.meta.dirname, '../..');
const steps = readSteps(await readFile(join(root, 'docs/how-to/prove-your-own-policies.md'), 'utf8'));
const database = `hedgerow_test_garden_${process.env.JEST_WORKER_ID}`;
const superuser = 'postgres';
let server: pg.Client;
let folder: string;
let programs: string;

beforeAll(async () => {
  server = new pg.Client(testAdminUrl());
  await server.connect();
  await server.query(`drop database if exists ${database} with (force)`);
  await server.query(`create database ${database} template template0`);
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-garden-'));
  programs = await mkdtemp(join(tmpdir(), 'hedgerow-programs-'));
  await makePrograms(join(programs, 'bin'));
});

afterAll(async () => {
  await server.query(`drop database ${database} with (force)`);
  await server.end();
  await rm(folder, { recursive: true });
  await rm(programs, { recursive: true });
});

/** What a reader has done beforehand, or does elsewhere. */
const elsewhere = /^(npm install --save-dev hedgerow|export DEV_DATABASE_URL=\S+)\n/gm;

/** What differs from run to run, and from place to place. */
const settle = (text: string) =>
  text
    .replaceAll(/\(\d+ ms\)/g, '(… ms)')
    // A privilege of PostgreSQL 17 and newer.
    .replaceAll('maintain, ', '')
    .replaceAll(/\S*docs\/reference\/lints\//g, 'docs/reference/lints/')
    .replaceAll(`Its owner, ${new URL(testAdminUrl()).username},`, `Its owner, ${superuser},`);

const typed = (commands: string) =>
  type(commands.replaceAll(elsewhere, ''), folder, {
    PATH: join(programs, 'bin') + delimiter + process.env.PATH!,
    HOME: folder,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE!,
    DEV_DATABASE_URL: onDatabase(testAdminUrl(), database),
    ...{ GIT_AUTHOR_NAME: 'alice', GIT_AUTHOR_EMAIL: 'alice@example.com' },
    ...{ GIT_COMMITTER_NAME: 'alice', GIT_COMMITTER_EMAIL: 'alice@example.com' },
  });

const named = (step: Step): [string, Step] => [
  step.kind === 'file' ? `the file ${step.name}` : step.commands.trim().replaceAll(/\s*\n/g, '; ').slice(0, 200),
  step,
];

test('it shows the commands of the group', () => {
  const commands = steps.flatMap((step) => (step.kind === 'commands' ? [step.commands] : [])).join('');
  for (const command of ['test', 'lint', 'matrix', 'mutate', 'explain', 'diff', 'snapshot']) {
    expect(commands).toMatch(new RegExp(`^npx hedgerow policies ${command}\\b`, 'm'));
  }
});

test.each(steps.map(named))(
  '%s',
  async (_name, step) => {
    if (step.kind === 'file') return writeStep(folder, step);

    const ended = await typed(step.commands);

    const printed = settle(ended.printed);
    expect(printed).toBe(fillGaps(settle(step.shown ?? ''), printed));
    expect(ended.code).toBe(0);
  },
  300_000,
);
