/** One difference in who may do what. */
import type { Relation } from '../catalog.ts';

/** `changed` is what can mean either: a reader has to look. */
export type Direction = 'widened' | 'narrowed' | 'changed';

export type Change = {
  direction: Direction;
  /** The object, qualified, such as `app_public.tasks`. */
  object: string;
  /** What it means, in one sentence. */
  what: string;
  before?: string;
  after?: string;
};

/** What is only in one of two lists, and what is in both; things are the same when their keys are. */
export function pair<Thing>(from: readonly Thing[], to: readonly Thing[], key: (thing: Thing) => string) {
  const before = new Map(from.map((thing) => [key(thing), thing]));
  const after = new Map(to.map((thing) => [key(thing), thing]));
  return {
    gone: from.filter((thing) => !after.has(key(thing))),
    came: to.filter((thing) => !before.has(key(thing))),
    both: to.flatMap((thing): [Thing, Thing][] => {
      const old = before.get(key(thing));
      return old === undefined ? [] : [[old, thing]];
    }),
  };
}

/** The key of what hangs on a table. */
export const onTable = ({ table, name }: { table: string; name: string }): string => `${table} ${name}`;

/** Tells whether a name is that of a relation in both: what hangs on one that is new or gone needs no line of its own. */
export function inBoth(from: { relations: readonly Relation[] }, to: { relations: readonly Relation[] }) {
  const names = new Set(from.relations.map(({ name }) => name));
  const kept = new Set(to.relations.filter(({ name }) => names.has(name)).map(({ name }) => name));
  return ({ table }: { table: string }): boolean => kept.has(table);
}

/** A grantee as the subject of a sentence. */
export const who = (role: string): string => (role === 'public' ? 'everybody' : role);

/** `widened` where something opens, `narrowed` where it closes. */
export const towards = (opens: boolean): Direction => (opens ? 'widened' : 'narrowed');

/** `, ` and `and`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
