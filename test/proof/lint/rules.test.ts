/**
 * Every rule tells a story: what is clean it lets be, what is broken it finds, mended it is silent, and a near miss it lets be too.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { inspect, type LintConfig, readRules } from '../../../src/proof/lint/lint.ts';
import { onDatabase } from '../../../src/database/url.ts';
import { testAdminUrl } from '../../support/servers.ts';
import { readStory } from './story.ts';

const folder = join(import.meta.dirname, 'rules');
const stories = readdirSync(folder).sort();
const rules = await readRules();
const config: LintConfig = {
  schemas: ['app_public', 'app_hidden'],
  api: ['app_public'],
  visitors: ['story_visitor', 'story_guest'],
  inspectors: [],
  logins: ['story_login'],
  users: ['alice', 'bob'],
  impersonate: (sub = '') => ({ role: 'story_visitor', settings: { 'claims.sub': sub } }),
};
const name = `hedgerow_lint_${process.env.JEST_WORKER_ID}`;
let server: pg.Client;
let client: pg.Client;

beforeAll(async () => {
  server = new pg.Client(testAdminUrl());
  await server.connect();
  await server.query(`drop database if exists ${name} with (force)`);
  await server.query(`create database ${name} template template0`);
  client = new pg.Client(onDatabase(testAdminUrl(), name));
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.query(`drop database ${name} with (force)`);
  await server.end();
});
beforeEach(async () => {
  await client.query('begin');
  await client.query(await readFile(join(import.meta.dirname, 'scene.sql'), 'utf8'));
});
afterEach(() => client.query('rollback'));

/** What these rules find now, and nothing of the search stays. */
async function findings(chosen = rules) {
  await client.query('savepoint found; reset role');
  const found = await inspect(client, config, chosen);
  await client.query('rollback to found');
  return found;
}

test('every rule has its story, and every story its rule', () => {
  expect(stories.map((file) => file.replace('.sql', ''))).toEqual(rules.map((rule) => rule.name));
});

test('the scene, which every story begins with, is clean', async () => {
  expect(await findings()).toEqual([]);
});

test.each(stories)('%s', async (file) => {
  const story = await readStory(file);
  const chosen = rules.filter((rule) => `${rule.name}.sql` === file);
  const kinds = story.map(({ title }) => /^(clean|broken|mended|near miss)/.exec(title)?.[0]);
  expect(kinds).toEqual(expect.arrayContaining(['clean', 'broken', 'mended', 'near miss']));

  for (const { title, sql, objects } of story) {
    await client.query(sql);
    const found = await findings(chosen);

    expect({ section: title, found: found.map(({ object }) => object) }).toEqual({ section: title, found: objects });
  }
});
