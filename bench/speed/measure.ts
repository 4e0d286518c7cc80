/** What one server needed for one workload, once. */
import { readMemory, readTreeTime, resetPeak } from '../support/process-tree.ts';
import { readProcessorTimes, usedBetween } from '../support/processor-time.ts';
import type { Person } from './connections.ts';
import type { Amount } from './load.ts';
import { contracts, type ServerName, type Stage } from './stage.ts';
import type { Workload } from './workloads.ts';

export type Cell = {
  server: ServerName;
  workload: Workload;
  people: readonly Person[];
  connections: number;
  /** Whether Hedgerow writes the history of what is created; it does by default. */
  history?: boolean;
};

export type Figures = {
  /** Processor time of the server with all its processes, per request, in microseconds. */
  server: number;
  /** The same of PostgreSQL. */
  postgres: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  requests: number;
  errors: number;
  /** In MiB, when it was over; and the most of it meanwhile. */
  resident: number;
  peak: number;
};

/** Measures one cell. Connections are opened, and two requests sent over each, before the clocks are read. Throws when a closed loop has errors. */
export async function measure(stage: Stage, cell: Cell, amount: Amount): Promise<Figures> {
  const { loader, postmaster } = stage;
  const { server, workload, people, connections, history = true } = cell;
  const { url, pid } = stage.servers.get(server)!;
  await switchHistory(stage, history);
  await loader.open({ url, contract: contracts[server], workload, connections, people });
  await resetPeak(pid);
  const [serverBefore, postgresBefore] = [await readTreeTime(pid), await readProcessorTimes(postmaster)];

  const outcome = await loader.send(amount);

  const [serverAfter, postgresAfter] = [await readTreeTime(pid), await readProcessorTimes(postmaster)];
  const { resident, peak } = await readMemory(pid);
  await loader.close();
  const { requests, errors, fault, seconds, p50, p95, p99 } = outcome;
  if (errors > 0 && 'requests' in amount) throw new Error(`${errors} of ${requests} requests to ${server}: ${fault}`);
  return {
    server: (serverAfter - serverBefore) / requests,
    postgres: (usedBetween(postgresBefore, postgresAfter) ?? NaN) / requests,
    perSecond: (requests - errors) / seconds,
    ...{ p50, p95, p99, requests, errors, resident, peak },
  };
}

/** Statements are planned anew after a change, by the requests that open the connections. */
async function switchHistory({ admin }: Stage, on: boolean): Promise<void> {
  const { rows } = await admin.query<{ on: boolean }>(
    `select tgenabled <> 'D' as on from pg_trigger where tgrelid = 'app_public.tasks'::regclass and tgname = '_800_record_insert'`,
  );
  if (rows.length !== 1) throw new Error('The trigger of the history has another name than this bench knows.');
  if (rows[0]!.on === on) return;
  await admin.query(`alter table app_public.tasks ${on ? 'enable' : 'disable'} trigger _800_record_insert`);
}
