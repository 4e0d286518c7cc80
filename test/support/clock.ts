/** Stops the clock for what reads `Date`; timers, sockets and timeouts go on for real. */
import { jest } from '@jest/globals';

/** Seconds since the epoch at which the clock stands still after `stopClock()`. */
export const NOON = 1_800_000_000;

/** Stops the clock at NOON plus `seconds`, until `startClock`. May be called again to move it. */
export function stopClock(seconds = 0): void {
  jest.useFakeTimers({
    now: (NOON + seconds) * 1000,
    doNotFake: [
      'clearImmediate',
      'clearInterval',
      'clearTimeout',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'setInterval',
      'setTimeout',
    ],
  });
}

/** Lets the clock run again. */
export function startClock(): void {
  jest.useRealTimers();
}
