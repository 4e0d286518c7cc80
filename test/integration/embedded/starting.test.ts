/** The embedded PostgreSQL starts, listens where it should, and is found again. Real servers, in temporary folders. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.ts';
import {
  asRoot,
  codeOf,
  dataDir,
  givenCluster,
  modeOf,
  options,
  query,
  root,
  socketUrl,
  setDataDir,
  useEmbeddedFolder,
} from '../../support/embedded.ts';

useEmbeddedFolder();

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
    setDataDir(join(root, 'p'.repeat(90), '.hedgerow'));
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
