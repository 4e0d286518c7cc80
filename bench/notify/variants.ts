/**
 * The triggers that are compared. The functions run with the invoker's rights and name every object by its schema, as those of the
 * migrations do; `owner_id` never changes, so a row's new owner is its old one.
 */
import { addressOf } from '../../src/database/changes.ts';

export type Variant = 'a' | 'b' | 'c' | 'd' | 'e';

export const descriptions: Readonly<Record<Variant, string>> = {
  a: 'no trigger',
  b: 'by row, channel of the user, one id each',
  c: 'by statement, channel of the user, all ids',
  d: 'by statement, one channel, user in the payload',
  e: 'as c, but only if somebody holds the lock that says "I listen to users of this bucket": what the migrations have',
};

export const variants = Object.keys(descriptions) as Variant[];

/** The channel that a user's notifications come on. `d` has one for all. */
export const channelOf = (variant: Variant, sub: string): string =>
  variant === 'd' ? 'task_changed' : addressOf(sub).channel;

/*
 * A channel's name has at most 63 bytes and a subject up to 255 characters, so it is hashed. Not by md5, which a PostgreSQL
 * in FIPS mode refuses to compute.
 */
const hashOf = (owner: string) =>
  `pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${owner}, 'UTF8')), 'hex'), 32)`;

/** How the variants by statement differ: in SQL, given an expression for the owner. */
type Parts = { channel(owner: string): string; prefix(owner: string): string };

const ofUser: Parts = { channel: (owner) => `'task_changed:' || ${hashOf(owner)}`, prefix: () => `''` };
const ofAll: Parts = { channel: () => `'task_changed'`, prefix: (owner) => `${hashOf(owner)} || ' '` };

const events = ['insert', 'update', 'delete'] as const;

/** Creates the functions and triggers that the migrations do not have; all triggers are disabled. */
export const createTriggers: string = [
  `create function app_private.tg_bench__notify_b() returns trigger
   language plpgsql
   volatile
   as $$
   begin
     perform pg_catalog.pg_notify(${ofUser.channel('new.owner_id')}, pg_catalog.lower(tg_op) || ' ' || new.id);
     return null;
   end
   $$;
   create trigger _900_notify_b_insert after insert on app_public.tasks
   for each row execute function app_private.tg_bench__notify_b();
   create trigger _900_notify_b_update after update on app_public.tasks
   for each row execute function app_private.tg_bench__notify_b();`,
  byStatement('c', ofUser),
  byStatement('d', ofAll),
  ...variants.map(disable),
].join('\n');

/**
 * A payload must stay below 8,000 bytes, and an id takes 37 with its comma: 200 in each. One owner and fewer ids, which is nearly
 * every statement, go without a window and its sort.
 */
function byStatement(variant: Variant, { channel, prefix }: Parts): string {
  const triggers = events.map(
    (event) =>
      `create trigger _900_notify_${variant}_${event} after ${event} on app_public.tasks
       referencing ${event === 'delete' ? 'old' : 'new'} table as changed
       for each statement execute function app_private.tg_bench__notify_${variant}();`,
  );
  return `
    create function app_private.tg_bench__notify_${variant}() returns trigger
    language plpgsql
    volatile
    as $$
    declare
      first_owner text;
      last_owner text;
      ids uuid[];
    begin
      select pg_catalog.min(owner_id), pg_catalog.max(owner_id), pg_catalog.array_agg(id)
      into first_owner, last_owner, ids
      from changed;

      if first_owner = last_owner and pg_catalog.cardinality(ids) <= 200 then
        perform pg_catalog.pg_notify(
          ${channel('first_owner')},
          ${prefix('first_owner')} || pg_catalog.lower(tg_op) || ' ' || pg_catalog.array_to_string(ids, ',')
        );
      else
        perform pg_catalog.pg_notify(
          ${channel('owner_id')},
          ${prefix('owner_id')} || pg_catalog.lower(tg_op) || ' ' || pg_catalog.string_agg(id::text, ',')
        )
        from (
          select owner_id, id, (pg_catalog.row_number() over (partition by owner_id) - 1) / 200 as part
          from changed
        ) as numbered
        group by owner_id, part;
      end if;
      return null;
    end
    $$;
    ${triggers.join('\n')}`;
}

/** Makes one variant's triggers the only ones that fire. */
export const switchTo = (variant: Variant): string =>
  [
    ...variants.map(disable),
    ...triggersOf(variant).map((name) => `alter table app_public.tasks enable trigger ${name};`),
  ].join('\n');

function disable(variant: Variant): string {
  return triggersOf(variant)
    .map((name) => `alter table app_public.tasks disable trigger ${name};`)
    .join('\n');
}

function triggersOf(variant: Variant): string[] {
  if (variant === 'e') return ['_900_tell_created', '_900_tell_updated', '_900_tell_deleted'];
  const fired = { a: [], b: ['insert', 'update'], c: events, d: events }[variant];
  return fired.map((event) => `_900_notify_${variant}_${event}`);
}
