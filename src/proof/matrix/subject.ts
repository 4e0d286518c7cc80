/** What the prober needs to know of a relation before it tries: where its rows are, and two of them to write with. */
import type { Relation } from '../catalog.ts';
import type { Actor } from './outcome.ts';
import { isRow, keySql, readRow } from './row.ts';
import type { Rows } from './rows.ts';
import type { Facts } from './facts.ts';
import { attempt, quoted, type Stage } from './stage.ts';

type Values = Record<string, string | null>;

export type Subject = {
  relation: Relation;
  /** The table in which what is written is seen: itself, or the one that an updatable view shows. */
  base: string | null;
  /** A row of the first user, as text, and one that is not. */
  own: Values | null;
  other: Values | null;
  /** Of a view: its rows for the superuser and for the second user, with the claims of each. */
  contents: string[][];
};

/**
 * Reads what there is of the relation.
 * @param users the two users
 */
export async function readSubject(
  stage: Stage,
  facts: Facts,
  rows: Map<string, Rows>,
  relation: Relation,
  users: readonly [Actor, Actor],
): Promise<Subject> {
  if (relation.kind === 'sequence' || relation.kind === 'foreign table') {
    return { relation, base: null, own: null, other: null, contents: [] };
  }
  const base = baseOf(facts, relation);
  const names = relation.columns.map(({ name }) => name);
  if (relation.kind === 'table') {
    const keys = rows.get(relation.name);
    if (keys === undefined) return { relation, base: null, own: null, other: null, contents: [] };
    const visible = await readVisible(stage, relation, users[0], keys.all);
    const own = keys.own?.[0] ?? visible?.[0] ?? keys.all[0];
    const other =
      keys.others?.[0] ?? keys.all.find((key) => !visible?.includes(key)) ?? keys.all.find((key) => key !== own);
    const read = async (key: string | undefined) =>
      key === undefined ? null : readRow(stage, relation.name, key, names);
    return { relation, base, own: await read(own), other: await read(other), contents: [] };
  }
  const contents: string[][] = [];
  for (const { identity } of users) {
    contents.push(await readContents(stage, relation, identity.role, { role: 'none', settings: identity.settings }));
    contents.push(await readContents(stage, relation, identity.role, identity));
  }
  const values = async (text: string | undefined): Promise<Values | null> => {
    if (text === undefined) return null;
    const selected = names.map((name) => `${quoted(name)}::text as ${quoted(name)}`).join(', ');
    const { rows } = await stage.client.query<Values>(
      `select ${selected} from json_populate_record(null::${relation.name}, $1)`,
      [text],
    );
    return rows[0]!;
  };
  const mine = contents[1]!;
  const all = contents.flat();
  return {
    relation,
    base,
    own: await values(mine[0] ?? all[0]),
    other: await values(all.find((text) => !mine.includes(text)) ?? all.find((text) => text !== mine[0])),
    contents,
  };
}

/** An updatable view shows one table, maybe through other views. */
function baseOf(facts: Facts, { name, kind }: Relation): string | null {
  if (kind === 'table') return name;
  const { bases, updatable, instead } = facts.of(name);
  if (updatable === 0 || instead || bases.length !== 1) return null;
  return baseOf(facts, facts.relation(bases[0]!.name));
}

/** The rows that the policies for select let this actor see, whatever the privileges are; undefined when even that ends in an error. */
export async function readVisible(
  stage: Stage,
  relation: Relation,
  { identity }: Actor,
  keys: readonly string[],
): Promise<string[] | undefined> {
  const { error, rows } = await attempt(
    stage,
    identity,
    `select ${keySql} as key from ${relation.name} where ${isRow(keys)}`,
    { prepare: grantSelect(relation, identity.role) },
  );
  return error === null ? rows.map(({ key }) => key as string) : undefined;
}

/** The rows of a view as JSON; none when that ends in an error. */
export async function readContents(
  stage: Stage,
  relation: Relation,
  granted: string,
  identity: Actor['identity'],
): Promise<string[]> {
  const { rows } = await attempt(
    stage,
    identity,
    `select to_json(shown)::text as text from ${relation.name} as shown`,
    {
      prepare: grantSelect(relation, granted),
    },
  );
  return rows.map(({ text }) => text as string).sort();
}

/** Taken back with the try. A column alone would not do: which row it is, is no column. */
export const grantSelect = ({ name }: Relation, role: string): string => `grant select on ${name} to ${quoted(role)}`;
