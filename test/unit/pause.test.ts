/** How long a worker that died is waited for. */
import { nextPause } from '../../src/cli/serve/pause.ts';

test('the pause doubles while it goes on dying, up to half a minute', () => {
  const pauses = [nextPause(undefined, 10_000)];
  while (pauses.length < 10) pauses.push(nextPause(pauses.at(-1), 1_000));

  expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
});

test('one that has lived for a minute is replaced soon, however it was before', () => {
  expect(nextPause(30_000, 59_999)).toBe(30_000);
  expect(nextPause(30_000, 60_000)).toBe(200);
});
