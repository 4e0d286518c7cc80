/** Users and tasks, from admin.users and admin.task_stats. */
import type { ClientBase } from 'pg';

export type Totals = {
  users: number;
  /** Users who wrote something in the last 7 days, and in the last 30. */
  activeInWeek: number;
  activeInMonth: number;
  openTasks: number;
  completedTasks: number;
  trashedTasks: number;
};

export type UserLine = {
  id: string;
  name: string | null;
  email: string | null;
  openTasks: number;
  completedTasks: number;
  trashedTasks: number;
  bytes: number;
  lastActiveAt: Date;
};

/** A day is such as `2026-11-21`, in UTC. */
export type Arrivals = { day: string; users: number };

export type TaskDay = { day: string; created: number; completed: number; trashed: number };

/** How many users the report names. */
const topUsers = 10;

/** The view reads every task, so it is asked once for both. */
export async function readUsers(client: ClientBase): Promise<{ totals: Totals; topUsers: UserLine[] }> {
  const { rows } = await client.query<{
    totals: Totals;
    top: (Omit<UserLine, 'lastActiveAt'> & { lastActiveAt: string })[];
  }>(
    `with person as materialized (select * from admin.users)
     select
       (
         select jsonb_build_object(
           'users', count(*),
           'activeInWeek', count(*) filter (where person.last_active_at > now() - interval '7 days'),
           'activeInMonth', count(*) filter (where person.last_active_at > now() - interval '30 days'),
           'openTasks', coalesce(sum(person.open_tasks), 0),
           'completedTasks', coalesce(sum(person.completed_tasks), 0),
           'trashedTasks', coalesce(sum(person.trashed_tasks), 0)
         )
         from person
       ) as totals,
       (
         select coalesce(jsonb_agg(to_jsonb(line)), '[]')
         from (
           select
             person.id,
             person.name,
             person.email,
             person.open_tasks as "openTasks",
             person.completed_tasks as "completedTasks",
             person.trashed_tasks as "trashedTasks",
             person.size_bytes as bytes,
             person.last_active_at as "lastActiveAt"
           from person
           order by person.open_tasks + person.completed_tasks + person.trashed_tasks desc, person.id
           limit $1
         ) as line
       ) as top`,
    [topUsers],
  );
  const { totals, top } = rows[0]!;
  return { totals, topUsers: top.map((line) => ({ ...line, lastActiveAt: new Date(line.lastActiveAt) })) };
}

/** How many came on each day. Of the view it takes only what needs no tasks to be read. */
export async function readArrivals(client: ClientBase): Promise<Arrivals[]> {
  const { rows } = await client.query<Arrivals>(
    `select to_char(person.first_active_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::float8 as users
     from admin.users as person
     group by 1
     order by 1`,
  );
  return rows;
}

/** What happened to tasks on each day. */
export async function readTaskDays(client: ClientBase): Promise<TaskDay[]> {
  const { rows } = await client.query<TaskDay>(
    `select
       to_char(stats.day, 'YYYY-MM-DD') as day,
       stats.created::float8 as created,
       stats.completed::float8 as completed,
       stats.trashed::float8 as trashed
     from admin.task_stats as stats
     order by stats.day`,
  );
  return rows;
}
