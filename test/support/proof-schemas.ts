/** Databases of other shapes than Hedgerow's (test/proof/schemas), for tests of the tool chain. */
import { join } from 'node:path';
import pg from 'pg';
import { onDatabase } from '../../src/database/url.ts';
import { readPsqlFile } from '../../src/proof/tap/psql-file.ts';
import { testAdminUrl } from './servers.ts';

export const shapes = ['teams', 'studio'] as const;
export type Shape = (typeof shapes)[number];

export type ShapeDatabase = {
  /** A superuser's. */
  url: string;
  /** Where the config.json of the shape is, its schema.sql, faults and suites. */
  folder: string;
  drop(): Promise<void>;
};

/** The folder of a shape. */
export const folderOf = (shape: Shape): string => join(import.meta.dirname, '../proof/schemas', shape);

/**
 * Builds a database from the schema.sql of a shape, without rows and without pgTAP. The caller drops it.
 * @param name for a test file that wants more than one of the same shape at a time
 */
export async function createShape(shape: Shape, name: string = shape): Promise<ShapeDatabase> {
  const database = `hedgerow_test_${name}_${process.env.JEST_WORKER_ID}`;
  const folder = folderOf(shape);
  const url = onDatabase(testAdminUrl(), database);
  await run(testAdminUrl(), `drop database if exists ${database} with (force)`);
  await run(testAdminUrl(), `create database ${database} template template0`);
  await run(url, await readPsqlFile(join(folder, 'schema.sql')));
  return { url, folder, drop: () => run(testAdminUrl(), `drop database ${database} with (force)`) };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
