/** The short form for CI: fails when a request costs clearly more beside the peer than it did when ratios.json was written. */
import { readFile, writeFile } from 'node:fs/promises';
import { OperatorError } from '../../src/errors.ts';
import { inRounds } from '../support/rounds.ts';
import { timesAs } from '../support/statistics.ts';
import type { Amount } from './load.ts';
import { type Cell, measure } from './measure.ts';
import type { ServerName, Stage } from './stage.ts';
import { allowedGrowth, describeVerdict, judge, type Ratios } from './verdict.ts';
import type { Workload } from './workloads.ts';

export type GateOptions = {
  connections: number;
  rounds: number;
  /** Of each cell, before the first round: Node compiles what is asked for often. */
  warmUp: Amount;
  amount: Amount;
  progress: (line: string) => void;
};

/** What is committed: the ratios, and how they were made. */
export type Committed = { how: string; ratios: Ratios };

const workloads: readonly Workload[] = ['list', 'get', 'create'];

/** The ratio of each workload: the median of those of the rounds. Throws OperatorError where there is no /proc. */
export async function measureRatios(
  stage: Stage,
  prefix: string,
  { connections, rounds, warmUp, amount, progress }: GateOptions,
  of = workloads,
): Promise<Ratios> {
  const people = await stage.people(prefix);
  const cells = of.flatMap((workload) =>
    (['peer', 'hedgerow'] as const).map((server): Cell => ({ server, workload, people, connections })),
  );
  for (const cell of cells) await measure(stage, cell, warmUp);
  const figures = await inRounds({ cells, rounds }, async (cell) => (await measure(stage, cell, amount)).server, {
    before: async () => {},
    progress,
  });
  const rounded = (workload: Workload) => {
    const by = (name: ServerName) =>
      figures.get(cells.find((cell) => cell.server === name && cell.workload === workload)!)!;
    return Number(timesAs(by('hedgerow'), by('peer')).toFixed(3));
  };
  const ratios = Object.fromEntries(of.map((workload) => [workload, rounded(workload)]));
  if (Object.values(ratios).some(Number.isNaN)) {
    throw new OperatorError(
      'This system does not tell the processor time of processes in /proc. Run the gate on Linux.',
    );
  }
  return ratios;
}

/**
 * Measures, and once more with twice the rounds what seems to have grown: noise does not come back, a slower server does. Prints a line for
 * each workload; throws OperatorError when one does not hold.
 */
export async function runGate(stage: Stage, prefix: string, options: GateOptions, path: string): Promise<string> {
  const committed = await readRatios(path);
  let verdicts = judge(await measureRatios(stage, prefix, options), committed);
  const doubtful = verdicts.filter(({ holds }) => !holds).map(({ workload }) => workload);
  if (doubtful.length > 0) {
    options.progress(`once more, to be sure: ${doubtful.join(', ')}`);
    const again = judge(
      await measureRatios(stage, prefix, { ...options, rounds: options.rounds * 2, warmUp: options.amount }, doubtful),
      committed,
    );
    verdicts = verdicts.map((verdict) => again.find(({ workload }) => workload === verdict.workload) ?? verdict);
  }
  const lines = verdicts.map(describeVerdict).join('\n');
  if (verdicts.every(({ holds }) => holds)) return lines;
  throw new OperatorError(
    `${lines}\nA request may cost at most ${allowedGrowth * 100} % more beside the hand-written peer than ${path} says. ` +
      'Find what made it slower (node --cpu-prof src/main.ts serve). If it is worth its price: npm run bench:gate -- --write, and say so in the commit.',
  );
}

/** Commits to what is measured now. */
export async function writeRatios(path: string, { how, ratios }: Committed): Promise<void> {
  await writeFile(path, `${JSON.stringify({ how, ratios }, null, 2)}\n`);
}

async function readRatios(path: string): Promise<Ratios> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new OperatorError(`${path} cannot be read. Write it with npm run bench:gate -- --write.`, { cause: error });
  });
  return (JSON.parse(text) as Committed).ratios;
}
