/** docs/how-to/inspect.md: each of its queries runs, and together they find a task that has vanished. C-04 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { fencedTransactions } from '../../src/database/fence.ts';
import { settingsFor } from '../../src/database/settings.ts';
import { useDatabase } from '../support/database.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/how-to/inspect.md'), 'utf8');
const files = readdirSync(join(root, 'docs/how-to/inspect'));

let inspector: pg.Client;
// Before the database is dropped.
afterAll(() => inspector.end());
const database = useDatabase();
beforeAll(async () => {
  inspector = new pg.Client(database.inspectorUrl);
  await inspector.connect();
});

type Row = Record<string, unknown>;

/** As much of psql as the page uses: `\set`, `\i`, and `:'name'` for what was set. Gives the rows of each statement that has some. */
async function psql(lines: string[], variables: Record<string, string>): Promise<Row[][]> {
  const answers: Row[][] = [];
  for (const line of lines) {
    const [, name, value] = /^\\set (\w+) '?(.*?)'?$/.exec(line) ?? [];
    if (name !== undefined) variables[name] = value!;
    const [, file] = /^\\i (\S+)$/.exec(line) ?? [];
    if (file === undefined) continue;
    const sql = readFileSync(join(root, file), 'utf8').replaceAll(/:'(\w+)'/g, (_, variable: string) => {
      if (variables[variable] === undefined)
        throw new Error(`${file} needs \\set ${variable}, and the page does not say so.`);
      return pg.escapeLiteral(variables[variable]);
    });
    const results = [await inspector.query<Row>(sql)].flat();
    answers.push(...results.filter(({ command }) => command === 'SELECT').map(({ rows }) => rows));
  }
  return answers;
}

/** Done as the API does it: in a transaction of the user's. */
const asUser = (sub: string, sql: string) =>
  fencedTransactions(database.pool)(
    settingsFor(
      { sub, email: `${sub.split('+')[0]}@example.com` },
      { statementMs: 5_000, lockMs: 5_000, idleInTransactionMs: 5_000 },
    ),
    (client) => client.query<Row>({ text: sql }),
  );

test('the page names each file, and no other', () => {
  const named = [...page.matchAll(/\\i docs\/how-to\/inspect\/(\S+\.sql)/g)].map(([, file]) => file);

  expect([...new Set(named)].sort()).toEqual(files);
});

test.each(files)('%s runs, says what it is for, and what must be set first', async (file) => {
  const text = readFileSync(join(root, 'docs/how-to/inspect', file), 'utf8');
  const needed = [...new Set([...text.matchAll(/:'(\w+)'/g)].map(([, name]) => name!))];
  const values: Record<string, string> = { task: '00000000-0000-7000-8000-00000000000a' };

  const answers = await psql(
    [`\\i docs/how-to/inspect/${file}`],
    Object.fromEntries(needed.map((name) => [name, values[name] ?? 'nobody'])),
  );

  expect(answers.length).toBeGreaterThan(0);
  expect(text).toMatch(/^\/\*\s+(\* )?[A-Z]/);
  for (const name of needed) expect(text).toContain(`\\set ${name} `);
});

describe('a user says a task has vanished', () => {
  /** The blocks of the section, in the order in which they stand there. */
  const section = page.slice(page.indexOf('## A user says a task has vanished'), page.indexOf('## A page for'));
  const steps = [...section.matchAll(/```\n([\s\S]*?)```/g)].map(([, block]) =>
    block!.split('\n').map((line) => line.trim()),
  );
  const variables: Record<string, string> = {};
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    for (const [title, sub] of [
      ['Paint the fence', 'bob'],
      ['Mend the fence', 'bob'],
      ['Fence post, oak', 'bob'],
      ['Old fence', 'bob'],
      ['Fence gate', 'bob+2'],
    ] as const) {
      const { rows } = await asUser(sub, `insert into app_public.tasks (title) values ('${title}') returning id`);
      ids[title] = rows[0]!['id'] as string;
    }
    await asUser('bob', `update app_public.tasks set deleted_at = now() where title = 'Paint the fence'`);
    await asUser('bob', `update app_public.tasks set completed = true where title = 'Mend the fence'`);
    await asUser('bob', `delete from app_public.tasks where title = 'Fence post, oak'`);
    await asUser('bob', `update app_public.tasks set title = 'Hedge' where title = 'Old fence'`);
  });

  test('the page has five steps', () => {
    expect(steps).toHaveLength(5);
  });

  test('1. who it is: two accounts have the address', async () => {
    const [found] = await psql(steps[0]!, variables);

    expect(found!.map(({ id, found_by }) => [id, found_by])).toEqual([
      ['bob', 'email'],
      ['bob+2', 'email'],
    ]);
  });

  test('2. what they see: one is in the trash, one is completed', async () => {
    const [said, tasks] = await psql(steps[1]!, variables);

    expect(said![0]!['as_user']).toMatch(/what bob sees, and write nothing: 3 tasks, 1 of them in the trash/);
    expect(tasks!.map(({ title, completed, in_trash }) => [title, completed, in_trash])).toEqual([
      ['Hedge', false, false],
      ['Mend the fence', true, false],
      ['Paint the fence', false, true],
    ]);
  });

  test('3. what has happened to it: who has deleted it, when and what it was; a title that was changed is found', async () => {
    const [history] = await psql(steps[2]!, variables);

    const told = (title: string) =>
      history!
        .filter(({ task_id }) => task_id === ids[title])
        .map(({ action, now }) => `${String(action)}: ${String(now).split(' since ')[0]!.split(' on ')[0]}`);
    expect(told('Paint the fence')).toEqual(['insert: in the trash', 'trash: in the trash']);
    expect(told('Mend the fence')).toEqual(['insert: completed', 'update: completed']);
    expect(told('Fence post, oak')).toEqual(['insert: deleted for good', 'delete: deleted for good']);
    expect(told('Old fence')).toEqual(['insert: open', 'update: open']);
    expect(told('Fence gate')).toEqual([]);
    const last = history!.filter(({ task_id }) => task_id === ids['Fence post, oak']).at(-1)!;
    expect(last).toMatchObject({ action: 'delete', actor_id: 'bob', changes: { title: ['Fence post, oak', null] } });
  });

  test('4. whose it is: the other account’s', async () => {
    const [owners] = await psql(steps[3]!, variables);

    expect(owners!.map(({ owner, title }) => [owner, title])).toContainEqual(['bob+2', 'Fence gate']);
    variables['found'] = owners!.find(({ owner }) => owner === 'bob+2')!['id'] as string;
  });

  test('5. why they do not see it: by the clause that hides it', async () => {
    const inThisCase = steps[4]!.map((line) => line.replace(/^\\set task .*/, `\\set task ${variables['found']}`));
    const [lines] = await psql(inThisCase, variables);

    expect(lines!.at(-1)).toMatchObject({ part: 'verdict', value: 'hidden' });
    expect(String(lines!.at(-1)!['what'])).toContain('owner_id = app_hidden.current_user_id() is false');
  });
});
