/** `npm run bench:notify`: what NOTIFY costs writes, and what listening costs a server. Prints Markdown; figures/notify.md keeps some. */
import { parseArgs } from 'node:util';
import { fencedTransactions } from '../src/database/fence.ts';
import { createPool } from '../src/database/pool.ts';
import { createLogger } from '../src/http/request-log.ts';
import { measureCeiling } from './notify/ceiling.ts';
import { makeWriters } from './notify/load.ts';
import { measureSubscribers } from './notify/subscribers.ts';
import { createTriggers, descriptions } from './notify/variants.ts';
import { measureWriting } from './notify/writing.ts';
import { describeMachine } from './support/machine.ts';
import { withServer, type BenchServer } from './support/server.ts';

const { values: options } = parseArgs({
  options: {
    /** A look at whether it still works: its figures mean nothing. */
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    /** Milliseconds for one cell in one round. */
    cell: { type: 'string', default: '200' },
    /** Where the database lies. /tmp is in memory on many systems, and fsync is then free. */
    folder: { type: 'string', default: '/var/tmp' },
  },
});

const plan = options.quick
  ? { rounds: 1, cellMs: 20, connections: [2], writersWhenListened: 2, subscribers: [3], events: 10 }
  : {
      rounds: Number(options.rounds),
      cellMs: Number(options.cell),
      connections: [1, 8, 32],
      writersWhenListened: 8,
      subscribers: [1, 100, 1000],
      events: 1000,
    };

const print = (text: string) => process.stdout.write(`${text}\n\n`);
const progress = (part: string) => (line: string) => process.stderr.write(`${part}: ${line}\n`);

await withServer(options.folder, async (server: BenchServer) => {
  print(`${await describeMachine(server.admin, options.folder)}; ${plan.rounds} rounds, ${plan.cellMs} ms each`);
  print(
    Object.entries(descriptions)
      .map(([variant, text]) => `- **${variant}**: ${text}`)
      .join('\n'),
  );

  const size = Math.max(...plan.connections);
  const pool = createPool({ url: server.apiUrl, size, acquireTimeoutMs: 10_000 }, createLogger('silent'));
  try {
    const writers = await makeWriters(server.admin, size);
    await server.admin.query(createTriggers);
    const database = { ...server, writers, withTransaction: fencedTransactions(pool) };
    print(`## Writing\n\n${await measureWriting(database, plan, progress('writing'))}`);
    print(`## The lock\n\n${await measureCeiling(database, plan, progress('the lock'))}`);
  } finally {
    await pool.end();
  }
  print(`## Listening\n\n${await measureSubscribers(server, plan, progress('listening'))}`);
});
