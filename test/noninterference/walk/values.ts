/** What requests are filled with: what alice's rows hold, what bob's rows hold, and what nobody's do. Drawn from the API's own answers. */
import { getNamedType, type GraphQLOutputType, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import type { Provenance } from './send.ts';

/** A value as it stood in an answer: under which field, of which type. */
export type Found = { name: string; type: string; value: unknown };

export type Values = {
  /**
   * Up to `count` values for a place of that type. `path` are the names on the way to it, the innermost last: a value that has stood under
   * one of them is preferred, so that titles are compared with titles.
   */
  draw(from: Provenance, type: string, path: readonly string[], count: number): unknown[];
};

/** Places whose names say nothing of what they take, as columns or fields. */
const aliases: Record<string, string> = {
  search: 'title',
  q: 'title',
  tag: 'tags',
  dueBefore: 'dueAt',
  dueAfter: 'dueAt',
  lastEventId: 'updatedAt',
  after: 'cursor',
  before: 'cursor',
};

/** What no row holds, but has to be said for a place to answer anything but a refusal: the same for all, so "own" and "foreign" alike. */
const vocabulary: Record<string, readonly unknown[]> = {
  timeZone: ['Europe/Berlin', 'Pacific/Kiritimati'],
  sort: ['-priority,title', 'due_at'],
  limit: ['3', '100'],
  first: [3, 0],
  last: [3, 1],
  offset: [2, 100],
};

/** Headers that hold the tag of a version. */
const tags = ['ifMatch', 'ifNoneMatch'];

const garbage: Record<string, readonly unknown[]> = {
  UUID: ['00000000-0000-7000-8000-0000000000ff', "x' or true --"],
  Datetime: ['infinity', '9999-12-31T23:59:59Z'],
  Int: [-1, 2_147_483_648],
  Boolean: ['yes'],
  Cursor: ['W10=', '%'],
  ID: ['W10=', '00000000-0000-7000-8000-0000000000ff'],
  String: ["%_\\' or true --", 'a\0b'],
};

/** Collects the values of all fields of an answer, by field and type. */
export function harvest(schema: GraphQLSchema, type: GraphQLOutputType, name: string, data: unknown): Found[] {
  if (data == null) return [];
  if (Array.isArray(data)) return data.flatMap((item) => harvest(schema, type, name, item));
  const named = getNamedType(type);
  if (!isObjectType(named)) return isAbstractType(named) ? [] : [{ name, type: named.name, value: data }];
  return Object.entries(data).flatMap(([inner, value]) => {
    const field = named.getFields()[inner];
    return field ? harvest(schema, field.type, inner, value) : [];
  });
}

/** Values from what was found of each. */
export function valuesOf(found: Record<'own' | 'foreign', Found[]>): Values {
  const taken = { own: distinct(found.own), foreign: distinct(found.foreign) };
  // What is foreign is bob's alone: what alice has too is drawn as hers.
  const own = new Set(taken.own.map(keyOf));
  taken.foreign = taken.foreign.toSorted((one, other) => Number(own.has(keyOf(one))) - Number(own.has(keyOf(other))));

  return {
    draw(from, type, path, count) {
      const names = path.toReversed().flatMap((name) => [camel(name), name]);
      if (from !== 'garbage' && tags.includes(names[0]!)) {
        return this.draw(from, 'Int', ['version'], count).map((version) => `"${String(version)}"`);
      }
      for (const name of names) {
        if (from !== 'garbage' && vocabulary[name]) return vocabulary[name].slice(0, count);
      }
      if (from === 'garbage') return (garbage[type] ?? garbage.String!).slice(0, count);
      for (const name of names) {
        const fitting = taken[from].filter((one) => one.name === (aliases[name] ?? name) && isOf(one, type));
        if (fitting.length > 0) return fitting.slice(0, count).map(({ value }) => value);
      }
      const fitting = taken[from].filter((one) => one.type === type);
      return fitting.slice(0, count).map(({ value }) => value);
    },
  };
}

/** REST knows no type for cursors. */
const isOf = (found: Found, type: string): boolean =>
  found.type === type || (type === 'String' && found.type === 'Cursor');

const keyOf = ({ name, type, value }: Found): string => JSON.stringify([name, type, value]);

const distinct = (found: Found[]): Found[] => [...new Map(found.map((one) => [keyOf(one), one])).values()];

/** `due_at` and `If-Match` as GraphQL would write them. */
const camel = (name: string): string =>
  (name.charAt(0).toLowerCase() + name.slice(1)).replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase());
