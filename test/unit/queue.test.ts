/** The queue between what comes by itself and who reads it. C-29 */
import { jest } from '@jest/globals';
import { createQueue } from '../../src/database/queue.ts';

function open() {
  const onEnd = jest.fn();
  const queue = createQueue<number>({ onFull: () => new Error('full'), onEnd });
  return { queue, onEnd };
}

test('items are read in their order, whether they came before the reader or after', async () => {
  const { queue } = open();

  queue.push(1);
  queue.push(2);
  const third = Promise.all([queue.items.next(), queue.items.next(), queue.items.next()]);
  queue.push(3);

  expect((await third).map(({ value }) => value as number)).toEqual([1, 2, 3]);
});

test('a reader may leave while it waits, and the end is told once', async () => {
  const { queue, onEnd } = open();
  const waiting = queue.items.next();

  await queue.items.return!();
  queue.push(1);
  queue.end();

  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await queue.items.next()).toEqual({ done: true, value: undefined });
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test('an error comes to the reader who waits', async () => {
  const { queue } = open();
  const waiting = queue.items.next();

  queue.end(new Error('lost'));

  await expect(waiting).rejects.toThrow('lost');
  expect(await queue.items.next()).toEqual({ done: true, value: undefined });
});

test('an error comes to all who wait', async () => {
  const { queue } = open();
  const waiting = [queue.items.next(), queue.items.next()];

  queue.end(new Error('lost'));

  const ends = await Promise.allSettled(waiting);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('an error comes after what was queued before it', async () => {
  const { queue } = open();

  queue.push(1);
  queue.end(new Error('lost'));

  expect(await queue.items.next()).toEqual({ done: false, value: 1 });
  await expect(queue.items.next()).rejects.toThrow('lost');
});

test('who does not read is cut off after a thousand items, and told', async () => {
  const { queue, onEnd } = open();

  for (let item = 0; item < 1_001; item++) queue.push(item);

  expect(onEnd).toHaveBeenCalledTimes(1);
  for (let item = 0; item < 1_000; item++) expect(await queue.items.next()).toEqual({ done: false, value: item });
  await expect(queue.items.next()).rejects.toThrow('full');
});
