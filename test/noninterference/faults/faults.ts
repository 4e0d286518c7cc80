/** What can go wrong with one step of the way to PostgreSQL, and what may be told of it. */
import type pg from 'pg';
import type { Message } from './messages.ts';
import type { Stage } from './stage.ts';
import { passThrough, type Step } from './wire.ts';

export type Fault = {
  name: string;
  strike(step: Step, stage: Stage): Promise<void>;
  /** The codes of which one is told, unless all went well nevertheless. None: nobody hears an answer. */
  tells: string[];
  /** Whether it can strike while the connection is being opened, when no backend has a name yet and no SQL is understood. */
  whileOpening?: boolean;
  /** Whether it needs a statement that waits for a lock on the tasks. */
  whileWaiting?: boolean;
  /** Whether the next user must get the very same connection. */
  keepsConnection?: boolean;
};

/** PostgreSQL itself raises it, so that the transaction stands as it does after an error. The text must never get out. */
const failure = `/* outside the fence: an error in the place of a step */ do $$ begin raise exception 'the secret of the fault' using errcode = 'XX000'; end $$`;

/** Ends the backend, and waits until it is gone. */
const terminate = (admin: pg.Client, pid?: number) => admin.query('select pg_terminate_backend($1, 10000)', [pid]);
const cancel = (admin: pg.Client, pid?: number) => admin.query('select pg_cancel_backend($1)', [pid]);

/** An answer as it is when the error comes last: without "done" and "ready". */
const unfinished = (answer: Message[]) => answer.filter(({ type }) => type !== 'C' && type !== 'Z');

export const faults: Fault[] = [
  {
    name: 'the connection drops before it arrives',
    strike: async (step) => step.cut(),
    tells: ['UNAVAILABLE'],
    whileOpening: true,
  },
  {
    name: 'the connection drops when it was done',
    async strike(step) {
      await step.send();
      step.cut();
    },
    tells: ['UNAVAILABLE'],
    whileOpening: true,
  },
  {
    name: 'the connection drops in the middle of the answer',
    async strike(step) {
      await step.answer((await step.send()).slice(0, 1));
      step.cut();
    },
    tells: ['UNAVAILABLE'],
    whileOpening: true,
  },
  {
    name: 'its backend is killed before it arrives',
    async strike(step, { admin }) {
      await terminate(admin, step.pid);
      await passThrough(step);
    },
    tells: ['UNAVAILABLE'],
  },
  {
    name: 'its backend is killed when it was done',
    async strike(step, { admin }) {
      const answer = await step.send();
      await terminate(admin, step.pid);
      await step.answer(answer);
    },
    tells: ['UNAVAILABLE'],
  },
  {
    name: 'an error comes in its place',
    strike: async (step) => step.answer(await step.ask(failure)),
    tells: ['INTERNAL'],
  },
  {
    name: 'an error comes when it was done',
    async strike(step) {
      const answer = await step.send();
      await step.answer([...unfinished(answer), ...(await step.ask(failure))]);
    },
    tells: ['INTERNAL'],
  },
  {
    name: 'it is cancelled as it is sent',
    async strike(step, { admin }) {
      const answer = step.send();
      await cancel(admin, step.pid);
      await step.answer(await answer);
    },
    tells: ['TIMEOUT'],
  },
  {
    name: 'the client hangs up before it arrives',
    async strike(step, { hangUp }) {
      await hangUp();
      await passThrough(step);
    },
    tells: [],
    whileOpening: true,
    keepsConnection: true,
  },
  {
    name: 'the client hangs up when it was done',
    async strike(step, { hangUp }) {
      const answer = await step.send();
      await hangUp();
      await step.answer(answer);
    },
    tells: [],
    whileOpening: true,
    keepsConnection: true,
  },
  {
    name: 'it is cancelled while it waits for a lock',
    async strike(step, { admin }) {
      const { answer } = await whileWaiting(step, admin, () => cancel(admin, step.pid));
      await step.answer(await answer);
    },
    tells: ['TIMEOUT'],
    whileWaiting: true,
  },
  {
    name: 'its backend is killed while it waits for a lock',
    async strike(step, { admin }) {
      const { answer } = await whileWaiting(step, admin, () => terminate(admin, step.pid));
      await step.answer(await answer);
    },
    tells: ['UNAVAILABLE'],
    whileWaiting: true,
  },
  {
    name: 'the connection drops while it waits for a lock',
    async strike(step, { admin }) {
      await whileWaiting(step, admin, async () => step.cut());
    },
    tells: ['UNAVAILABLE'],
    whileWaiting: true,
  },
  {
    name: 'the client hangs up while it waits for a lock',
    async strike(step, { admin, hangUp }) {
      const { answer } = await whileWaiting(step, admin, hangUp);
      await step.answer(await answer);
    },
    tells: [],
    whileWaiting: true,
    keepsConnection: true,
  },
];

/**
 * Sends the step against a lock, does something while it waits there, takes the lock away, and gives the answer that will come. A statement that names the table only for its
 * type does not wait: then it is done.
 */
async function whileWaiting(
  step: Step,
  admin: pg.Client,
  act: () => Promise<unknown>,
): Promise<{ answer: Promise<Message[]> }> {
  await admin.query('begin; lock table app_public.tasks in access exclusive mode');
  try {
    const answer = step.send();
    let isDone = false;
    void answer.then(() => (isDone = true));
    const waits = { text: 'select from pg_locks where pid = $1 and not granted', values: [step.pid] };
    while (!isDone && (await admin.query(waits)).rowCount === 0);
    await act();
    return { answer };
  } finally {
    await admin.query('rollback');
  }
}
