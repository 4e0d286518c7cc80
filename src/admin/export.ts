/** All that is kept of one user, as JSON: what a person may ask for. */
import type { ClientBase } from 'pg';
import type { Account } from '../accounts/one-account.ts';
import { nothingKept } from './nothing-kept.ts';

/** So many rows are read and written at a time: of a user with a hundred thousand tasks, not all are in memory. */
const pageSize = 1_000;

/** The parts that have any number of rows: newest last, as one would tell it. `words` is made from title and description. */
const lists = [
  ['tasks', `select to_jsonb(task) - 'words' as record from app_public.tasks as task order by created_at, id`],
  ['history', 'select to_jsonb(entry) as record from app_public.task_history as entry order by created_at, id'],
  ['deletions', 'select to_jsonb(note) as record from app_hidden.deleted_users as note'],
] as const;

const keptQuery = `
  select
    (select to_jsonb(person) from app_public.users as person) as user,
    exists (select from app_public.users)
    or exists (select from app_public.task_history)
    or exists (select from app_hidden.deleted_users) as kept`;

/**
 * Reads it in one snapshot, given to the user: what the policies call theirs is what is exported.
 * @param client logs in as an administrator who looks
 * @param write is given the text in pieces
 * @throws OperatorError when nothing is kept of such a user
 */
export async function exportUser(
  client: ClientBase,
  sub: string,
  account: Account | null,
  write: (text: string) => Promise<void>,
): Promise<void> {
  await client.query('begin isolation level repeatable read read only');
  try {
    await client.query('select admin.as_user($1)', [sub]);
    const { rows } = await client.query<{ user: object | null; kept: boolean }>(keptQuery);
    const { user, kept } = rows[0]!;
    if (!kept && account === null) {
      throw nothingKept(sub);
    }
    const head = { exportedAt: new Date(), subject: sub, account, user };
    await write(JSON.stringify(head, undefined, 2).replace(/\n\}$/, ''));
    for (const [name, query] of lists) {
      await write(`,\n  "${name}": [`);
      const count = await writeList(client, name, query, write);
      await write(count === 0 ? ']' : '\n  ]');
    }
    await write('\n}\n');
  } finally {
    await client.query('rollback');
  }
}

async function writeList(
  client: ClientBase,
  name: string,
  query: string,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let count = 0;
  await client.query(`declare ${name} no scroll cursor for ${query}`);
  for (;;) {
    const { rows } = await client.query<{ record: object }>(`fetch ${pageSize} from ${name}`);
    for (const { record } of rows) {
      await write(`${count === 0 ? '' : ','}\n    ${JSON.stringify(record)}`);
      count++;
    }
    if (rows.length < pageSize) return count;
  }
}
