/** The benches still run. What they measure in passing means nothing, and nothing of it is asserted. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { base } from '../support/hedgerow.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

test('bench:notify prints a line for every variant in every table, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-bench-test-'));
  // So that root's PostgreSQL, which runs as somebody else, can lie in it.
  await chmod(folder, 0o755);
  try {
    const { stdout } = await run(process.execPath, ['bench/notify.ts', '--quick', '--folder', folder], {
      cwd: root,
      env: { ...base, GRAPHILE_ENV: 'production' },
    });

    const tables = stdout.split(/^#+ /m).filter((section) => section.includes('\n| '));
    expect(tables.map((table) => table.split('\n')[0])).toEqual([
      'insert of one row, synchronous_commit on',
      'update of one row, synchronous_commit on',
      'update of 100 rows, synchronous_commit on',
      'insert of one row, synchronous_commit off',
      'update of one row, synchronous_commit off',
      'update of 100 rows, synchronous_commit off',
      'The lock',
      'Listening',
    ]);
    for (const table of tables) {
      const variants = [...table.matchAll(/ \| ([a-e]) +\| +[\d,.]+ \|/g)].map(([, variant]) => variant);
      expect([...new Set(variants)].sort()).toEqual(table.startsWith('Listening') ? ['c', 'd'] : [...'abcde']);
    }
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('bench:history prints a line for every workload, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-bench-test-'));
  await chmod(folder, 0o755);
  try {
    const { stdout } = await run(process.execPath, ['bench/history.ts', '--quick', '--folder', folder], {
      cwd: root,
      env: { ...base, GRAPHILE_ENV: 'production' },
    });

    const lines = [...stdout.matchAll(/^\| (\w[\w ]*?) +\|(?: +-?[\d,.]+(?: %)? \|){6}$/gm)].map(
      ([, workload]) => workload,
    );
    expect(lines).toEqual(['create', 'update', 'delete', 'create 100', 'complete 100']);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);

test('bench:rest prints a line for every workload, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-bench-test-'));
  await chmod(folder, 0o755);
  try {
    const { stdout } = await run(process.execPath, ['bench/rest.ts', '--quick', '--folder', folder], {
      cwd: root,
      env: { ...base, GRAPHILE_ENV: 'production' },
    });

    const lines = [...stdout.matchAll(/^\| (\w[\w ]*?) +\| +[\d,.]+ \|.*%/gm)].map(([, workload]) => workload);
    expect(lines).toEqual(['list of 20', 'get', 'create']);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);
