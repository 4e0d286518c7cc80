/** What comes by itself, to be read one by one: a queue with an end. */

export type Queue<T> = {
  /** Adds an item. More than can be kept end the queue with an error. */
  push(item: T): void;
  /** Ends the queue; the reader is told of the error after what was queued before it. */
  end(error?: Error): void;
  items: AsyncIterableIterator<T>;
};

export type QueueOptions = {
  /** What to end with when the reader is too slow. */
  onFull: () => Error;
  /** Called once, however the queue ends: by `end`, by the reader, or because it is full. */
  onEnd: () => void;
};

/** Whoever is this far behind does better to read the list again. */
const capacity = 1_000;

/** An empty queue. Not an async generator: those cannot be left while they wait for an item. */
export function createQueue<T>({ onFull, onEnd }: QueueOptions): Queue<T> {
  const queued: T[] = [];
  const waiting: PromiseWithResolvers<IteratorResult<T>>[] = [];
  let isEnded = false;
  let failure: Error | undefined;

  function end(error?: Error): void {
    if (isEnded) return;
    isEnded = true;
    // All who wait: which of them the last one listens to is not known here.
    const readers = waiting.splice(0);
    if (readers.length === 0) failure = error;
    for (const reader of readers) {
      if (error) reader.reject(error);
      else reader.resolve(done);
    }
    onEnd();
  }

  return {
    push(item) {
      if (isEnded) return;
      const reader = waiting.shift();
      if (reader) reader.resolve({ done: false, value: item });
      else if (queued.length < capacity) queued.push(item);
      else end(onFull());
    },
    end,
    items: {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        if (queued.length > 0) return { done: false, value: queued.shift()! };
        if (failure) {
          const error = failure;
          failure = undefined;
          throw error;
        }
        if (isEnded) return done;
        const reader = Promise.withResolvers<IteratorResult<T>>();
        // One that was asked for and forgotten is nobody's failure.
        reader.promise.catch(() => {});
        waiting.push(reader);
        return reader.promise;
      },
      async return() {
        queued.splice(0);
        end();
        return done;
      },
    },
  };
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
