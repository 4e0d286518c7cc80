/**
 * The listening side: what an event costs a server process with so many subscribers, through PostGraphile's PgSubscriber, when each user
 * has a channel (c), and when all share one and each subscriber looks whether an event is theirs (d).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PgSubscriber } from 'postgraphile/@dataplan/pg/adaptors/pg';
import { figure, table } from '../support/markdown.ts';
import { findPostmaster, readProcessorTimes, usedBetween } from '../support/processor-time.ts';
import { inRounds } from '../support/rounds.ts';
import { median } from '../support/statistics.ts';
import { channelOf } from './variants.ts';

export type SubscriberPlan = {
  rounds: number;
  /** How many users one server process has subscriptions of. */
  subscribers: readonly number[];
  /** Events in one measurement, each in a transaction of its own. */
  events: number;
};

type Layout = 'c' | 'd';
type Cell = { layout: Layout; subscribers: number; ours: boolean };
type Figures = { processorUs: number | undefined; nodeUs: number; oneMoreMs: number };

/** Measures all cells in rounds. Gives Markdown. */
export async function measureSubscribers(
  { admin, apiUrl }: { admin: pg.Client; apiUrl: string },
  plan: SubscriberPlan,
  progress: (line: string) => void,
): Promise<string> {
  const cells = plan.subscribers.flatMap((subscribers) =>
    [true, false].flatMap((ours) => (['c', 'd'] as const).map((layout): Cell => ({ layout, subscribers, ours }))),
  );
  const figures = await inRounds(
    { cells, rounds: plan.rounds },
    (cell) => measureCell(admin, apiUrl, cell, plan.events),
    { before: async () => {}, progress },
  );
  const header = [
    'subscribers',
    'event of',
    'variant',
    'PostgreSQL µs/event',
    'Node µs/event',
    'one subscriber more, ms',
  ];
  const rows = [...figures].map(([{ layout, subscribers, ours }, rounds]) => [
    String(subscribers),
    ours ? 'one of them' : 'somebody else',
    layout,
    figure(median(rounds.map(({ processorUs }) => processorUs ?? NaN))),
    figure(median(rounds.map(({ nodeUs }) => nodeUs))),
    figure(median(rounds.map(({ oneMoreMs }) => oneMoreMs))),
  ]);
  return table(header, rows, 3);
}

async function measureCell(admin: pg.Client, apiUrl: string, cell: Cell, events: number): Promise<Figures> {
  const { layout, subscribers, ours } = cell;
  const pool = new pg.Pool({ connectionString: apiUrl, max: 1, application_name: 'hedgerow bench listener' });
  const subscriber = new PgSubscriber(pool);
  let arrived = 0;
  const subscribe = (number: number) =>
    void consume(subscriber, channelOf(layout, `user-${number}`), layout, number, () => (arrived += 1));
  try {
    await admin.query('set synchronous_commit = off');
    for (let number = 0; number < subscribers; number += 1) subscribe(number);
    await settled(subscriber);
    const start = performance.now();
    subscribe(subscribers);
    await settled(subscriber);
    const oneMoreMs = performance.now() - start;

    // In d everybody hears everything, and one of them counts.
    const expected = layout === 'd' || ours ? events : 0;
    const target = Math.floor(subscribers / 2) + (ours ? 0 : 1_000_000);
    const postmaster = await findPostmaster(admin);
    const listener = await admin.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'hedgerow bench listener'`,
    );
    const pids = listener.rows.map(({ pid }) => pid);
    const before = await readProcessorTimes(postmaster);
    const nodeBefore = process.cpuUsage();
    await admin.query(send(channelOf(layout, `user-${target}`), `user-${target} update ${'0'.repeat(36)}`, events));
    for (let wait = 0; wait < 400 && arrived < expected; wait += 1) await sleep(5);
    await sleep(20);
    const node = process.cpuUsage(nodeBefore);
    const used = usedBetween(before, await readProcessorTimes(postmaster), pids);
    if (arrived !== expected) throw new Error(`${arrived} of ${expected} events arrived.`);
    return { processorUs: used && used / events, nodeUs: (node.user + node.system) / events, oneMoreMs };
  } finally {
    subscriber.release();
    await settled(subscriber);
    await pool.end();
  }
}

/** What a subscription does with its topic: in layout d it hears of everybody's events, and looks for its own. */
async function consume(
  subscriber: PgSubscriber,
  topic: string,
  layout: Layout,
  number: number,
  onArrival: () => void,
): Promise<void> {
  const prefix = `user-${number} `;
  for await (const payload of subscriber.subscribe(topic)) {
    const mine = layout === 'c' || payload.startsWith(prefix);
    if (layout === 'd' ? number === 0 : mine) onArrival();
  }
}

/** PgSubscriber subscribes at once and LISTENs later, in a chain of promises. */
const settled = (subscriber: PgSubscriber) => (subscriber as unknown as { _chain: Promise<void> })._chain;

/** The server sends by itself, so that Node's time is the listener's alone. */
const send = (channel: string, payload: string, events: number): string => `
  do $$
  begin
    for event in 1..${events} loop
      perform pg_catalog.pg_notify('${channel}', '${payload}');
      commit;
    end loop;
  end
  $$`;
