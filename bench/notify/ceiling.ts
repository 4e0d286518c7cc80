/**
 * The lock by itself: the same update, but in a loop inside of PostgreSQL, so that neither the network nor Node slows it down and as many
 * transactions as possible want to commit at once.
 */
import type pg from 'pg';
import { connect } from '../../src/database/connect.ts';
import { visitorRole } from '../../src/database/roles.ts';
import { figure, percent, table } from '../support/markdown.ts';
import { findPostmaster, readProcessorTimes, usedBetween } from '../support/processor-time.ts';
import { inRounds } from '../support/rounds.ts';
import { median, spread } from '../support/statistics.ts';
import { tidy, type Writer } from './load.ts';
import { switchTo, variants, type Variant } from './variants.ts';
import type { Database, WritingPlan } from './writing.ts';

type Cell = { synchronousCommit: 'on' | 'off'; connections: number; variant: Variant };
type Figures = { perSecond: number; processorUs: number | undefined };

/** Gives Markdown. */
export async function measureCeiling(
  { admin, apiUrl, writers }: Database,
  { rounds, connections: sizes, cellMs }: WritingPlan,
  progress: (line: string) => void,
): Promise<string> {
  const cells = (['on', 'off'] as const).flatMap((synchronousCommit) =>
    sizes.flatMap((connections) => variants.map((variant): Cell => ({ synchronousCommit, connections, variant }))),
  );
  const postmaster = await findPostmaster(admin);
  const clients = await Promise.all(writers.slice(0, Math.max(...sizes)).map((writer) => signIn(apiUrl, writer)));

  const measure = async ({ synchronousCommit, connections, variant }: Cell): Promise<Figures> => {
    await admin.query(switchTo(variant));
    const active = clients.slice(0, connections);
    await writeFor(active, synchronousCommit, 5);
    const before = await readProcessorTimes(postmaster);
    const writes = await writeFor(active, synchronousCommit, cellMs);
    const used = usedBetween(before, await readProcessorTimes(postmaster));
    return { perSecond: (writes * 1000) / cellMs, processorUs: used === undefined ? undefined : used / writes };
  };
  try {
    return report(await inRounds({ cells, rounds }, measure, { before: () => tidy(admin), progress }));
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** A connection that stays one user's: the loop's transactions have no settings of their own. */
async function signIn(apiUrl: string, { sub }: Writer): Promise<pg.Client> {
  const client = await connect(apiUrl, 'the bench');
  await client.query(`set role ${visitorRole}`);
  await client.query(`select set_config('jwt.claims.sub', $1, false)`, [sub]);
  return client;
}

/** @returns how many transactions all of them have committed */
async function writeFor(
  clients: readonly pg.Client[],
  synchronousCommit: 'on' | 'off',
  forMs: number,
): Promise<number> {
  await Promise.all(clients.map((client) => client.query(`set synchronous_commit = ${synchronousCommit}`)));
  const counts = await Promise.all(
    clients.map(async (client) => {
      await client.query(loop(forMs));
      const { rows } = await client.query<{ writes: string }>(`select current_setting('bench.writes') as writes`);
      return Number(rows[0]!.writes);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const loop = (forMs: number): string => `
  do $$
  declare
    ids uuid[] = array(select id from app_public.tasks);
    deadline timestamptz = pg_catalog.clock_timestamp() + interval '${forMs} ms';
    writes int = 0;
  begin
    commit;
    while pg_catalog.clock_timestamp() < deadline loop
      update app_public.tasks set completed = not completed where id = ids[1 + writes % pg_catalog.cardinality(ids)];
      commit;
      writes = writes + 1;
    end loop;
    perform pg_catalog.set_config('bench.writes', writes::text, false);
  end
  $$`;

function report(figures: Map<Cell, Figures[]>): string {
  const header = ['synchronous_commit', 'connections', 'variant', 'writes/s', 'spread', 'CPU µs/write', 'spread'];
  const rows = [...figures].map(([{ synchronousCommit, connections, variant }, rounds]) => {
    const perSecond = rounds.map((round) => round.perSecond);
    const processor = rounds.map((round) => round.processorUs ?? NaN);
    return [
      synchronousCommit,
      String(connections),
      variant,
      figure(median(perSecond)),
      percent(spread(perSecond)),
      figure(median(processor)),
      percent(spread(processor)),
    ];
  });
  return table(header, rows, 3);
}
