/**
 * `npm run bench:speed`: what a request costs this server beside a hand-written peer without row-level security. Prints Markdown;
 * figures/speed.md keeps some. `npm run bench:gate` is its short form, which fails when the cost has grown.
 */
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { OperatorError } from '../src/errors.ts';
import { runGate, measureRatios, writeRatios } from './speed/gate.ts';
import { measureGrowth } from './speed/growth.ts';
import type { Amount } from './speed/load.ts';
import { type ServerName, type Stage, withStage } from './speed/stage.ts';
import { measureStart, measureTable } from './speed/table.ts';
import type { Population } from './speed/tasks.ts';
import { medianRatios, type Ratios } from './speed/verdict.ts';
import { mixes, type Workload } from './speed/workloads.ts';
import { describeMachine } from './support/machine.ts';

const { values: options } = parseArgs({
  options: {
    /** A look at whether it still works: its figures mean nothing. */
    quick: { type: 'boolean', default: false },
    users: { type: 'string', default: '1000' },
    /** Of each user. */
    tasks: { type: 'string', default: '100' },
    processes: { type: 'string', default: '1' },
    workloads: { type: 'string', default: Object.keys(mixes).join() },
    /** 32; with a rate 1000, for growth 4. */
    connections: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    /** Requests of one cell in one round; with a rate, its seconds count. */
    requests: { type: 'string', default: '2000' },
    /** Requests a second, whatever the server answers. */
    rate: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    /** How many users ask, each with a token of their own. */
    tokens: { type: 'string', default: '1000' },
    growth: { type: 'boolean', default: false },
    gate: { type: 'boolean', default: false },
    /** With --gate: keeps the ratios instead of comparing them. */
    write: { type: 'boolean', default: false },
    ratios: { type: 'string', default: relative('', join(import.meta.dirname, 'speed/ratios.json')) },
    folder: { type: 'string', default: '/var/tmp' },
  },
});

const { quick, folder } = options;
const rounds = quick ? 1 : Number(options.rounds);
const processes = Number(options.processes);
const workloads = options.workloads.split(',') as Workload[];
const prefix = 'user';
const progress = (line: string) => void process.stderr.write(`${line}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);

const population = (users: string | number, tasks: string | number): Population =>
  quick ? { prefix, users: 20, tasks: 30 } : { prefix, users: Number(users), tasks: Number(tasks) };

const onStage = (of: Population, servers: readonly ServerName[], run: (stage: Stage) => Promise<void>) =>
  withStage({ folder, population: of, servers, processes, tokens: Number(options.tokens), progress }, run);

/** Growth is a matter of how long one request takes, not of the queue before it. */
const usual = options.rate !== undefined ? (quick ? 50 : 1000) : options.growth ? 4 : 32;
const connections = Number(options.connections ?? usual);
const amount: Amount =
  options.rate === undefined
    ? { requests: quick ? 100 : Number(options.requests) }
    : { rate: Number(options.rate), seconds: quick ? 1 : Number(options.seconds) };
const loadText =
  'rate' in amount
    ? `an open loop of ${amount.rate} requests/s for ${amount.seconds} s, ${connections} connections`
    : `${amount.requests.toLocaleString('en')} requests, ${connections} at once`;

const describeRun = async ({ admin }: Stage, { users, tasks }: Population) =>
  `${await describeMachine(admin, folder)}; ${processes} ${processes === 1 ? 'process' : 'processes'} of each server; ` +
  `${users.toLocaleString('en')} users with ${tasks.toLocaleString('en')} tasks each; ${rounds} rounds of ${loadText}`;

async function speed() {
  const unknown = workloads.filter((workload) => !(workload in mixes));
  if (unknown.length > 0)
    throw new OperatorError(`--workloads are ${Object.keys(mixes).join()}, not ${unknown.join()}.`);
  const of = population(options.users, options.tasks);
  const isOpen = 'rate' in amount;
  await onStage(of, isOpen ? ['peer', 'hedgerow'] : ['peer', 'hedgerow', 'trusted'], async (stage) => {
    const figures = await measureTable(stage, prefix, { workloads, connections, rounds, amount, progress });
    print(`${await describeRun(stage, of)}\n\n${figures}`);
    if (!isOpen) print(`\n${await measureStart(stage, quick ? 1 : 5)}`);
  });
}

async function growth() {
  const few = population(100, 100);
  const more = { prefix: 'more', users: quick ? 30 : 8_900, tasks: quick ? 30 : 100 };
  const heavy = { prefix: 'heavy', users: 1, tasks: quick ? 500 : 100_000 };
  await onStage(few, ['peer', 'hedgerow'], async (stage) => {
    const figures = await measureGrowth(stage, { few, more, heavy, connections, rounds, amount, progress });
    print(`${await describeMachine(stage.admin, folder)}; ${rounds} rounds of ${loadText}\n\n${figures}`);
  });
}

/** The gate's own measurement: small, so that it ends soon. What is committed is made by the same, or Node's compiler would not be as far. */
const small = {
  ...{ connections: 8, rounds: quick ? 1 : 21, progress },
  ...{ warmUp: { requests: quick ? 50 : 1000 }, amount: { requests: quick ? 50 : 100 } },
};

async function gate() {
  await onStage(population(200, 30), ['peer', 'hedgerow'], async (stage) => {
    print(await runGate(stage, prefix, small, options.ratios));
  });
}

/** Three times, each with servers that were just started, because no two starts are alike. */
async function writeGate() {
  const measured: Ratios[] = [];
  let machine = '';
  for (let start = 0; start < (quick ? 1 : 3); start += 1) {
    await onStage(population(200, 30), ['peer', 'hedgerow'], async (stage) => {
      measured.push(await measureRatios(stage, prefix, small));
      machine = await describeMachine(stage.admin, folder);
    });
  }
  const how = `npm run bench:gate -- --write: CPU per request of hedgerow serve, as many times that of bench/speed/peer.ts; ${machine}`;
  const ratios = medianRatios(measured);
  await writeRatios(options.ratios, { how, ratios });
  for (const each of measured) progress(JSON.stringify(each));
  print(`${options.ratios}: ${JSON.stringify(ratios)}`);
}

try {
  await (options.gate ? (options.write ? writeGate() : gate()) : options.growth ? growth() : speed());
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
