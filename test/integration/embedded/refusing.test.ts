/** The embedded PostgreSQL refuses what it cannot run, in words, and leaves it untouched. Real servers, in temporary folders. */
import { chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reachBinaries } from '../../../src/database/embedded/binaries.ts';
import { makeCluster } from '../../../src/database/embedded/cluster.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.ts';
import {
  dataDir,
  filesOf,
  givenCluster,
  nobody,
  options,
  processesUnder,
  refusalOf,
  root,
  settings,
  sharedRoot,
  stubPackage,
  useEmbeddedFolder,
} from '../../support/embedded.ts';

useEmbeddedFolder();

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
    const hostile = join(root, '$(touch oops)');

    const refusal = await refusalOf(startEmbeddedPostgres({ ...options, dataDir: hostile }));

    expect(refusal).toContain('Move the folder');
  });

  test('a data folder that is a file is refused in words', async () => {
    await writeFile(join(root, 'file'), '');

    const refusal = await refusalOf(startEmbeddedPostgres({ ...options, dataDir: join(root, 'file') }));

    expect(refusal).toContain(`cannot keep its data in ${join(root, 'file')}`);
  });
});
