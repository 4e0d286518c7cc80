/** Rows of the stage: which they are, and what is in them. */
import { literal, quoted, type Stage } from './stage.ts';

/** A row for the length of the transaction: a partitioned table has its rows elsewhere. */
export const keySql = `format('%s %s', tableoid, ctid)`;

/** SQL that holds for these rows. */
export function isRow(keys: readonly string[]): string {
  const [tables, places] = [0, 1].map((part) => keys.map((key) => `'${key.split(' ')[part]}'`).join(', '));
  return keys.length === 0
    ? 'false'
    : `ctid = any (array[${places}]::tid[]) and tableoid = any (array[${tables}]::oid[]) and ${keySql} = any (array[${keys.map(literal).join(', ')}])`;
}

/** The rows of the table that the stage has made. */
export const readKeys = async ({ client, transaction }: Stage, table: string): Promise<string[]> => {
  const { rows } = await client.query<{ key: string }>(
    `select ${keySql} as key from ${table} where pg_catalog.age(xmin) <= pg_catalog.age('${transaction}'::xid) order by tableoid, ctid`,
  );
  return rows.map(({ key }) => key);
};

/** A row as text, column by column. */
export async function readRow(
  { client }: Stage,
  table: string,
  key: string,
  columns: readonly string[],
): Promise<Record<string, string | null>> {
  const selected = columns.map((column) => `${quoted(column)}::text as ${quoted(column)}`).join(', ');
  const { rows } = await client.query<Record<string, string | null>>(
    `select ${selected} from ${table} where ${isRow([key])}`,
  );
  return rows[0]!;
}
