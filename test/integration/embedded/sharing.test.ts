/** The embedded PostgreSQL is shared, and stopped by the last process to leave. Real servers, in temporary folders. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../../src/database/embedded/lock.ts';
import { startEmbeddedPostgres } from '../../../src/database/embedded/start.ts';
import {
  codeOf,
  dataDir,
  givenCluster,
  hold,
  options,
  postmasterPid,
  query,
  useEmbeddedFolder,
} from '../../support/embedded.ts';

useEmbeddedFolder();

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
