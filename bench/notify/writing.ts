/** The writing side: what a notification costs the one who writes, and the PostgreSQL that is written to. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { FencedTransaction } from '../../src/database/fence.ts';
import { figure, percent, table } from '../support/markdown.ts';
import { findPostmaster, readProcessorTimes, usedBetween } from '../support/processor-time.ts';
import { inRounds } from '../support/rounds.ts';
import { median, spread } from '../support/statistics.ts';
import { listen } from './listeners.ts';
import { run, statements, tidy, warmUp, type Load, type Measured, type Writer } from './load.ts';
import { switchTo, variants, type Variant } from './variants.ts';

export type WritingPlan = {
  rounds: number;
  /** How long one cell is measured in one round. */
  cellMs: number;
  connections: readonly number[];
  /** How many connections write while somebody listens: one of `connections`. */
  writersWhenListened: number;
};

export type Database = {
  admin: pg.Client;
  apiUrl: string;
  withTransaction: FencedTransaction;
  writers: readonly Writer[];
};

/** One line of the tables. `channels`: how many each of two connections listens on; none, and nobody listens. */
type Cell = Omit<Load, 'writers'> & { connections: number; variant: Variant; channels: 0 | 1 | 100 };

type Figures = Measured & { processorUs: number | undefined; listenersUs: number | undefined };

/** Gives Markdown. */
export async function measureWriting(database: Database, plan: WritingPlan, progress: (line: string) => void) {
  const { admin } = database;
  await assertNotifying(database);
  const postmaster = await findPostmaster(admin);
  const figures = await inRounds(
    { cells: cellsOf(plan), rounds: plan.rounds },
    (cell) => measureCell(database, cell, plan, postmaster),
    { before: () => tidy(admin), progress },
  );
  return report(figures);
}

function cellsOf(plan: WritingPlan): Cell[] {
  const cells: Cell[] = [];
  for (const synchronousCommit of ['on', 'off'] as const) {
    for (const statement of statements) {
      for (const connections of plan.connections) {
        for (const channels of connections === plan.writersWhenListened ? ([0, 1, 100] as const) : ([0] as const)) {
          for (const variant of variants) {
            // Without notifications nobody is woken, and d has no more than one channel.
            if ((variant === 'a' && channels > 0) || (variant === 'd' && channels > 1)) continue;
            cells.push({ synchronousCommit, statement, connections, variant, channels });
          }
        }
      }
    }
  }
  return cells;
}

async function measureCell(
  { admin, apiUrl, withTransaction, writers }: Database,
  { variant, channels, connections, ...cell }: Cell,
  { cellMs }: WritingPlan,
  postmaster: number | undefined,
): Promise<Figures> {
  const load = { ...cell, writers: writers.slice(0, connections) };
  await admin.query(switchTo(variant));
  // The writers, as far as they go, and people who do not write.
  const listenedTo = Array.from({ length: channels }, (_, number) => writers[number]?.sub ?? `reader-${number}`);
  const listeners = await listen(apiUrl, variant, listenedTo, channels === 0 ? 0 : 2);
  try {
    await warmUp(withTransaction, load);
    const before = await readProcessorTimes(postmaster);
    const measured = await run(withTransaction, load, cellMs);
    const after = await readProcessorTimes(postmaster);
    const perWrite = (used: number | undefined) => (used === undefined ? undefined : used / measured.writes);
    return {
      ...measured,
      processorUs: perWrite(usedBetween(before, after)),
      listenersUs: channels === 0 ? undefined : perWrite(usedBetween(before, after, listeners.pids)),
    };
  } finally {
    await listeners.stop();
  }
}

/** A trigger that does nothing would be the cheapest: one bulk update has to arrive as often as it should. */
async function assertNotifying({ admin, apiUrl, withTransaction, writers }: Database): Promise<void> {
  const [writer] = writers;
  const load: Load = { statement: 'update of 100 rows', writers: [writer!], synchronousCommit: 'off' };
  for (const [variant, expected] of Object.entries({ a: 0, b: 100, c: 1, d: 1, e: 1 }) as [Variant, number][]) {
    await admin.query(switchTo(variant));
    const listeners = await listen(apiUrl, variant, [writer!.sub], 1);
    await warmUp(withTransaction, load);
    for (let wait = 0; wait < 40 && listeners.received() < expected; wait += 1) await sleep(25);
    await listeners.stop();
    if (listeners.received() !== expected) {
      throw new Error(`Variant ${variant} sent ${listeners.received()} notifications instead of ${expected}.`);
    }
  }
}

const header = [
  'connections',
  'listeners',
  'variant',
  'writes/s',
  'spread',
  'CPU µs/write',
  'spread',
  'more than a',
  'of it listeners',
  'p50 ms',
  'p95 ms',
];

function report(figures: Map<Cell, Figures[]>): string {
  const sections: string[] = [];
  for (const synchronousCommit of ['on', 'off']) {
    for (const statement of statements) {
      const cells = [...figures].filter(
        ([cell]) => cell.synchronousCommit === synchronousCommit && cell.statement === statement,
      );
      const rows = cells.map(([cell, rounds]) => {
        const [, baseline] = cells.find(([it]) => it.variant === 'a' && it.connections === cell.connections)!;
        return rowOf(cell, rounds, baseline);
      });
      sections.push(`### ${statement}, synchronous_commit ${synchronousCommit}\n\n${table(header, rows, 3)}`);
    }
  }
  return sections.join('\n\n');
}

function rowOf({ connections, channels, variant }: Cell, rounds: Figures[], baseline: Figures[]): string[] {
  const of = (name: keyof Figures) => rounds.map((round) => round[name] ?? NaN);
  // Compared within each round: what the machine did meanwhile then counts for both.
  const more = of('processorUs').map((used, round) => used - (baseline[round]!.processorUs ?? NaN));
  return [
    String(connections),
    channels === 0 ? 'none' : `2 on ${channels}`,
    variant,
    figure(median(of('perSecond'))),
    percent(spread(of('perSecond'))),
    figure(median(of('processorUs'))),
    percent(spread(of('processorUs'))),
    variant === 'a' ? '' : figure(median(more)),
    figure(median(of('listenersUs'))),
    figure(median(of('p50'))),
    figure(median(of('p95'))),
  ];
}
