/** Waits until the database answers: it may be starting at the same time as the server. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { connect, isTemporary } from './connect.ts';

/** The pause after a failed attempt, in milliseconds: long enough not to hammer, short enough not to be noticed. */
const pauseMs = 500;

/**
 * Connects until it succeeds.
 * @param variable the variable that the URL came from, for the error
 * @throws OperatorError after `timeoutMs`, or at once when trying again cannot help (a wrong password, a server too old)
 */
export async function waitForDatabase(url: string, variable: string, timeoutMs: number, log: Logger): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      const client = await connect(url, variable);
      return await client.end();
    } catch (error) {
      if (!isTemporary((error as Error).cause) || Date.now() + pauseMs > deadline) throw error;
      log.info({ reason: (error as Error).message }, 'waiting for the database');
      await sleep(pauseMs);
    }
  }
}
