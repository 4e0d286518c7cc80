/** The tasks that are asked for: the same in Hedgerow's table and in the peer's, and people with tokens who own them. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { issueToken } from '../../src/auth/issue-token.ts';
import { onDatabase } from '../../src/database/url.ts';
import type { Person } from './connections.ts';

/** So many users with so many tasks each, named `<prefix>-1` and so on. */
export type Population = { prefix: string; users: number; tasks: number };

/** Makes the peer's table and login beside Hedgerow's; gives the URL of the login. */
export async function makePeerTable(admin: pg.Client, apiUrl: string): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const database = new URL(apiUrl).pathname.slice(1);
  await admin.query(`
    create role peer_app login password '${password}';
    grant connect on database ${database} to peer_app;
    create schema peer;
    create table peer.tasks (
      id uuid primary key default uuidv7(),
      user_id text not null,
      title text not null check (char_length(title) between 1 and 200),
      description text check (char_length(description) <= 20000),
      completed boolean not null default false,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    create index tasks_newest_idx on peer.tasks (user_id, created_at desc);
    grant usage on schema peer to peer_app;
    grant select, insert, update, delete on peer.tasks to peer_app`);
  return onDatabase(apiUrl, database, { user: 'peer_app', password });
}

/**
 * Adds a population to both tables, task by task over all users, as time would: a user's tasks lie apart. Triggers and foreign keys are off
 * meanwhile, so there is no history of what is added.
 */
export async function addTasks(admin: pg.Client, { prefix, users, tasks }: Population): Promise<void> {
  await admin.query('set session_replication_role = replica');
  await admin.query(
    "insert into app_public.users (id) select $1 || '-' || number from generate_series(1, $2) as number",
    [prefix, users],
  );
  await admin.query(
    `with added as (
       insert into app_public.tasks (owner_id, title, description, completed, completed_at, created_at, updated_at)
       select
         $1 || '-' || person,
         'Task ' || task || ' of ' || $1 || '-' || person,
         'Ask for a new quote, compare it with the last one, and write down what has changed.',
         task % 3 = 0,
         case when task % 3 = 0 then made.at end,
         made.at,
         made.at
       from generate_series(1, $3::int) as task
       cross join generate_series(1, $2::int) as person
       cross join lateral (
         select now() - interval '1 year' * (1 - (task + person / ($2 + 1.0)) / ($3 + 1))
       ) as made (at)
       returning *
     )
     insert into peer.tasks (id, user_id, title, description, completed, created_at, updated_at)
     select id, owner_id, title, description, completed, created_at, updated_at
     from added`,
    [prefix, users, tasks],
  );
  await admin.query('set session_replication_role = origin');
  await admin.query('vacuum (analyze) app_public.users, app_public.tasks, peer.tasks');
  await admin.query('checkpoint');
}

/** Some of the users of a population, with a token and ten tasks each; not those that a server has made since, which are its own. */
export async function findPeople(admin: pg.Client, prefix: string, atMost: number, secret: string): Promise<Person[]> {
  const { rows } = await admin.query<{ id: string; ids: string[] }>(
    `select person.id, chosen.ids
     from (
       select id
       from app_public.users
       where id like $1 || '-%'
       order by random()
       limit $2
     ) as person
     cross join lateral (
       select array_agg(task.id) as ids
       from (
         select id
         from app_public.tasks
         where owner_id = person.id
           and id in (select made.id from peer.tasks as made where made.user_id = person.id)
         order by random()
         limit 10
       ) as task
     ) as chosen`,
    [prefix, atMost],
  );
  return Promise.all(
    rows.map(async ({ id, ids }) => ({ token: await issueToken(secret, { sub: id, lifetimeSeconds: 86_400 }), ids })),
  );
}
