/** What more tasks cost: the same requests with few tasks in all, with a hundred times as many, and of one user who has very many. */
import { figure, percent, table } from '../support/markdown.ts';
import { inRounds } from '../support/rounds.ts';
import { median, spread } from '../support/statistics.ts';
import type { Amount } from './load.ts';
import { type Cell, type Figures, measure } from './measure.ts';
import type { Stage } from './stage.ts';
import { addTasks, type Population } from './tasks.ts';
import type { Workload } from './workloads.ts';

export type GrowthOptions = {
  /** What is there already. */
  few: Population;
  /** What is added to it, and one user's own. */
  more: Population;
  heavy: Population;
  connections: number;
  rounds: number;
  amount: Amount;
  progress: (line: string) => void;
};

type Sized = Cell & { size: string };

const servers = ['peer', 'hedgerow'] as const;
const workloads: readonly Workload[] = ['list', 'get', 'create'];

/** Measures before and after the tasks are added; gives the table as Markdown. */
export async function measureGrowth(stage: Stage, options: GrowthOptions): Promise<string> {
  const { few, more, heavy, connections, rounds, amount, progress } = options;
  const count = (...populations: Population[]) =>
    populations.reduce((sum, { users, tasks }) => sum + users * tasks, 0).toLocaleString('en');

  const cellsOf = async (size: string, prefix: string): Promise<Sized[]> => {
    const people = await stage.people(prefix);
    return workloads.flatMap((workload) => servers.map((server) => ({ size, server, workload, people, connections })));
  };
  const measureAll = async (cells: Sized[]) => {
    for (const cell of cells) await measure(stage, cell, amount);
    return inRounds({ cells, rounds }, (cell) => measure(stage, cell, amount), {
      before: async () => void (await stage.admin.query('checkpoint')),
      progress,
    });
  };

  const figures = await measureAll(await cellsOf(`${count(few)} in all`, few.prefix));
  for (const added of [more, heavy]) {
    progress(`adding ${count(added)} tasks`);
    await addTasks(stage.admin, added);
  }
  const later = await measureAll([
    ...(await cellsOf(`${count(few, more, heavy)} in all`, more.prefix)),
    ...(await cellsOf(`${count(heavy)} of one user`, heavy.prefix)),
  ]);
  for (const [cell, rounds] of later) figures.set(cell, rounds);
  return report(figures);
}

function report(figures: ReadonlyMap<Sized, readonly Figures[]>): string {
  const cells = [...figures.keys()];
  const rows = workloads.flatMap((workload) =>
    servers.flatMap((server) => {
      const sizes = cells.filter((cell) => cell.workload === workload && cell.server === server);
      const of = (cell: Sized, field: keyof Figures) => figures.get(cell)!.map((round) => round[field]);
      const least = (field: keyof Figures) => median(of(sizes[0]!, field));
      return sizes.map((cell, index) => [
        ...[workload, server === 'peer' ? 'peer' : 'Hedgerow', cell.size],
        ...(['p50', 'postgres', 'server'] as const).flatMap((field) => [
          figure(median(of(cell, field))),
          percent(spread(of(cell, field))),
          index === 0 ? '' : figure(median(of(cell, field)) / least(field)),
        ]),
      ]);
    }),
  );
  const each = (title: string) => [title, 'spread', '× few'];
  return table(['', 'server', 'tasks', ...each('p50 ms'), ...each('PostgreSQL CPU µs'), ...each('CPU µs')], rows, 3);
}
