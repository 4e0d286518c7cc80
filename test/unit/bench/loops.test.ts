/** How bench:speed puts load on a server, with a function in its place. */
import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, openLoop } from '../../../bench/speed/loops.ts';

test('a closed loop sends as many requests as it is told, one at a time over each connection', async () => {
  const busy = new Set<number>();
  const used: number[] = [];
  const send = async (connection: number) => {
    if (busy.has(connection)) throw new Error(`connection ${connection} is busy`);
    busy.add(connection);
    used.push(connection);
    await sleep(1);
    busy.delete(connection);
  };

  const outcome = await closedLoop(send, 4, 21);

  expect([outcome.requests, outcome.errors]).toEqual([21, 0]);
  expect(used.length).toBe(21);
  expect(new Set(used)).toEqual(new Set([0, 1, 2, 3]));
});

test('what fails is counted, and the first of it told', async () => {
  let sent = 0;
  const send = async () => {
    sent += 1;
    if (sent > 3) throw new Error(`number ${sent}`);
  };

  const outcome = await closedLoop(send, 1, 5);

  expect([outcome.requests, outcome.errors, outcome.fault]).toEqual([5, 2, 'number 4']);
});

test('an open loop uses all connections in turn, at its rate', async () => {
  const used: number[] = [];
  const send = async (connection: number) => void used.push(connection);

  const outcome = await openLoop(send, 5, 100, 0.2);

  expect(used).toEqual(Array.from({ length: 20 }, (_, number) => number % 5));
  expect(outcome.requests).toBe(20);
  // The last is due after 190 ms.
  expect(outcome.seconds).toBeGreaterThanOrEqual(0.19);
});

test('in an open loop a request that waits for a connection is late from when it was due', async () => {
  const send = () => sleep(50);

  const outcome = await openLoop(send, 1, 100, 0.1);

  // Ten requests of 50 ms each, one after the other, due every 10 ms: the last is answered after 500 ms, and was due after 90.
  expect(outcome.requests).toBe(10);
  expect(outcome.p99).toBeGreaterThanOrEqual(400);
  expect(outcome.p50).toBeGreaterThanOrEqual(200);
});
