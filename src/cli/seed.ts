/** `hedgerow seed`: known users with tasks, and a token for each. Written through the fence, as each user for themselves. */
import { issueToken } from '../auth/issue-token.ts';
import { parseConfig } from '../config.ts';
import { type FencedTransaction, fencedTransactions } from '../database/fence.ts';
import { openDatabase } from '../database/open.ts';
import { createPool } from '../database/pool.ts';
import { settingsFor } from '../database/settings.ts';
import { OperatorError } from '../errors.ts';
import { createLogger } from '../http/request-log.ts';
import { cast, type Person } from './cast.ts';
import type { Environment } from './environment.ts';
import { openTokenSecret } from './token.ts';

/** Columns of app_public.tasks, but for `dueInDays`. */
type DemoTask = { title: string; dueInDays?: number } & Record<string, unknown>;

const tasksOf: Record<string, DemoTask[]> = {
  alice: [
    {
      title: 'Sketch the border',
      description: 'North side first; the beech stays.',
      tags: ['garden'],
      completed: true,
    },
    {
      title: 'Order hawthorn',
      description: 'Forty bare-root plants, 60 to 90 cm.',
      priority: 'high',
      tags: ['garden', 'nursery'],
      dueInDays: -1,
    },
    { title: 'Plant the hedge', priority: 'urgent', tags: ['garden'], dueInDays: 3 },
  ],
  bob: [
    { title: 'Sharpen the shears', completed: true },
    { title: 'Trim before the birds nest', priority: 'high', tags: ['hedge'], dueInDays: 14 },
  ],
};

/** An hour. */
const tokenSeconds = 3600;

const dayMs = 86_400_000;

/**
 * Seeds those of the cast who have no tasks; with `reset`, deletes what they have first.
 * @throws OperatorError in production
 */
export async function seed(env: Environment, { reset }: { reset: boolean }): Promise<void> {
  const config = parseConfig(env, 'seed');
  if (config.environment === 'production') {
    throw new OperatorError(
      'Refusing to seed: NODE_ENV is production, and the tokens of the demo users would be known to everybody.',
    );
  }
  const database = await openDatabase(config);
  const pool = createPool({ url: database.apiUrl!, size: 1, acquireTimeoutMs: 10_000 }, createLogger('warn'));
  try {
    const withTransaction = fencedTransactions(pool);
    for (const person of cast) {
      const made = await seedPerson(withTransaction, person, reset);
      process.stdout.write(
        `${person.sub}: ${made === 0 ? 'has tasks already (--reset replaces them)' : `${made} tasks made`}\n`,
      );
    }
  } finally {
    await pool.end();
    await database.release();
  }

  if (config.tokenKeys.kind === 'jwks') return;
  const secret = await openTokenSecret(config);
  for (const person of cast) {
    const token = await issueToken(secret, { ...person, ...config.tokenRules, lifetimeSeconds: tokenSeconds });
    process.stdout.write(`\nToken of ${person.sub}, for an hour:\n${token}\n`);
  }
}

/** @returns how many tasks were made */
async function seedPerson(withTransaction: FencedTransaction, person: Person, reset: boolean): Promise<number> {
  const settings = settingsFor(
    { ...person, issuedAt: Date.now() / 1000 },
    { statementMs: 10_000, lockMs: 5_000, idleInTransactionMs: 10_000 },
  );
  const tasks = tasksOf[person.sub] ?? [];
  return withTransaction(settings, ({ withTransaction: together }) =>
    together(async (client) => {
      if (reset) await client.query({ text: 'delete from app_public.tasks' });
      const { rows } = await client.query<{ has_tasks: boolean }>({
        text: 'select exists (select from app_public.tasks) as has_tasks',
      });
      if (rows[0]!.has_tasks) return 0;
      const records = tasks.map(({ dueInDays, ...columns }) => ({
        ...columns,
        due_at: dueInDays === undefined ? null : new Date(Date.now() + dueInDays * dayMs),
      }));
      await client.query({
        text: `select from app_public.create_tasks(array(
                 select pg_catalog.jsonb_populate_record(null::app_public.tasks, task)
                 from pg_catalog.jsonb_array_elements($1::jsonb) as task))`,
        values: [JSON.stringify(records)],
      });
      return tasks.length;
    }),
  );
}
