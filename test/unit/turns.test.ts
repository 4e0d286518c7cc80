/** How many requests are worked on at a time, and who is next. C-53, C-56 */
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTurns } from '../../src/http/turns.ts';

/** Two at a time. */
const two = (acquireTimeoutMs = 5_000) => createTurns({ size: 1, acquireTimeoutMs });
const answer = () => new EventEmitter() as ServerResponse;
const end = (response: ServerResponse) => response.emit('close');

/** Has that many requests ask one after the other; `begun` says which have a turn, in the order in which they got it. */
function ask(turns: ReturnType<typeof createTurns>, count: number) {
  const begun: number[] = [];
  const failed: unknown[] = [];
  const responses = Array.from({ length: count }, answer);
  responses.forEach((response, number) => {
    turns.take(response).then(
      () => begun.push(number),
      (error: unknown) => failed.push(error),
    );
  });
  return { begun, failed, responses };
}

test('twice as many as there are connections have a turn at once; the others follow as answers end, in the order in which they came', async () => {
  const { begun, responses } = ask(two(), 5);
  await sleep(0);
  expect(begun).toEqual([0, 1]);

  end(responses[1]!);
  await sleep(0);
  expect(begun).toEqual([0, 1, 2]);

  end(responses[0]!);
  end(responses[2]!);
  await sleep(0);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('a turn that nobody waits for is there for the next', async () => {
  const turns = two();
  const { responses } = ask(turns, 2);
  await sleep(0);
  responses.forEach(end);

  const next = ask(turns, 3);
  await sleep(0);

  expect(next.begun).toEqual([0, 1]);
  next.responses.forEach(end);
});

test('who hangs up while waiting takes no turn', async () => {
  const { begun, failed, responses } = ask(two(20), 4);
  await sleep(0);

  end(responses[2]!);
  end(responses[0]!);
  await sleep(50);

  expect(begun).toEqual([0, 1, 3]);
  expect(failed).toEqual([]);
});

test('who waits too long is told that the server is not available, and takes no turn later', async () => {
  const { begun, failed, responses } = ask(two(20), 3);
  await sleep(50);
  expect(failed).toEqual([expect.objectContaining({ code: 'UNAVAILABLE', status: 503 })]);

  end(responses[0]!);
  end(responses[1]!);
  await sleep(0);

  expect(begun).toEqual([0, 1]);
});
