/** The full table: every workload, on Hedgerow and on its peer, as many requests at once as there are connections. */
import { figure, percent, table } from '../support/markdown.ts';
import { readMemory } from '../support/process-tree.ts';
import { inRounds } from '../support/rounds.ts';
import { median, spread, timesAs } from '../support/statistics.ts';
import type { Amount } from './load.ts';
import { type Cell, type Figures, measure } from './measure.ts';
import type { ServerName, Stage } from './stage.ts';
import type { Workload } from './workloads.ts';

export type TableOptions = {
  workloads: readonly Workload[];
  connections: number;
  rounds: number;
  amount: Amount;
  progress: (line: string) => void;
};

type Line = { title: string; server: ServerName; workload: Workload; history?: boolean };

/** The peer's line of a workload, then Hedgerow's beside it. */
const lines: readonly Line[] = [
  { title: 'list', server: 'peer', workload: 'list' },
  { title: 'list', server: 'hedgerow', workload: 'list' },
  { title: 'list by trusted document', server: 'trusted', workload: 'list' },
  { title: 'get', server: 'peer', workload: 'get' },
  { title: 'get', server: 'hedgerow', workload: 'get' },
  { title: 'create', server: 'peer', workload: 'create' },
  { title: 'create', server: 'hedgerow', workload: 'create' },
  { title: 'create, without history', server: 'hedgerow', workload: 'create', history: false },
  { title: 'mixed', server: 'peer', workload: 'mixed' },
  { title: 'mixed', server: 'hedgerow', workload: 'mixed' },
];

const labels: Record<ServerName, string> = { peer: 'peer', hedgerow: 'Hedgerow', trusted: 'Hedgerow' };

/** Measures each line once per round, those of a workload within seconds of each other; gives the table as Markdown. */
export async function measureTable(stage: Stage, prefix: string, options: TableOptions): Promise<string> {
  const { workloads, connections, rounds, amount, progress } = options;
  const people = await stage.people(prefix);
  const cells = lines
    .filter(({ workload, server }) => workloads.includes(workload) && stage.servers.has(server))
    .filter(({ history }) => !('rate' in amount) || history !== false)
    .map((line): Line & Cell => ({ ...line, people, connections }));
  progress('warming up');
  for (const cell of cells) await measure(stage, cell, amount);
  const figures = await inRounds({ cells, rounds }, (cell) => measure(stage, cell, amount), {
    before: async () => void (await stage.admin.query('checkpoint')),
    progress,
  });

  const rows = cells.map((cell) => {
    const of = (field: keyof Figures) => figures.get(cell)!.map((round) => round[field]);
    const peer = figures.get(cells.find(({ server, workload }) => server === 'peer' && workload === cell.workload)!)!;
    const times = (field: keyof Figures) =>
      cell.server === 'peer' ? '' : figure(timesAs(of(field), peer.map((round) => round[field]))); // prettier-ignore
    const middle = (field: keyof Figures) => figure(median(of(field)));
    return [
      ...[cell.title, labels[cell.server]],
      ...[middle('server'), percent(spread(of('server'))), times('server')],
      ...[middle('postgres'), percent(spread(of('postgres'))), times('postgres')],
      ...[middle('perSecond'), middle('p50'), middle('p95'), middle('p99')],
      ...[String(of('errors').reduce((sum, errors) => sum + errors, 0)), middle('resident'), middle('peak')],
    ];
  });
  return table(
    [
      ...['', 'server', 'CPU µs', 'spread', '× peer', 'PostgreSQL CPU µs', 'spread', '× peer'],
      ...['requests/s', 'p50 ms', 'p95 ms', 'p99 ms', 'errors', 'RSS MiB', 'peak MiB'],
    ],
    rows,
    2,
  );
}

/** How long the servers take until they are ready, and how much memory they hold then, before the first request. */
export async function measureStart(stage: Stage, starts: number): Promise<string> {
  const cells: ServerName[] = ['peer', 'hedgerow'];
  const figures = await inRounds(
    { cells, rounds: starts },
    async (name) => {
      const server = await stage.start(name);
      const { resident } = await readMemory(server.pid);
      await server.stop();
      return { ready: server.readyMs, resident };
    },
    { before: async () => {}, progress: () => {} },
  );
  const rows = cells.map((name) => {
    const of = figures.get(name)!;
    return [
      labels[name],
      figure(median(of.map(({ ready }) => ready))),
      figure(median(of.map(({ resident }) => resident))),
    ];
  });
  return table(['server', 'start to ready, ms', 'RSS then, MiB'], rows, 1);
}
