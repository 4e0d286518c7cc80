/** What the data folder remembers of the server from one start to the next: server.json. */
import { join } from 'node:path';
import { readIfThere, writePrivately } from './private-file.ts';

export type ServerState = {
  /** The port of the last start, kept so that a psql or an admin tool finds the server again. */
  port?: number;
  /** Where the server's folder lies, when it could not lie in the data folder. */
  folder?: string;
};

const stateFile = (dataDir: string): string => join(dataDir, 'server.json');

/** The remembered state; empty when there is none or it cannot be understood, since all of it can be found anew. */
export async function readState(dataDir: string): Promise<ServerState> {
  const text = await readIfThere(stateFile(dataDir));
  try {
    const { port, folder } = JSON.parse(text ?? '{}') as Record<string, unknown>;
    return {
      ...(typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {}),
      ...(typeof folder === 'string' ? { folder } : {}),
    };
  } catch {
    return {};
  }
}

/** Remembers the given parts and keeps the others. */
export async function remember(dataDir: string, news: ServerState): Promise<void> {
  const state = { ...(await readState(dataDir)), ...news };
  await writePrivately(stateFile(dataDir), `${JSON.stringify(state, null, 2)}\n`);
}
