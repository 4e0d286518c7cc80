/** The example front end: generated from the committed schema, type-checked, and run against a real server. C-01, C-24, C-27, C-29, C-31 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as Connect from '../../examples/typed-client/src/client.ts';
import type * as Tasks from '../../examples/typed-client/src/tasks.ts';
import { openProxy } from '../support/proxy.ts';
import { inSeconds, mint } from '../support/tokens.ts';
import { tokenOf, useApi } from '../support/api.ts';

const root = join(import.meta.dirname, '../..');
const example = join(root, 'examples/typed-client');
const run = promisify(execFile);
/** A program of the root's node_modules, in the folder of the example. */
const program = (name: string, ...args: string[]) => run(join(root, 'node_modules/.bin', name), args, { cwd: example });

const api = useApi();
let tasks: typeof Tasks;
let connect: typeof Connect.connect;
const opened: { close(): void }[] = [];

beforeAll(async () => {
  await program('graphql-codegen', '--config', 'codegen.ts');
  tasks = await import('../../examples/typed-client/src/tasks.ts');
  ({ connect } = await import('../../examples/typed-client/src/client.ts'));
}, 120_000);

afterEach(() => opened.splice(0).forEach((connection) => connection.close()));

function connectAs(sub: string, getToken = () => tokenOf(sub), url = api.url) {
  const connection = connect(url, getToken);
  opened.push(connection);
  return connection;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 8_000; !(await holds()); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (Date.now() > end) throw new Error('It did not come to that.');
  }
}

test('its types check', async () => {
  await expect(program('tsc', '-p', '.')).resolves.toBeDefined();
}, 60_000);

test('a field that does not exist does not', async () => {
  const wrong = join(example, 'src/gql/wrong.ts');
  await writeFile(
    wrong,
    "import type { TaskPartsFragment } from './graphql.ts';\nexport const x = (task: TaskPartsFragment) => task.subtasks;\n",
  );

  await expect(program('tsc', '-p', '.').finally(() => rm(wrong))).rejects.toMatchObject({
    stdout: expect.stringContaining("Property 'subtasks' does not exist"),
  });
}, 60_000);

test('what the how-to shows of it is what it holds', () => {
  const page = readFileSync(join(root, 'docs/how-to/typed-queries.md'), 'utf8');
  const blocks = [...page.matchAll(/^<!-- (\S+) -->\n\n```\w+\n(.*?)```$/gms)];

  expect(blocks.length).toBeGreaterThan(3);
  for (const [, file, block] of blocks) expect(readFileSync(join(example, file!), 'utf8')).toContain(block);
});

test('its packages have the versions that are tested here', () => {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
  const [ours, its] = [read(join(root, 'package.json')), read(join(example, 'package.json'))];

  expect({ ...ours.dependencies, ...ours.devDependencies }).toMatchObject({
    ...its.dependencies,
    ...its.devDependencies,
  });
});

test('the folder that its generator writes is ignored by git', async () => {
  await expect(run('git', ['check-ignore', 'src/gql/gql.ts'], { cwd: example })).resolves.toBeDefined();
});

test('its program runs, and prints what happens', async () => {
  const { stdout } = await run(process.execPath, ['src/main.ts', api.url, tokenOf('runner')], { cwd: example });

  expect(stdout).toMatch(/created: Plant a hedge, version 1/);
  expect(stdout).toMatch(/told: CREATED Plant a hedge/);
  expect(stdout).toMatch(/edited: due 2027-03-01.*version 2/);
  expect(stdout).toMatch(/completed: true/);
  expect(stdout).toMatch(/found: Plant a hedge \(garden\)/);
  expect(stdout).toMatch(/refused: input\.task\.title: A title has 1 to 200 characters/);
});

test('lists go on over many pages', async () => {
  const { client } = connectAs('lister');
  const create = 'mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { clientMutationId } }';
  for (let batch = 0; batch < 3; batch++) {
    await api.as('lister')(create, {
      tasks: Array.from({ length: 80 }, (_, number) => ({ title: `${batch} ${number}` })),
    });
  }

  const ids = new Set<string>();
  for await (const { id } of tasks.listTasks(client)) ids.add(id);

  expect(ids.size).toBe(240);
});

test('a create that is repeated makes one task', async () => {
  const { client } = connectAs('retrier');
  const task = { id: crypto.randomUUID(), title: 'Once' };

  const first = await tasks.createTask(client, task);
  const second = await tasks.createTask(client, task);

  expect(second).toEqual(first);
  const { data } = await api.as('retrier')('{ tasks { totalCount } }');
  expect(data.tasks.totalCount).toBe(1);
});

test('an edit of a task that somebody else has changed is merged, and nothing is lost', async () => {
  const { client } = connectAs('editor');
  const read = await tasks.createTask(client, { title: 'Plant', tags: ['a'] });
  await tasks.editTask(client, read, { tags: ['a', 'theirs'] }, () => undefined);

  const edited = await tasks.editTask(client, read, { tags: ['a', 'ours'] }, (current) => ({
    tags: [...current.tags, 'ours'],
  }));

  expect(edited).toMatchObject({ tags: ['a', 'theirs', 'ours'], version: 3 });
});

test('each watcher is told of own tasks, also after the token of the connection has expired', async () => {
  // The first token ends in two seconds; whoever connects again gets a good one.
  const given = [mint({ sub: 'watcher', exp: inSeconds(2) })];
  const mine = connectAs('watcher', () => given.shift() ?? tokenOf('watcher'));
  const theirs = connectAs('other');
  const told: Record<string, string[]> = { watcher: [], other: [] };
  let missed = 0;
  const change = (who: string) => (event: { event: string; task?: { title: string } | null }) =>
    void told[who]!.push(event.task?.title ?? event.event);
  const stops = [
    tasks.watchTasks(mine, { change: change('watcher'), missed: () => (missed += 1) }),
    tasks.watchTasks(theirs, { change: change('other'), missed: () => {} }),
  ];
  const write = async (title: string) => {
    await tasks.createTask(connectAs('watcher').client, { title });
    await tasks.createTask(theirs.client, { title: `not ${title}` });
  };

  await until(async () => {
    await write('before');
    return told.watcher!.includes('before');
  });
  await until(() => missed > 0);
  await until(async () => {
    await write('after');
    return told.watcher!.includes('after') && told.other!.includes('not after');
  });
  stops.forEach((stop) => stop());

  expect(new Set(told.watcher)).toEqual(new Set(['before', 'after']));
  expect(told.other!.every((title) => title.startsWith('not '))).toBe(true);
});

test('a watcher whose connection was cut is connected again, and knows that something may have been missed', async () => {
  const proxy = await openProxy(Number(new URL(api.url).port));
  const watching = connectAs('cut', undefined, `http://127.0.0.1:${proxy.port}`);
  const { client } = connectAs('cut');
  const told: string[] = [];
  let missed = 0;
  const stop = tasks.watchTasks(watching, {
    change: ({ task }) => void told.push(task!.title),
    missed: () => (missed += 1),
  });
  const writeUntilTold = (title: string) =>
    until(async () => {
      await tasks.createTask(client, { title });
      return told.includes(title);
    });

  await writeUntilTold('before');
  proxy.cut();
  await writeUntilTold('after');
  stop();

  expect(missed).toBe(1);
  watching.close();
  await proxy.close();
});
