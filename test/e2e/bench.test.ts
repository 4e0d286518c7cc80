/** The benches still run. What they measure in passing means nothing, and nothing of it is asserted. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

test('bench:speed prints a line for every workload of each server, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-bench-test-'));
  await chmod(folder, 0o755);
  try {
    const { stdout } = await run(process.execPath, ['bench/speed.ts', '--quick', '--folder', folder], {
      cwd: root,
      env: base,
    });

    const lines = [...stdout.matchAll(/^\| (\w[\w ,]*?) +\| (peer|Hedgerow) +\| +[\d,.]+ \|/gm)].map(
      ([, workload, server]) => `${workload}: ${server}`,
    );
    expect(lines).toEqual([
      'list: peer',
      'list: Hedgerow',
      'list by trusted document: Hedgerow',
      'get: peer',
      'get: Hedgerow',
      'create: peer',
      'create: Hedgerow',
      'create, without history: Hedgerow',
      'mixed: peer',
      'mixed: Hedgerow',
    ]);
    expect(stdout).toMatch(/^\| Hedgerow \| +[\d,.]+ \| +[\d,.]+ \|$/m);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);

test('bench:gate fails for the workload that costs more than its ratio allows, after a second look, and for no other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hedgerow-bench-test-'));
  await chmod(folder, 0o755);
  const ratios = join(folder, 'ratios.json');
  const committed = { how: 'by a test', ratios: { list: 1000, get: 0.01, create: 1000 } };
  await writeFile(ratios, JSON.stringify(committed));
  try {
    const gate = run(
      process.execPath,
      ['bench/speed.ts', '--gate', '--quick', '--ratios', ratios, '--folder', folder],
      { cwd: root, env: base },
    );

    const { code, stderr } = await gate.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^once more, to be sure: get$/m);
    expect(stderr).toMatch(
      /^get: CPU per request was 0\.01 × the peer's, is [\d.]+ × the peer's \(\+\d+ %\): TOO MUCH$/m,
    );
    expect(stderr).toMatch(/^list: CPU per request was 1000\.00 × the peer's, is [\d.]+ × the peer's \(-\d+ %\)$/m);
    expect(stderr).toMatch(/^create: .*\(-\d+ %\)$/m);
    expect(stderr).toContain('npm run bench:gate -- --write');
    expect(JSON.parse(await readFile(ratios, 'utf8'))).toEqual(committed);
    expect(await readdir(folder)).toEqual(['ratios.json']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);
