/** All that a measurement needs: PostgreSQL with the tasks, the servers, the people who ask, the process that asks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { findPostmaster } from '../support/processor-time.ts';
import { hedgerow, type Program, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { type BenchServer, withServer } from '../support/server.ts';
import type { Person } from './connections.ts';
import { type Loader, startLoader } from './loader.ts';
import { addTasks, findPeople, makePeerTable, type Population } from './tasks.ts';
import { type Contract, documents } from './workloads.ts';

export type ServerName = 'hedgerow' | 'trusted' | 'peer';

export type Stage = {
  admin: pg.Client;
  postmaster: number | undefined;
  servers: ReadonlyMap<ServerName, ServerProcess>;
  loader: Loader;
  /** The users of a population who ask. */
  people(prefix: string): Promise<Person[]>;
  /** Starts another process of a server, to be stopped by the caller. */
  start(name: ServerName): Promise<ServerProcess>;
};

export type StageOptions = {
  folder: string;
  population: Population;
  servers: readonly ServerName[];
  /** Of each server. */
  processes: number;
  /** How many different tokens come, at the most. */
  tokens: number;
  progress: (line: string) => void;
};

export const contracts: Record<ServerName, Contract> = { hedgerow: 'graphql', trusted: 'trusted', peer: 'rest' };

const secret = 'a secret for the bench, of 32 bytes at least';

/** Sets it up, and takes it down again whatever happens. */
export async function withStage(options: StageOptions, run: (stage: Stage) => Promise<void>): Promise<void> {
  await withServer(options.folder, async (database) => {
    const { population, tokens, progress } = options;
    progress(`${(population.users * population.tasks).toLocaleString('en')} tasks of ${population.users} users`);
    const { admin } = database;
    const peerUrl = await makePeerTable(admin, database.apiUrl);
    await addTasks(admin, population);

    const files = await mkdtemp(join(tmpdir(), 'hedgerow-bench-'));
    const servers = new Map<ServerName, ServerProcess>();
    const loader = startLoader();
    try {
      const programs = await describePrograms(database, peerUrl, options.processes, files);
      const start = (name: ServerName) => startServerProcess(programs[name]);
      for (const name of options.servers) servers.set(name, await start(name));
      const people = (prefix: string) => findPeople(admin, prefix, tokens, secret);
      await run({ admin, postmaster: await findPostmaster(admin), servers, loader, people, start });
    } finally {
      loader.stop();
      await Promise.all([...servers.values()].map((server) => server.stop()));
      await rm(files, { recursive: true });
    }
  });
}

async function describePrograms(
  { apiUrl }: BenchServer,
  peerUrl: string,
  processes: number,
  files: string,
): Promise<Record<ServerName, Program>> {
  const trusted = join(files, 'documents.json');
  await writeFile(trusted, JSON.stringify(documents));
  const workers: Record<string, string> = processes > 1 ? { HEDGEROW_WORKERS: String(processes) } : {};
  const peer = join(import.meta.dirname, 'peer.ts');
  return {
    hedgerow: hedgerow(apiUrl, secret, workers),
    trusted: hedgerow(apiUrl, secret, { ...workers, HEDGEROW_TRUSTED_DOCUMENTS: trusted }),
    peer: {
      name: 'the peer',
      args: (port) => [
        ...[peer, '--port', String(port), '--database', peerUrl],
        ...['--secret', secret, '--processes', String(processes)],
      ],
      env: () => ({ NODE_ENV: 'production' }),
      readyPath: '/health',
    },
  };
}
