/** What everybody has, held against the model: past the API, by a superuser who sees all, after every command; through the API now and then. */
import type pg from 'pg';
import { fromGraphQL } from './client.ts';
import { listOf } from './commands/list.ts';
import type { Door, Game } from './game.ts';
import {
  agrees,
  type Claims,
  learn,
  newestFirst,
  type Outcome,
  type Person,
  remember,
  type Task,
  users,
} from './model.ts';

/** All rows there are, of everybody. */
export type Rows = { tasks: Task[]; records: Claims[] };

/** The columns under the names of GraphQL, and moments in its form. */
const query = `
  with moment (format) as (values ('YYYY-MM-DD"T"HH24:MI:SS.USTZH:TZM'))
  select
    (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', id, 'ownerId', owner_id, 'title', title, 'description', description, 'completed', completed,
          'completedAt', to_char(completed_at, format), 'priority', upper(priority::text), 'dueAt', due_at,
          'overdue', app_public.tasks_overdue(task), 'tags', tags, 'version', version,
          'createdAt', to_char(created_at, format), 'updatedAt', to_char(updated_at, format),
          'deletedAt', to_char(deleted_at, format)
        ) order by created_at desc, id desc
      ), '[]')
      from app_public.tasks as task
    ) as tasks,
    (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'email', email)), '[]') from app_public.users) as records
  from moment`;

/** Reads it all, past every policy. */
export async function readAll(admin: pg.Client): Promise<Rows> {
  const { rows } = await admin.query<Rows>({ name: 'model', text: query });
  return { tasks: rows[0]!.tasks.map(fromGraphQL), records: rows[0]!.records };
}

/** Takes what there is for what everybody has, or throws. */
export async function look(game: Game): Promise<void> {
  const rows = await readAll(game.admin);
  for (const user of users) game.world.set(user, matched(game.world.get(user)!, rows));
}

/** The person, with the moments that are there to read. Throws when anything else differs. */
export function matched(person: Person, { tasks, records }: Rows): Person {
  const own = tasks.filter(({ ownerId }) => ownerId === person.user);
  const record = records.find(({ id }) => id === person.user) ?? null;
  const after = remember(person, own);
  hold(person, { tasks: newestFirst(after), value: after.record }, { tasks: own, value: record });
  return after;
}

/** Everybody lists all that they have, the trash too. */
export async function lookThrough(game: Game, door: Door): Promise<void> {
  const everything = listOf({ deleted: 'include', limit: 100 });
  await Promise.all(
    users.map(async (user) => {
      const seen =
        door === 'graphql'
          ? await game.client.graphql(user, 'early', everything.graphql)
          : await game.client.rest(user, 'early', everything.rest!);
      const tasks = newestFirst(game.world.get(user)!);
      hold(game.world.get(user)!, { tasks, value: { total: tasks.length } }, seen);
    }),
  );
}

function hold(person: Person, expected: Outcome, seen: Outcome): void {
  if (!agrees(expected, seen)) throw new Error(difference(`What ${person.user} has`, expected, seen));
}

/** For a person to read. */
export const difference = (what: string, expected: Outcome, seen: Outcome): string =>
  `${what} is not as expected.\nexpected ${JSON.stringify(learn(expected, seen))}\nseen     ${JSON.stringify(seen)}`;
