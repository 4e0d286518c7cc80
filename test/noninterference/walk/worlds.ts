/** A world: a database with its rows, the whole API on it, and a way back to those rows after each change. */
import type { RequestListener } from 'node:http';
import pg from 'pg';
import { pino } from 'pino';
import type { AppOptions, createApp } from '../../../src/app.ts';
import { createChanges } from '../../../src/database/changes.ts';
import { createPool } from '../../../src/database/pool.ts';
import { appOptions, listen } from '../../support/api.ts';
import { cloneTemplate, plantedPrefix } from '../../support/database.ts';
import { type Seed, seeds } from './rows.ts';

export type World = {
  name: string;
  url: string;
  /** Lines of the log at level info and above. */
  logged: string[];
  admin: pg.Client;
  /** Puts back all rows; gives those that were not as they had been, as text. */
  restore(): Promise<string[]>;
  end(): Promise<void>;
};

/** What a planted leak changes, all of it from outside. */
export type Planted = {
  /** Run as superuser before the rows come. */
  sql?: string;
  options?: (options: AppOptions) => AppOptions;
  handler?: (handler: RequestListener) => RequestListener;
};

/** Opens the worlds of those names, one by one: a template is cloned by one at a time. */
export async function openWorlds(
  create: typeof createApp,
  names = Object.keys(seeds),
  planted?: Planted,
): Promise<World[]> {
  const worlds: World[] = [];
  for (const name of names) worlds.push(await openWorld(create, name, planted));
  return worlds;
}

async function openWorld(create: typeof createApp, name: string, planted?: Planted): Promise<World> {
  const ends: (() => Promise<unknown>)[] = [];
  const end = async () => {
    for (const next of ends.splice(0).reverse()) await next();
  };
  try {
    const prefix = planted ? plantedPrefix : 'hedgerow_walk_';
    const clone = await cloneTemplate(`${prefix}${process.env.JEST_WORKER_ID}_${name}`);
    ends.push(clone.drop);
    const admin = new pg.Client(clone.adminUrl);
    await admin.connect();
    ends.push(() => admin.end());
    if (planted?.sql) await admin.query(planted.sql);
    await seed(admin, seeds[name]!);
    const logged: string[] = [];
    const url = await serve(create, clone.apiUrl, logged, planted, ends);
    return {
      name,
      url,
      logged,
      admin,
      async restore() {
        const { rows } = await admin.query<{ row: string }>('select * from walk.restore() as row');
        return rows.map(({ row }) => row);
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The API on that database; what it takes to end it is added to `ends`. */
async function serve(
  create: typeof createApp,
  apiUrl: string,
  logged: string[],
  planted: Planted | undefined,
  ends: (() => Promise<unknown>)[],
): Promise<string> {
  const log = pino({ level: 'info' }, { write: (line) => void logged.push(line) });
  const pool = createPool({ url: apiUrl, size: 2, acquireTimeoutMs: 5_000 }, log);
  const changes = createChanges({ url: apiUrl }, log);
  ends.push(
    () => pool.end(),
    () => changes.release(),
  );
  const options = appOptions({ pool, changes, log });
  const app = await create(planted?.options?.(options) ?? options);
  ends.push(() => app.release());
  const { url, server, close } = await listen(app, planted?.handler?.(app.handler));
  // The walk rests when the machine is busy; nobody is to hang up meanwhile.
  server.keepAliveTimeout = 0;
  ends.push(close);
  return url;
}

/** Without triggers: times and versions are those of the seed. What a planted constraint forbids is left out. */
async function seed(admin: pg.Client, { users, tasks, task_history }: Seed): Promise<void> {
  await admin.query('set session_replication_role = replica');
  for (const [table, rows] of Object.entries({ users, tasks, task_history })) {
    const columns = Object.keys(rows[0]!).join(', ');
    await admin.query(
      `insert into app_public.${table} (${columns})
       select ${columns} from jsonb_populate_recordset(null::app_public.${table}, $1) on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }
  const { rows: tables } = await admin.query<{ table: string; name: string; columns: string }>(tablesQuery);
  await admin.query(`create schema walk; ${tables.map(keep).join('')} ${restoration(tables)}; analyze`);
}

/** Every table of users' data: a new one is put back without being named here. */
const tablesQuery = `
  select class.oid::regclass::text as table, class.relnamespace::regnamespace || '_' || class.relname as name,
    string_agg(quote_ident(attribute.attname), ', ' order by attribute.attnum) as columns
  from pg_class as class
  join pg_attribute as attribute on attribute.attrelid = class.oid
  where class.relnamespace in ('app_public'::regnamespace, 'app_hidden'::regnamespace)
  and class.relkind in ('r', 'p') and attribute.attnum > 0 and not attribute.attisdropped and attribute.attgenerated = ''
  group by class.oid
  order by 1`;

type Table = { table: string; name: string; columns: string };

const keep = ({ table, name }: Table) =>
  `create table walk.${name} as select live.*, live::text as whole from ${table} as live;`;

const restoration = (tables: Table[]) => `
  create function walk.restore() returns setof text language plpgsql as $$
  begin
    ${tables
      .map(
        ({ table, name, columns }) => `
    return query delete from ${table} as live
      where live::text not in (select kept.whole from walk.${name} as kept) returning row(${columns})::text;
    return query insert into ${table} as live (${columns})
      select ${columns} from walk.${name} as kept
      where kept.whole not in (select there::text from ${table} as there) returning row(${columns})::text;`,
      )
      .join('')}
  end $$`;
