/** `npm run bench:history`: what the history of tasks costs writes. Prints Markdown; figures/history.md keeps some. */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { issueToken } from '../src/auth/issue-token.ts';
import { makeRowTriggers, switchTo, type Variant, variants } from './history/variants.ts';
import { callServer, type Request, startApi } from './rest/api.ts';
import { describeMachine } from './support/machine.ts';
import { figure, percent, table } from './support/markdown.ts';
import { findPostmaster, readProcessorTimes, usedBetween } from './support/processor-time.ts';
import { inRounds } from './support/rounds.ts';
import { type BenchServer, withServer } from './support/server.ts';
import { median, spread } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    /** A look at whether it still works: its figures mean nothing. */
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    /** Requests of one cell in one round; of those of 100 tasks a tenth. */
    requests: { type: 'string', default: '400' },
    folder: { type: 'string', default: '/var/tmp' },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const requests = options.quick ? 20 : Number(options.requests);

const atOnce = 4;
const secret = 'a secret for the bench, of 32 bytes at least';
const fields = 'id title description completed completedAt priority dueAt tags version createdAt updatedAt';
const task = {
  title: 'Plant a hedge',
  description: 'Hawthorn and beech, along the road.',
  priority: 'HIGH',
  tags: ['garden'],
};

const graphql = (query: string, variables: object): Request => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});

/** Ids of alice's tasks: those to be changed, and those to be deleted. */
type Ids = { kept: string[]; doomed: string[] };

type Workload = { share: number; request: (ids: Ids, number: number) => Request };

const workloads: Record<string, Workload> = {
  create: {
    share: 1,
    request: () =>
      graphql(`mutation ($task: TaskInput!) { createTask(input: { task: $task }) { task { ${fields} } } }`, { task }),
  },
  update: {
    share: 1,
    request: ({ kept }, number) =>
      graphql(
        `mutation ($id: UUID!, $title: String!) { updateTask(input: { id: $id, patch: { title: $title } }) { task { ${fields} } } }`,
        { id: kept[number % kept.length], title: `Title ${Math.random()}` },
      ),
  },
  delete: {
    share: 1,
    request: ({ doomed }) =>
      graphql(`mutation ($id: UUID!) { deleteTask(input: { id: $id }) { task { ${fields} } } }`, { id: doomed.pop() }),
  },
  'create 100': {
    share: 0.1,
    request: () =>
      graphql('mutation ($tasks: [TaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }', {
        tasks: Array.from({ length: 100 }, () => task),
      }),
  },
  'complete 100': {
    share: 0.1,
    request: ({ kept }, number) =>
      graphql(
        'mutation ($tasks: [TaskRefInput!]!, $completed: Boolean!) { completeTasks(input: { tasks: $tasks, completed: $completed }) { tasks { id } } }',
        { tasks: kept.slice(0, 100).map((id) => ({ id })), completed: number % 2 === 0 },
      ),
  },
};

type Cell = { workload: string; variant: Variant };

/** The same rows for every round, without their history. */
async function reset(admin: pg.Client, doomed: number): Promise<Ids> {
  await admin.query('set session_replication_role = replica; delete from app_public.tasks');
  await admin.query('truncate app_public.task_history');
  const make = async (count: number) => {
    const { rows } = await admin.query<{ id: string }>(
      `insert into app_public.tasks (owner_id, title) select 'alice', 'Task ' || number from generate_series(1, $1) as number returning id`,
      [count],
    );
    return rows.map(({ id }) => id);
  };
  const ids = { kept: await make(500), doomed: await make(doomed) };
  await admin.query('set session_replication_role = origin');
  await admin.query('vacuum (analyze) app_public.tasks, app_public.task_history');
  await admin.query('checkpoint');
  return ids;
}

async function measureAll({ admin, apiUrl }: BenchServer): Promise<string> {
  await admin.query("insert into app_public.users (id) values ('alice')");
  await makeRowTriggers(admin);
  const postmaster = await findPostmaster(admin);
  const api = await startApi(apiUrl, secret);
  const ask = callServer(api.url, await issueToken(secret, { sub: 'alice', lifetimeSeconds: 86_400 }));
  let ids: Ids;

  const send = async ({ request, share }: Workload, count: number) => {
    let sent = 0;
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (sent < count * share) await ask(request(ids, (sent += 1)));
      }),
    );
    return sent;
  };
  const measure = async ({ workload, variant }: Cell): Promise<number> => {
    await switchTo(admin, variant);
    // Each connection plans anew, because the table has changed.
    await send({ ...workloads[workload]!, share: 1 }, 3 * atOnce);
    const before = await readProcessorTimes(postmaster);
    const sent = await send(workloads[workload]!, requests);
    return (usedBetween(before, await readProcessorTimes(postmaster)) ?? NaN) / sent;
  };

  try {
    const cells = Object.keys(workloads).flatMap((workload) =>
      variants.map((variant): Cell => ({ workload, variant })),
    );
    const figures = await inRounds({ cells, rounds }, measure, {
      before: async () => {
        ids = await reset(admin, variants.length * (requests + 8 * atOnce));
      },
      progress: (line) => process.stderr.write(`${line}\n`),
    });
    return report(
      (workload, variant) => [...figures].find(([cell]) => cell.workload === workload && cell.variant === variant)![1],
    );
  } finally {
    await api.stop();
  }
}

function report(of: (workload: string, variant: Variant) => number[]): string {
  const rows = Object.keys(workloads).map((workload) => {
    const none = of(workload, 'none');
    // Compared within each round: what the machine did meanwhile then counts for both.
    const more = (variant: Variant) =>
      percent(median(of(workload, variant).map((used, round) => used / none[round]! - 1)));
    return [
      workload,
      figure(median(none)),
      percent(spread(none)),
      figure(median(of(workload, 'statement'))),
      more('statement'),
      figure(median(of(workload, 'row'))),
      more('row'),
    ];
  });
  return table(['', 'without, CPU µs', 'spread', 'by statement', 'more by', 'by row', 'more by'], rows, 1);
}

await withServer(options.folder, async (server) => {
  const figures = await measureAll(server);
  const machine = await describeMachine(server.admin, options.folder);
  process.stdout.write(`${machine}; ${rounds} rounds of ${requests} requests, ${atOnce} at once\n\n${figures}\n`);
});
