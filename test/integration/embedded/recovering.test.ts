/** The embedded PostgreSQL finds its data again whatever was killed. Real servers, in temporary folders. */
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import { chown, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.ts';
import {
  dataDir,
  filesOf,
  givenCluster,
  hold,
  launch,
  options,
  postmasterPid,
  query,
  strangerOf,
  waitFor,
  waitForRows,
  useEmbeddedFolder,
} from '../../support/embedded.ts';

useEmbeddedFolder();

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
