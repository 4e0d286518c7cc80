/** Values that a column may take, to be tried one after the other until the constraints are content. Different for the two users. */
import { randomInt, randomUUID } from 'node:crypto';
import pg, { type ClientBase } from 'pg';

export type ColumnType = {
  /** The type, or the one under a domain, as PostgreSQL writes it. */
  type: string;
  /** pg_type.typcategory. */
  category: string;
  /** As the column has it, with its length, or its domain. */
  declared: string;
  /** Of an enum. */
  labels: string[];
  /** The check constraints of the column and of its domain: what they compare with may do. */
  checks: string[];
};

/** The types of the columns of a table. */
export async function readTypes(client: ClientBase, table: string): Promise<Map<string, ColumnType>> {
  const { rows } = await client.query<ColumnType & { name: string }>(
    `select attname::text as name, pg_catalog.format_type(base.oid, null) as type, base.typcategory as category,
       pg_catalog.format_type(atttypid, atttypmod) as declared,
       array(select enumlabel::text from pg_catalog.pg_enum where enumtypid = base.oid order by enumsortorder) as labels,
       array(select pg_catalog.pg_get_constraintdef(con.oid) from pg_catalog.pg_constraint as con
         where contype = 'c' and ((conrelid = attrelid and attnum = any (conkey)) or (contypid = type.oid and type.oid <> 0))) as checks
     from pg_catalog.pg_attribute
     join pg_catalog.pg_type as type on type.oid = atttypid
     join pg_catalog.pg_type as base on base.oid = case type.typtype when 'd' then type.typbasetype else type.oid end
     where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  return new Map(rows.map(({ name, ...type }) => [name, type]));
}

/** Those of the texts that are values of the type, as it writes them: cut to its length, and in accord with the rules of its domain. */
export async function fitting(client: ClientBase, declared: string, texts: readonly string[]): Promise<string[]> {
  const values = new Set<string>();
  for (const text of texts) {
    await client.query('savepoint value');
    // pg_input_is_valid came with PostgreSQL 16.
    const read = client.query<{ value: string }>(`select (${pg.escapeLiteral(text)}::${declared})::text as value`);
    const value = await read.then(
      ({ rows }) => rows[0]!.value,
      () => undefined,
    );
    await client.query('rollback to savepoint value; release savepoint value');
    if (value !== undefined) values.add(value);
  }
  return [...values];
}

/**
 * Candidates for a column, the plainest first.
 * @param place 0 for the first user, 1 for the second
 */
export function candidatesFor({ type, category, labels, checks }: ColumnType, name: string, place: number): string[] {
  const texts = checks.flatMap((check) =>
    [...check.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'")),
  );
  const numbers = checks
    .flatMap((check) => [...check.matchAll(/(?<![\w.'])-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number)))
    .flatMap((number) => [number, number + 1, number - 1]);
  const n = place + 1;
  if (labels.length > 0) return labels;
  if (type === 'uuid') return [randomUUID()];
  if (type === 'bytea') return [`\\x0${n}`, `\\x${'0'.repeat(63)}${n}`];
  if (type.startsWith('json')) return ['{}', '[]', '"a"', '1'];
  if (type === 'xml') return ['<a/>'];
  if (type.startsWith('time ') || type === 'time') return [`12:00:0${n}`];
  const byCategory: Record<string, (string | number)[]> = {
    A: ['{}', '{a}', '{1}', `{${randomUUID()}}`, '{2024-01-01}', '{true}', '{"{}"}'],
    B: ['false', 'true'],
    D: [`2024-01-0${n}`, `2999-01-0${n}`, ...texts],
    G: [`(${n},${n})`, `(${n},${n}),(0,0)`, `<(${n},${n}),1>`, `{1,1,${n}}`, `[(0,0),(${n},${n})]`],
    I: [`10.0.0.${n}`],
    N: [n, ...numbers, 0, 10 + n, 100 + n, -n, 0.5, randomInt(1_000_000, 2_000_000_000)],
    R: [`[${n},${n + 1})`, `[2024-01-0${n},2024-02-01)`, 'empty', '{}'],
    S: [
      `${name} ${n}`,
      ...texts,
      `user${n}@example.com`,
      `https://example.com/${n}`,
      `${'ab'[place]}${n}`,
      'ab'[place]!,
      `${n}`,
      `+4912345678${n}`,
      `made-up-${n}`,
      'AB'[place]!.repeat(3),
      'AB'[place]!.repeat(2),
      `#00000${n}`,
      'made up '.repeat(20) + `${n}`,
      '',
    ],
    T: [`${n} day`],
    V: ['0', '1', '00000000'],
  };
  return (byCategory[category] ?? ['', `${n}`, '{}', `(${n})`, 'a']).map(String);
}
