/** The programs of the embedded PostgreSQL, and the account that they run as: root lends them one. Real servers, in temporary folders. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinaryPackage, reachBinaries } from '../../../src/database/embedded/binaries.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.ts';
import {
  closedCheckout,
  dataDir,
  givenCluster,
  hold,
  holderScript,
  launch,
  modeOf,
  nobody,
  options,
  ownerOf,
  postmasterPid,
  query,
  refusalOf,
  root,
  sharedRoot,
  stubPackage,
  useEmbeddedFolder,
  waitFor,
} from '../../support/embedded.ts';

useEmbeddedFolder();

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
  const account = nobody;

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
      await chown(join(root, 'project'), account.uid, account.gid);
      const ordinary = await hold({}, account);
      await query(ordinary.told.adminUrl!, 'create table kept as select 42 as answer');
      const owners = [await ownerOf(dataDir), await ownerOf(join(dataDir, 'postgres', 'cluster'))];
      await ordinary.leave();

      const server = await startEmbeddedPostgres(options);
      const rows = await query(server.adminUrl, 'select * from kept');
      const runner = await ownerOf(`/proc/${await postmasterPid()}`);
      await server.release();

      expect(ordinary.told.notice).toBeUndefined();
      expect(owners).toEqual([account.uid, account.uid]);
      expect(rows).toEqual([{ answer: 42 }]);
      expect(runner).toBe(account.uid);
    });

    test("an ordinary user in root's folder is told whose it is", async () => {
      await givenCluster({ toSpoil: true });
      const server = await startEmbeddedPostgres(options);
      await server.release();

      const closed = await hold({}, account);
      await rm(join(dataDir, 'server.json'));
      await chown(dataDir, account.uid, account.gid);
      const opened = await hold({}, account);
      await Promise.all([closed.ended, opened.ended]);

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
