/** Tables and indexes, from admin.table_growth and admin.index_health. */
import type { ClientBase } from 'pg';

export type TableSize = {
  name: string;
  /** As PostgreSQL estimates it; likewise dead ones. */
  liveRows: number;
  /** Changed or deleted, and their space not given back yet. */
  deadRows: number;
  /** Rows, and long values that are stored apart. */
  rowBytes: number;
  indexBytes: number;
  /** Rows written since `countedSince`. */
  inserted: number;
  updated: number;
  deleted: number;
  /** Null when it is since the database was made. */
  countedSince: Date | null;
};

/** An index that there is something to say of. */
export type IndexRemark = {
  name: string;
  table: string;
  bytes: number;
  scans: number;
  remark: string;
};

/** The tables, the largest first. */
export async function readTables(client: ClientBase): Promise<TableSize[]> {
  const { rows } = await client.query<TableSize>(
    `select
       growth."schema" || '.' || growth."table" as name,
       growth.live_rows::float8 as "liveRows",
       growth.dead_rows::float8 as "deadRows",
       (growth.total_bytes - growth.index_bytes)::float8 as "rowBytes",
       growth.index_bytes::float8 as "indexBytes",
       growth.inserted::float8 as inserted,
       growth.updated::float8 as updated,
       growth.deleted::float8 as deleted,
       growth.counted_since as "countedSince"
     from admin.table_growth as growth
     order by growth.total_bytes desc, 1`,
  );
  return rows;
}

/** The indexes with a remark, the largest first. */
export async function readIndexes(client: ClientBase): Promise<IndexRemark[]> {
  const { rows } = await client.query<IndexRemark>(
    `select
       health."schema" || '.' || health.index as name,
       health."schema" || '.' || health."table" as table,
       health.size_bytes::float8 as bytes,
       coalesce(health.scans, 0)::float8 as scans,
       health.remark
     from admin.index_health as health
     where health.remark <> ''
     order by health.remark not like 'invalid%', health.size_bytes desc, 1`,
  );
  return rows;
}
