/** What the figures were measured on. */
import { fdatasyncSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { figure } from './markdown.ts';
import { median } from './statistics.ts';

/** One line: processors, versions, and how long this disk takes to make one page durable. */
export async function describeMachine(admin: pg.Client, folder: string): Promise<string> {
  const { rows } = await admin.query<{ server_version: string }>('show server_version');
  const processors = cpus();
  return [
    `${processors.length} × ${processors[0]?.model.trim()}`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `PostgreSQL ${rows[0]!.server_version}`,
    `fdatasync of 8 kB: ${figure(syncTime(folder))} ms (median)`,
  ].join(', ');
}

function syncTime(folder: string): number {
  const path = join(folder, `hedgerow-bench-${process.pid}.sync`);
  const file = openSync(path, 'w');
  try {
    const times = Array.from({ length: 100 }, (_, page) => {
      const start = performance.now();
      writeSync(file, Buffer.alloc(8192), 0, 8192, page * 8192);
      fdatasyncSync(file);
      return performance.now() - start;
    });
    return median(times);
  } finally {
    closeSync(file);
    rmSync(path);
  }
}
