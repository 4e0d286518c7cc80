/** One worker, seen from the primary process. */
import cluster from 'node:cluster';
import { OperatorError } from '../../errors.ts';
import type { Serving } from './here.ts';
import type { Orders, ToPrimary, ToWorker } from './messages.ts';

/** How a process ended: its exit code, or the signal that ended it. */
export type Ending = { code?: number; signal?: string };

export type Launched = {
  /** Absent when the system could not start it. */
  pid?: number;
  /** Resolves when it serves; rejects with what it says is wrong, or when it ends before. */
  serves: Promise<Pick<Serving, 'url' | 'documents'>>;
  ended: Promise<Ending>;
  /** Lets its running requests finish; one that does not serve yet ends at once. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
};

/** Starts a worker: this program again, with the command `worker`. It is given its orders when it asks for them. */
export function launch(orders: Orders): Launched {
  cluster.setupPrimary({ args: ['worker'] });
  const worker = cluster.fork();
  const send = (message: ToWorker) => {
    // One that is gone needs no orders.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const ended = new Promise<Ending>((resolve) => {
    worker.once('exit', (code: number | null, signal: string | null) =>
      resolve({ code: code ?? undefined, signal: signal ?? undefined }),
    );
    // When the system has no room for a process, there is no exit.
    worker.on('error', () => worker.process.pid === undefined && resolve({}));
  });
  const serves = new Promise<Pick<Serving, 'url' | 'documents'>>((resolve, reject) => {
    worker.on('message', (message: ToPrimary) => {
      if (message.kind === 'ready') send({ kind: 'serve', orders });
      else if (message.kind === 'serving') resolve(message.served);
      else reject(errorOf(message));
    });
    void ended.then((ending) => reject(new OperatorError(`A worker ended before it served: ${inWords(ending)}.`)));
  });
  // Whoever does not wait for it is told of the end.
  serves.catch(() => {});
  return {
    pid: worker.process.pid,
    serves,
    ended,
    stop: () => send({ kind: 'stop' }),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}

function errorOf({ expected, text }: Extract<ToPrimary, { kind: 'failed' }>): Error {
  return expected ? new OperatorError(text) : Object.assign(new Error('A worker failed.'), { stack: text });
}

const inWords = ({ code, signal }: Ending): string =>
  signal !== undefined ? `by ${signal}` : code !== undefined ? `with code ${code}` : 'the system could not start it';
