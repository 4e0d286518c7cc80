/** How long to wait before a worker that died is replaced: hardly, unless it goes on dying. */

/** Milliseconds. The first is not noticed; at the last, starting and dying takes a few percent of a core. */
const shortest = 200;
const longest = 30_000;

/** A worker that lived so long, in milliseconds, did not die of its start. */
const steady = 60_000;

/** The pause in milliseconds, given the one before, if any, and how long the worker lived after it. */
export const nextPause = (before: number | undefined, livedMs: number): number =>
  before === undefined || livedMs >= steady ? shortest : Math.min(before * 2, longest);
