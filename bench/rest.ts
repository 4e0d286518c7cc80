/** `npm run bench:rest`: what a REST route costs the server beside the GraphQL operation that it is. Prints Markdown; figures/rest.md keeps some. */
import { parseArgs } from 'node:util';
import { issueToken } from '../src/auth/issue-token.ts';
import { callServer, type Request, startApi } from './rest/api.ts';
import { describeMachine } from './support/machine.ts';
import { figure, percent, table } from './support/markdown.ts';
import { readThreads } from './support/processor-time.ts';
import { inRounds } from './support/rounds.ts';
import { type BenchServer, withServer } from './support/server.ts';
import { median, spread } from './support/statistics.ts';

const { values: options } = parseArgs({
  options: {
    /** A look at whether it still works: its figures mean nothing. */
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    /** Requests of one cell in one round. */
    requests: { type: 'string', default: '1000' },
    folder: { type: 'string', default: '/var/tmp' },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const requests = options.quick ? 20 : Number(options.requests);

/** Enough to keep the server busy without a queue of its own. */
const atOnce = 8;
const secret = 'a secret for the bench, of 32 bytes at least';
const fields =
  'id ownerId title description completed completedAt priority dueAt overdue tags version createdAt updatedAt deletedAt';
const task = { title: 'Plant a hedge', priority: 'high', tags: ['garden'] };

const graphql = (query: string, variables: object = {}): Request => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({ query, variables }),
});

/** The same asked twice: as GraphQL, and as REST. */
const workloads = (id: string): Record<string, { graphql: Request; rest: Request }> => ({
  'list of 20': {
    graphql: graphql(`{ tasks { totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`),
    rest: { method: 'GET', path: '/api/v1/tasks' },
  },
  get: {
    graphql: graphql(`query ($id: UUID!) { task(id: $id) { ${fields} } }`, { id }),
    rest: { method: 'GET', path: `/api/v1/tasks/${id}` },
  },
  create: {
    graphql: graphql(`mutation ($task: TaskInput!) { createTask(input: { task: $task }) { task { ${fields} } } }`, {
      task: { ...task, priority: 'HIGH' },
    }),
    rest: { method: 'POST', path: '/api/v1/tasks', body: JSON.stringify(task) },
  },
});

await withServer(options.folder, async (database: BenchServer) => {
  const api = await startApi(database.apiUrl, secret);
  try {
    const token = await issueToken(secret, { sub: 'alice', lifetimeSeconds: 86_400 });
    const ask = callServer(api.url, token);
    const id = await makeTasks(ask);
    const cells = Object.entries(workloads(id)).flatMap(([workload, ways]) =>
      (['graphql', 'rest'] as const).map((way) => ({ workload, way, request: ways[way] })),
    );

    const measure = async ({ request }: (typeof cells)[number]) => {
      const before = await readThreads(api.pid);
      const share = Array.from({ length: atOnce }, async () => {
        for (let i = 0; i < requests / atOnce; i += 1) await ask(request);
      });
      await Promise.all(share);
      const after = await readThreads(api.pid);
      return before === undefined || after === undefined ? NaN : (after - before) / requests;
    };
    // The first requests of each kind are compiled, parsed and planned.
    for (const cell of cells) await measure(cell);
    const figures = await inRounds({ cells, rounds }, measure, {
      before: async () => {},
      progress: (line) => process.stderr.write(`${line}\n`),
    });

    const of = (workload: string, way: string) =>
      figures.get(cells.find((cell) => cell.workload === workload && cell.way === way)!)!;
    const rows = Object.keys(workloads(id)).map((workload) => {
      const [plain, rest] = [of(workload, 'graphql'), of(workload, 'rest')];
      const more = median(rest.map((value, round) => value / plain[round]! - 1));
      return [
        workload,
        figure(median(plain)),
        percent(spread(plain)),
        figure(median(rest)),
        percent(spread(rest)),
        percent(more),
      ];
    });
    process.stdout.write(
      `${await describeMachine(database.admin, options.folder)}; ${rounds} rounds of ${requests} requests, ${atOnce} at once\n\n` +
        `${table(['', 'GraphQL, CPU µs', 'spread', 'REST, CPU µs', 'spread', 'REST is more by'], rows, 1)}\n`,
    );
  } finally {
    await api.stop();
  }
});

/** Gives the id of one of thirty tasks. */
async function makeTasks(ask: (request: Request) => Promise<string>): Promise<string> {
  let last = '';
  for (let i = 0; i < 30; i += 1) {
    last = await ask({ method: 'POST', path: '/api/v1/tasks', body: JSON.stringify({ ...task, title: `Task ${i}` }) });
  }
  return (JSON.parse(last) as { data: { id: string } }).data.id;
}
