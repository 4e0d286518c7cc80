/**
 * How many requests are worked on at a time. The others wait with what little they have: a request that waits for the database in the middle of
 * its work holds all that was made for it, long enough to outlive several collections, and a thousand of them are hundreds of megabytes.
 */
import type { ServerResponse } from 'node:http';
import { ApiError } from '../errors.ts';

export type Turns = {
  /** Waits for a turn, which lasts until the answer is over; rejects with UNAVAILABLE when none comes in time. First come, first served. */
  take(response: ServerResponse): Promise<void>;
};

/** As many as there are connections to the database have it at work; as many more are being read and answered meanwhile. */
const perConnection = 2;

/** Turns for a pool of `size` connections; a request waits for one as long as it would for a connection, in milliseconds. */
export function createTurns({ size, acquireTimeoutMs }: { size: number; acquireTimeoutMs: number }): Turns {
  let free = size * perConnection;
  // A set keeps the order in which they came.
  const waiting = new Set<() => void>();

  function giveBack(): void {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  }

  return {
    async take(response) {
      if (free > 0) {
        free -= 1;
        response.once('close', giveBack);
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          waiting.delete(begin);
          clearTimeout(timer);
          // Whoever has hung up is answered nothing.
          response.off('close', leave);
        };
        const begin = () => {
          leave();
          response.once('close', giveBack);
          resolve();
        };
        const timer = setTimeout(() => {
          leave();
          reject(new ApiError('UNAVAILABLE'));
        }, acquireTimeoutMs);
        waiting.add(begin);
        response.once('close', leave);
      });
    },
  };
}
